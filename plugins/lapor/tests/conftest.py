import io
import re
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lapor import create_app
from lapor.migrations import upgrade
from lumbung_plugin import connect
from lumbung_plugin.testing import as_sibling, as_staff, hosted
from PIL import Image

REPORT = {
    "kind": "complaint",
    "category_id": "1",
    "title": "Lampu jalan mati",
    "body": "Lampu di depan pasar mati sejak kemarin malam.",
    "kelurahan": "Kanaan",
}


@pytest.fixture(autouse=True)
def host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """What the host gives a deployment; the database is brought up as before a start."""
    data = hosted(monkeypatch, tmp_path, {"title": "Kesah Etam", "kelurahan": ["Kanaan", "Loktuan"]})
    data.mkdir()
    (data / "data.sqlite3").write_bytes(_migrated(tmp_path))
    return monkeypatch


_made = list[bytes]()


def _migrated(tmp_path: Path) -> bytes:
    """The database after `upgrade`, made once and copied for every test."""
    if not _made:
        upgrade()
        with closing(connect()) as db:
            db.execute("VACUUM INTO ?", (str(tmp_path / "copy.sqlite3"),))
        _made.append((tmp_path / "copy.sqlite3").read_bytes())
        for path in (tmp_path / "data").iterdir():
            path.unlink()
    return _made[0]


@cache
def _application():
    app = create_app()
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


@pytest.fixture
def app():
    """Made once: it reads the environment with every request, and templates are compiled only once."""
    return _application()


@pytest.fixture
def client(app) -> FlaskClient:
    """A citizen."""
    return app.test_client()


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
def db():
    with closing(connect()) as connection:
        yield connection


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
