"""An office with one counter and two services on a fixed Monday morning, in an own data folder."""

import sqlite3
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from antrian import office
from antrian.models import Plan, Slot, Wish
from antrian.settings import Settings
from antrian.store import slots
from lumbung_plugin import clock
from lumbung_plugin.bundles import Bundle

MONDAY = date(2026, 11, 23)
ZONE = ZoneInfo("Asia/Makassar")


def at(clock_time: str, day: date = MONDAY) -> datetime:
    """A moment in the city's time."""
    return datetime.fromisoformat(f"{day.isoformat()}T{clock_time}").replace(tzinfo=ZONE)


def wish(slot: Slot, nonce: str, day: date = MONDAY, visitor: str = "", **more: str) -> Wish:
    """What a citizen asks for; every nonce is its own visitor unless one is named."""
    return Wish(
        slot.service_id,
        day,
        slot.id,
        more.get("name", ""),
        more.get("phone", ""),
        nonce,
        visitor or f"visitor-{nonce}",
        more.get("need", ""),
    )


pytest_plugins = ["lumbung_plugin.fixtures"]


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    return Bundle("antrian", fill=two_services)


def two_services(db: sqlite3.Connection) -> None:
    """Services 1 (A, slots 08–10 of 3 numbers) and 2 (B, 08–09) and counter 1 for both."""
    for code, name in (("A", "Kependudukan"), ("B", "Perizinan")):
        office.add_service(db, office.ServiceForm(code, name, "", "", "", 10, 100, True))
    week = tuple(range(7))
    office.plan_week(db, 1, Plan(week, "08:00", "10:00", "", "", 60, 3))
    office.plan_week(db, 2, Plan(week, "08:00", "09:00", "", "", 60, 3))
    office.save_counter(db, None, "Loket 1", [1, 2], True)


@pytest.fixture(autouse=True)
def monday(host: pytest.MonkeyPatch) -> None:
    """It is half past eight in the morning of that day."""
    host.setattr(clock, "now", lambda: at("08:30").astimezone(UTC))


@pytest.fixture
def chosen() -> Settings:
    return Settings(per_visitor=2)


@pytest.fixture
def connection(db: sqlite3.Connection) -> sqlite3.Connection:
    """The database, as this bundle's own functions call it."""
    return db


@pytest.fixture
def slot(connection: sqlite3.Connection) -> Slot:
    """Service A, Monday 08:00–09:00."""
    return slots(connection, 1)[0]


@pytest.fixture
def later(connection: sqlite3.Connection) -> Slot:
    """Service A, Monday 09:00–10:00."""
    return slots(connection, 1)[1]
