"""A thousand people are looked through a page at a time."""

import pytest
from sqlalchemy import event

from registry.accounts.models import User
from registry.core.db import db
from registry.tenants.models import Membership
from tests.tenants.people.conftest import ADMIN, AUDITOR, INVITE, NEW, OPERATOR

PLACE = "/console/bontang/people"
NO_SECRETS = {"password_hash": "x", "session_key": "x"}


@pytest.fixture
def crowded(within):
    """Add so many operators."""

    def add(count: int, start: int = 0) -> None:
        with within() as city:
            people = [
                User(
                    email=f"petugas{one}@bontang.example", name=f"Petugas {one:04}", password_hash="x", session_key="x"
                )
                for one in range(start, start + count)
            ]
            db.session.add_all(people)
            db.session.flush()
            db.session.add_all(
                Membership(city_id=city.id, user_id=one.id, role="operator", plugin="lapor") for one in people
            )

    return add


def queries(app, client, path: str) -> int:
    seen: list[str] = []
    with app.app_context():
        engine = db.engine

    def count(_connection, _cursor, statement, *_more) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    assert client.get(path).status_code == 200
    event.remove(engine, "before_cursor_execute", count)
    return len(seen)


def test_as_many_queries_for_a_thousand_as_for_fifty(app, browser, crowded):
    admin = browser(ADMIN)
    crowded(50)
    few = queries(app, admin, PLACE)
    crowded(950, 50)
    assert queries(app, admin, PLACE) == few
    page = admin.get(f"{PLACE}?page=25&lang=en").text
    assert "1003 persons" in page and page.count("Last sign-in") + page.count("Never signed in") == 40


def test_search_and_filters_stand_in_the_address(browser, crowded):
    crowded(3)
    admin = browser(ADMIN)
    assert "petugas1@" in admin.get(f"{PLACE}?q=petugas 0001").text
    assert OPERATOR not in admin.get(f"{PLACE}?q=petugas").text
    assert (
        AUDITOR in admin.get(f"{PLACE}?role=auditor").text and OPERATOR not in admin.get(f"{PLACE}?role=auditor").text
    )
    assert OPERATOR in admin.get(f"{PLACE}?plugin=lapor").text and ADMIN not in admin.get(f"{PLACE}?plugin=lapor").text
    assert "Nobody fits" in admin.get(f"{PLACE}?q=%25&lang=en").text


def test_last_sign_in_and_second_factor_are_told(browser):
    page = browser(ADMIN).get(f"{PLACE}?q=admin&lang=en").text
    assert "Last sign-in" in page and "second factor: no" in page
    assert "Never signed in" in browser(ADMIN).get(f"{PLACE}?q=auditor&lang=en").text


def test_an_invitation_is_seen_with_its_state(browser):
    admin = browser(ADMIN)
    admin.post(INVITE, data={"email": NEW, "name": "Auditor baru", "role": "auditor"})
    page = admin.get(f"{PLACE}/invitations?lang=en").text
    assert NEW in page and "waiting" in page and "admin bontang" in page
