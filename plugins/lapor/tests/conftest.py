import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from lumbung_plugin.bundles import Bundle
from lumbung_plugin.testing import as_sibling, as_staff
from PIL import Image

REPORT = {
    "kind": "complaint",
    "category_id": "1",
    "title": "Lampu jalan mati",
    "body": "Lampu di depan pasar mati sejak kemarin malam.",
    "kelurahan": "Kanaan",
}


pytest_plugins = ["lumbung_plugin.fixtures"]


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    return Bundle("lapor", {"title": "Kesah Etam", "kelurahan": ["Kanaan", "Loktuan"]})


@pytest.fixture
def operator(client) -> FlaskClient:
    return as_staff(client, "operator", name="Petugas operator")


@pytest.fixture
def administrator(client) -> FlaskClient:
    return as_staff(client, "administrator", name="Petugas administrator")


@pytest.fixture
def officer(client) -> Callable[[str], FlaskClient]:
    """An operator of one office."""
    return lambda opd: as_staff(client, "operator", opd)


@pytest.fixture
def kanal(client) -> FlaskClient:
    """The sibling that turns posts into reports."""
    return as_sibling(client, "kanal", "reports.create")


@pytest.fixture
def send(client) -> Callable[..., tuple[str, str]]:
    """Send a report and return its number and secret code."""

    def sent(**changes: object) -> tuple[str, str]:
        answer = client.post("/lapor", data=REPORT | changes, content_type="multipart/form-data")
        found = re.search(r"/ikuti/(LP-\d{4}-\d{6})/([A-Z0-9-]{14})", answer.headers.get("Location", ""))
        assert found, re.findall(r'class="error"[^>]*>([^<]+)', answer.text)
        with client.session_transaction() as session:
            session.clear()
        return found.group(1), found.group(2)

    return sent


@pytest.fixture
def published(send, operator) -> Callable[..., tuple[str, str]]:
    """A report that has been checked."""

    def publish(**changes: object) -> tuple[str, str]:
        number, code = send(**changes)
        operator.post(f"/kerja/{number}/terima")
        return number, code

    return publish


@pytest.fixture
def answered(published, operator) -> Callable[..., tuple[str, str]]:
    def answer(**changes: object) -> tuple[str, str]:
        number, code = published(**changes)
        operator.post(f"/kerja/{number}/disposisi", data={"assign-office_id": "1", "assign-deadline": "2030-01-02"})
        operator.post(f"/kerja/{number}/jawab", data={"answer-text": "Lampu sudah diganti.", "answer-solved": "y"})
        return number, code

    return answer


@pytest.fixture
def picture() -> Callable[..., tuple[io.BytesIO, str]]:
    """An upload; `exif` puts a position and a camera into it."""

    def draw(size: tuple[int, int] = (2400, 1200), kind: str = "JPEG", exif: bool = False):
        image = Image.new("RGB", size, "#3a7")
        buffer, options = io.BytesIO(), {}
        if exif:
            data = Image.Exif()
            data[0x010F] = "KameraRahasia"
            data[0x0112] = 6
            data.get_ifd(0x8825)[1] = "N"
            options["exif"] = data.tobytes()
        image.save(buffer, kind, **options)
        buffer.seek(0)
        return buffer, f"foto.{kind.lower()}"

    return draw
