import io
import json
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lapor import create_app
from lapor.migrations import upgrade
from lumbung_plugin import connect
from PIL import Image

HOSTED = {
    "PLUGIN_ORIGIN": "http://lapor.bontang.localhost:8000",
    "SECRET_KEY": "test",
    "TENANT_NAME": "Kota Bontang",
    "TENANT_CODE": "64.74",
    "TENANT_TIMEZONE": "Asia/Makassar",
    "TENANT_LOCALE": "id",
}
REPORT = {
    "kind": "complaint",
    "category_id": "1",
    "title": "Lampu jalan mati",
    "body": "Lampu di depan pasar mati sejak kemarin malam.",
    "kelurahan": "Kanaan",
}


@pytest.fixture(autouse=True)
def host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """What the host gives a deployment: folder, settings, city; the database is brought up as before a start."""
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"title": "Kesah Etam", "kelurahan": ["Kanaan", "Loktuan"]}))
    for name, value in HOSTED.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CONFIG_FILE", str(config))
    for name in ("DATABASE_URL", "TENANT_DEMO", "STANDALONE_STAFF", "TENANT_LOGO"):
        monkeypatch.delenv(name, raising=False)
    upgrade()
    return monkeypatch


@pytest.fixture
def app():
    app = create_app()
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


@pytest.fixture
def client(app) -> FlaskClient:
    """A citizen."""
    return app.test_client()


def _member(app, role: str, opd: str | None = None) -> FlaskClient:
    client = app.test_client()
    client.environ_base["lumbung.person"] = {"id": "1", "name": f"Petugas {role}", "role": role, "opd": opd}
    return client


@pytest.fixture
def operator(app) -> FlaskClient:
    return _member(app, "operator")


@pytest.fixture
def administrator(app) -> FlaskClient:
    return _member(app, "administrator")


@pytest.fixture
def officer(app) -> Callable[[str], FlaskClient]:
    """An operator of one office."""
    return lambda opd: _member(app, "operator", opd)


@pytest.fixture
def db():
    with closing(connect()) as connection:
        yield connection


@pytest.fixture
def send(client) -> Callable[..., tuple[str, str]]:
    """Send a report and return its number and secret code."""

    def sent(**changes: object) -> tuple[str, str]:
        answer = client.post("/lapor", data=REPORT | changes, content_type="multipart/form-data")
        found = re.search(r"/ikuti/(LP-\d{4}-\d{4})/([A-Z0-9-]{14})", answer.headers.get("Location", ""))
        assert found, re.findall(r'class="error"[^>]*>([^<]+)', answer.text)
        with client.session_transaction() as session:
            session.pop("sent", None)
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
        operator.post(f"/kerja/{number}/disposisi", data={"assign-opd_id": "1", "assign-deadline": "2030-01-02"})
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
