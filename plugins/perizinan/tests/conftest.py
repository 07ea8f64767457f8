import io
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from lumbung_plugin import clock
from lumbung_plugin.bundles import Bundle
from lumbung_plugin.testing import as_staff

CONFIG = {"title": "Si Peri Etnik", "contact": "Kesah Etam", "correction_days": 10, "holidays": ["2026-11-26"]}
# A Monday; the Thursday after it is the city's own holiday.
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DATA = {
    "name": "Pemohon Satu",
    "nik": "6474010101900001",
    "phone": "0812 3456 7890",
    "address": "Jalan Melati 1, Api-Api",
    "purpose": "Papan nama toko 2 x 1 m di dinding depan.",
}
PLACE = {"place_address": "Jalan Melati 1", "latitude": "0.1330", "longitude": "117.5000"}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n"


pytest_plugins = ["lumbung_plugin.fixtures"]


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    return Bundle("perizinan", CONFIG, fill=lambda db: db.execute("UPDATE permit_type SET active = 1"))


@pytest.fixture
def at(host) -> Callable[[datetime], None]:
    """Set the clock."""
    names = [
        f"perizinan.{module}" for module in ("filing", "desk", "permits", "events", "figures", "mine", "views.matter")
    ]

    def put(moment: datetime) -> None:
        host.setattr(clock, "now", lambda: moment)
        for name in [*names, "perizinan.views.work"]:
            for known, value in (("now", lambda: moment), ("today", lambda: clock.local(moment).date())):
                host.setattr(f"{name}.{known}", value, raising=False)

    put(MONDAY)
    return put


@pytest.fixture
def operator(client) -> FlaskClient:
    return as_staff(client, "operator", name="Verifikator (demo)")


@pytest.fixture
def decider(client) -> FlaskClient:
    """Another operator than the one who verifies."""
    other = as_staff(client, "operator", name="Pejabat pemutus (demo)")
    other.environ_base["lumbung.person"]["id"] = "2"
    return other


@pytest.fixture
def administrator(client) -> FlaskClient:
    return as_staff(client, "administrator", name="Administrator (demo)")


def pdf(name: str = "berkas.pdf", content: bytes = PDF) -> dict[str, object]:
    return {"file": (io.BytesIO(content), name)}


def needs_of(db, slug: str) -> list[int]:
    query = "SELECT r.id FROM requirement r JOIN permit_type t ON t.id = r.type_id WHERE t.slug = ? ORDER BY position"
    return [row["id"] for row in db.execute(query, (slug,))]


@pytest.fixture
def begin(client) -> Callable[..., str]:
    """Begin a draft and return its number; the code stands in the session."""

    def begun(slug: str = "penelitian", **changes: object) -> str:
        answer = client.post(f"/izin/{slug}/ajukan", data=DATA | {"agreed": "y"} | changes)
        found = re.search(r"/permohonan/(PRZ-\d{4}-\d{6})$", answer.headers.get("Location", ""))
        assert found, re.findall(r'class="error"[^>]*>([^<]+)', answer.text)
        with client.session_transaction() as session:
            session.pop("sent.draft", None)
        return found.group(1)

    return begun


@pytest.fixture
def sent(begin, client, db) -> Callable[..., str]:
    """A complete application, sent."""

    def send(**changes: object) -> str:
        number = begin("penelitian", **changes)
        for need in needs_of(db, "penelitian"):
            answer = client.post(f"/permohonan/{number}/berkas/{need}", data=pdf())
            assert answer.status_code == 302, re.findall(r'class="error"[^>]*>([^<]+)', answer.text)
        client.post(f"/permohonan/{number}/kirim")
        return number

    return send


@pytest.fixture
def checked(sent, operator) -> Callable[..., str]:
    def check(**changes: object) -> str:
        number = sent(**changes)
        operator.post(f"/kerja/{number}/verifikasi", data={"pass-recommended": "1", "pass-note": "Berkas lengkap."})
        return number

    return check


@pytest.fixture
def issued(checked, decider) -> Callable[..., str]:
    """The number of an issued permit's application."""

    def issue(**changes: object) -> str:
        number = checked(**changes)
        decider.post(f"/kerja/{number}/terbitkan", data={"approve-terms": "Ketentuan contoh."})
        return number

    return issue


@pytest.fixture
def row(db) -> Callable[[str], dict[str, object]]:
    """An application as the database has it."""

    def read(number: str) -> dict[str, object]:
        return dict(db.execute("SELECT * FROM application WHERE number = ?", (number,)).fetchone())

    return read
