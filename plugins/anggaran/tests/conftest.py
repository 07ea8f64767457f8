from collections.abc import Callable

import pytest
from anggaran import proposals, review, years
from anggaran.proposals import Proposal
from anggaran.rules import Actor, Kind
from flask.testing import FlaskClient
from lumbung_plugin import transaction
from lumbung_plugin.bundles import Bundle
from lumbung_plugin.testing import as_staff

SCHOOLS, ROADS = "Dinas Pendidikan", "Dinas Pekerjaan Umum dan Penataan Ruang"
PLANNING = "Badan Perencanaan Pembangunan Daerah"
WORDS = "Anak-anak jauh dari perpustakaan kota."


pytest_plugins = ["lumbung_plugin.fixtures"]


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    return Bundle("anggaran", {"title": "Anggaran", "kelurahan": ["Guntung", "Kanaan"]})


@pytest.fixture
def office(client) -> FlaskClient:
    """An operator of the schools' office."""
    return as_staff(client, "operator", SCHOOLS)


@pytest.fixture
def planner(client) -> FlaskClient:
    """An operator of a reviewing office."""
    return as_staff(client, "operator", PLANNING, name="Penelaah (demo)")


@pytest.fixture
def offices(db) -> dict[str, int]:
    return {row["name"]: row["id"] for row in db.execute("SELECT id, name FROM office")}


@pytest.fixture
def people(offices) -> dict[str, Actor]:
    """Who acts in these tests; `first` and `second` review."""
    return {
        "author": Actor("a", "Operator (demo)", offices[SCHOOLS]),
        "stranger": Actor("s", "Operator lain (demo)", offices[ROADS]),
        "first": Actor("f", "Penelaah 1 (demo)", None, reviewer=True),
        "second": Actor("g", "Penelaah 2 (demo)", None, reviewer=True),
        "colleague": Actor("c", "Penelaah OPD (demo)", offices[SCHOOLS], reviewer=True),
        "boss": Actor("b", "Administrator (demo)", None, reviewer=True, administrator=True),
    }


@pytest.fixture
def version(db, people) -> int:
    """An open version of 2027 with one programme and one activity of it."""
    with transaction(db):
        db.execute("INSERT INTO programme (code, name) VALUES ('1.01.02', 'Program Pengelolaan Pendidikan')")
        db.execute("INSERT INTO activity (programme_id, code, name) VALUES (1, '1.01.02.2.01', 'Sekolah Dasar')")
        return years.open_year(db, people["boss"], 2027, "RKPD")


@pytest.fixture
def propose(db, people, version, offices) -> Callable[..., int]:
    """A proposal of the schools' office; a draft unless `submit`."""

    def proposed(amount: int = 1_000, number: str = "0001", submit: bool = True, **changes: object) -> int:
        values = {"office_id": offices[SCHOOLS], "activity_id": 1, "name": "Meja baru", "indicator": "Meja",
                  "target": "10 meja", "location": "Kelurahan Guntung", "reason": WORDS} | changes  # fmt: skip
        proposal = Proposal(code=f"1.01.02.2.01.{number}", amount=amount, **values)  # type: ignore[arg-type]
        with transaction(db):
            item = proposals.create(db, people["author"], version, proposal)
            if submit:
                proposals.submit(db, people["author"], item)
        return item

    return proposed


@pytest.fixture
def decide(db, people) -> Callable[..., None]:
    """A decision of the first reviewer, confirmed by the second."""

    def decided(item: int, kind: Kind = Kind.STRIKE, wanted: int | None = None, cause: int | None = 1) -> None:
        with transaction(db):
            review.propose(db, people["first"], item, kind, "Dapat ditunda tahun depan.", cause, wanted)
        row = db.execute("SELECT id FROM decision WHERE item_id = ? AND state = 'waiting'", (item,)).fetchone()
        with transaction(db):
            review.confirm(db, people["second"], row["id"])

    return decided
