"""Whoever leaves a city leaves nothing behind that nobody answers for, and no key."""

import pytest

from registry.accounts import service as accounts
from registry.accounts import sign_outs
from registry.accounts.notices.models import Notification
from registry.core.db import db
from registry.core.errors import ConflictError, InvalidError, NotFoundError
from registry.tenants.people import leaving, service
from tests.tenants.people.conftest import ADMIN, AUDITOR, MAINTAINER, NEW, OPERATOR, STRANGER, invited, roles

LEAVE = "/console/bontang/leave"


def number(email: str) -> int:
    return accounts.find_by_email(email).id


def role(city, email: str) -> int:
    return service.roles_of(city, number(email))[0].id


def test_the_page_shows_what_is_theirs(browser, within):
    with within() as city:
        invited(city)
        accounts.create_token(accounts.find_by_email(ADMIN), "git")
    page = browser(ADMIN).get(f"{LEAVE}?lang=en").text
    assert NEW in page and "1 token for git" in page and "nobody else has it" in page and AUDITOR in page


def test_the_last_admin_names_a_successor_first(browser, within):
    admin = browser(ADMIN)
    assert admin.post(LEAVE).status_code == 409
    with within() as city:
        mine, heir = role(city, ADMIN), number(AUDITOR)
    assert admin.post(LEAVE, data={f"heir-{mine}": heir}).status_code == 303
    with within() as city:
        assert roles(city, ADMIN) == [] and ("admin", "") in roles(city, AUDITOR)
    assert admin.get("/console/bontang/").status_code == 404


def test_a_successor_has_accepted_a_role_before(within):
    with within() as city:
        invited(city, STRANGER, "admin")
    for heir in (STRANGER, MAINTAINER):
        with within() as city, pytest.raises(InvalidError):
            leaving.leave(city, number(ADMIN), {role(city, ADMIN): number(heir)})


@pytest.mark.parametrize("heirs", [{4711: 1}, {1: 4711}])
def test_what_is_not_theirs_is_not_handed_over(within, heirs):
    with within() as city, pytest.raises(InvalidError):
        leaving.leave(city, number(ADMIN), heirs)


def test_nobody_hands_over_somebody_elses_role(within):
    with within() as city, pytest.raises(InvalidError):
        leaving.leave(city, number(AUDITOR), {role(city, ADMIN): number(OPERATOR)})


def test_a_plugins_only_operator_is_followed_by_the_heir_in_the_same_unit(within):
    with within() as city:
        leaving.leave(city, number(OPERATOR), {role(city, OPERATOR): number(AUDITOR)})
        assert ("operator", "lapor") in roles(city, AUDITOR)
        db.session.flush()
        kinds = db.session.query(Notification.user_id, Notification.kind).all()
        assert {(number(AUDITOR), "person.appointed"), (number(OPERATOR), "person.dismissed")} <= set(map(tuple, kinds))


def test_tokens_invitations_and_plugin_sessions_end(within, link, client):
    with within() as city:
        invited(city)
        _token, text = accounts.create_token(accounts.find_by_email(ADMIN), "git")
        leaving.leave(city, number(ADMIN), {role(city, ADMIN): number(AUDITOR)})
        assert accounts.person_of_token(text) is None
        assert sign_outs.last(number(ADMIN), city.id) is not None
    assert client.get(link(NEW)).status_code == 404


def test_an_operator_leaves_without_a_console(browser, within):
    operator = browser(OPERATOR)
    assert "/leave" in operator.get("/console/").text
    assert operator.get(LEAVE).status_code == 200
    assert operator.post(LEAVE).status_code == 303
    assert operator.get(LEAVE).status_code == 404


def test_an_admin_ends_all_roles_of_somebody_at_once(browser, within):
    with within() as city:
        invited(city, AUDITOR, "operator", plugin="spbe")
        place = f"/console/bontang/people/person/{number(AUDITOR)}/leave"
    assert browser(OPERATOR).post(place).status_code == 403
    assert browser(ADMIN).post(place).status_code == 303
    with within() as city:
        assert roles(city, AUDITOR) == []
        assert len(roles(city, ADMIN)) == 1


def test_who_is_not_of_the_city_cannot_leave_it(browser, within):
    assert browser(STRANGER).get(LEAVE).status_code == 404
    with within() as city, pytest.raises(NotFoundError):
        leaving.look(city, number(STRANGER))
    with within("tegal"):
        stranger = number(OPERATOR)
    assert browser(STRANGER).post(f"/console/tegal/people/person/{stranger}/leave").status_code == 404


def test_an_admin_whose_account_is_closed_is_no_second_one(within):
    with within() as city:
        invited(city, AUDITOR, "admin")
        accounts.deactivate(accounts.find_by_email(AUDITOR))
        with pytest.raises(ConflictError):
            leaving.leave(city, number(ADMIN), {})


def test_a_citys_act_takes_no_maintainers_role(within):
    with within("bandung") as city, pytest.raises(NotFoundError):
        leaving.leave(city, number(MAINTAINER), {})


def test_what_rooms_above_say_is_shown(app, browser, monkeypatch):
    monkeypatch.setitem(app.extensions, leaving.BELONGINGS, [lambda _city, user: f"Dua kunci milik {user.name}"])
    assert "Dua kunci milik operator bontang" in browser(OPERATOR).get(LEAVE).text
