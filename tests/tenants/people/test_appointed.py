"""Each plugin has an administrator and an operator; who is missing is written to the admins once a week."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from registry.accounts import service as accounts
from registry.accounts.notices.models import Notification
from registry.core import clock, scope
from registry.core.db import db
from registry.tenants.people import appointed
from registry.tenants.people.appointed import Plugin
from tests.tenants.people.conftest import ADMIN, AUDITOR, OPERATOR, invited


@pytest.fixture
def running(app, world, monkeypatch):
    """Bontang runs lapor and antrian, nobody else runs anything; lapor has an operator."""
    known = [Plugin("lapor", None, "/console/bontang/plugins/lapor"), Plugin("antrian")]
    monkeypatch.setitem(app.extensions, appointed.PLUGINS, lambda city: known if city.slug == "bontang" else [])


@pytest.fixture
def wednesday() -> Iterator[None]:
    """The clock stands at noon (WIB) of a Wednesday: no week ends, and none is passed over."""
    now = clock.now()
    clock.move((now + timedelta(days=9 - now.weekday())).replace(hour=5) - now)
    yield
    clock.back()


def reminded(app) -> list[list[str]]:
    with app.app_context():
        mine = {"user_id": accounts.find_by_email(ADMIN).id, "kind": "person.missing"}
        return [one.paragraphs for one in db.session.query(Notification).filter_by(**mine).order_by(Notification.id)]


def remind(app) -> int:
    with app.app_context():
        scope.enter_programme()
        return appointed.remind()


def test_the_page_tells_who_is_appointed_and_who_is_missing(browser, running):
    page = browser(ADMIN).get("/console/bontang/people/plugins?lang=en").text
    assert "operator bontang" in page and page.count("missing") >= 3
    assert "role=administrator&amp;plugin=lapor" in page


def test_people_and_overview_pages_say_that_somebody_is_missing(browser, running):
    admin = browser(ADMIN)
    assert "2 plugins lack" in admin.get("/console/bontang/people?lang=en").text
    assert "/people/plugins" in admin.get("/console/bontang/").text


def test_nothing_is_missing_when_both_are_there(running, within):
    with within() as city:
        assert appointed.missing_in(city) == {"antrian": ["administrator", "operator"], "lapor": ["administrator"]}
        for role in ("administrator", "operator"):
            invited(city, AUDITOR, role, plugin="antrian")
        invited(city, AUDITOR, "administrator", plugin="lapor")
        assert appointed.missing_in(city) == {}


def test_somebody_whose_account_is_closed_answers_for_nothing(running, within):
    with within() as city:
        accounts.deactivate(accounts.find_by_email(OPERATOR))
        assert appointed.missing_in(city)["lapor"] == ["administrator", "operator"]


def test_a_week_has_one_reminder(app, running, wednesday):
    assert remind(app) == 1 and remind(app) == 0
    told = reminded(app)
    assert len(told) == 1 and any("antrian" in one for one in told[0]) and any("lapor" in one for one in told[0])
    clock.move(timedelta(days=7))
    assert remind(app) == 1 and len(reminded(app)) == 2
