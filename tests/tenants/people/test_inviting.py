"""Roles are offered by mail and accepted; nobody gets one in a foreign city without a yes."""

from datetime import timedelta

import pytest

from registry.accounts import service as accounts
from registry.accounts.notices.models import Notification
from registry.core import clock
from registry.core.db import db
from registry.core.errors import ConflictError, InvalidError, NotFoundError
from registry.tenants.models import Opd
from registry.tenants.people import inviting, listing, rules, service, units
from registry.tenants.people.cli import people
from tests.tenants.people.conftest import (
    ADMIN,
    AUDITOR,
    INVITE,
    MAINTAINER,
    NEW,
    OPERATOR,
    SECRET,
    STRANGER,
    accept,
    invited,
    roles,
)

GIVEN = {"email": NEW, "name": "Operator Disdukcapil", "role": "operator", "plugin": "antrian"}


def told(email: str) -> list[str]:
    user = accounts.find_by_email(email)
    return [one.kind for one in db.session.query(Notification).filter_by(user_id=user.id).order_by(Notification.id)]


def test_somebody_new_follows_the_link_sets_a_password_and_has_the_role(browser, client, link, within):
    answer = browser(ADMIN).post(INVITE, data=GIVEN)
    assert answer.status_code == 303 and "/invitations" in answer.location
    answer = accept(client, link(NEW), name="Operator Disdukcapil", **SECRET)
    assert answer.status_code == 303
    assert "antrian" in client.get("/console/").text
    with within() as city:
        assert roles(city, NEW) == [("operator", "antrian")]
        assert told(ADMIN) == ["person.accepted"]
    assert client.get(link(NEW)).status_code == 404


def test_no_page_shows_a_password_or_the_link(browser, link):
    admin = browser(ADMIN)
    pages = [admin.post(INVITE, data=GIVEN, follow_redirects=True).text, admin.get("/console/bontang/people").text]
    text = link(NEW).rsplit("/", 1)[1]
    assert all(text not in page and "Kata sandi" not in page for page in pages)


def test_somebody_of_the_same_city_has_the_role_at_once_and_is_told(within, link):
    with within() as city:
        done = invited(city, AUDITOR, "administrator", plugin="lapor")
        assert done.member is not None and done.invitation is None
        assert ("administrator", "lapor") in roles(city, AUDITOR)
        db.session.flush()
        assert told(AUDITOR) == ["person.appointed"]
    assert link(AUDITOR) is None


def test_somebody_of_another_city_has_no_role_before_accepting(browser, link, within):
    with within() as city:
        done = invited(city, STRANGER, "admin")
        assert done.member is None and roles(city, STRANGER) == []
    stranger = browser(STRANGER)
    assert stranger.get("/console/bontang/").status_code == 404
    assert accept(stranger, link(STRANGER)).status_code == 303
    assert stranger.get("/console/bontang/").status_code == 200


def test_the_answer_does_not_tell_who_has_an_account(browser):
    admin = browser(ADMIN)
    answers = [admin.post(INVITE, data={"email": email, "role": "auditor"}) for email in (STRANGER, NEW)]
    assert {(one.status_code, one.location) for one in answers} == {(303, "/console/bontang/people/invitations")}


def test_a_link_that_was_passed_on_makes_nobody_else_the_one_who_was_meant(browser, link, within):
    with within() as city:
        invited(city, STRANGER, "admin")
    other = browser(OPERATOR)
    assert accept(other, link(STRANGER)).status_code == 409
    with within() as city:
        assert roles(city, OPERATOR) == [("operator", "lapor")]
        assert listing.invitations(city) is not None and db.session.scalar(listing.invitations(city)) is not None


def test_a_withdrawn_invitation_opens_nothing(browser, client, link, within):
    with within() as city:
        number = invited(city).invitation.id
    path = link(NEW)
    answer = browser(ADMIN).post(f"/console/bontang/people/invitations/{number}/withdraw")
    assert answer.status_code == 303
    assert client.get(path).status_code == 404
    assert browser(ADMIN).post(f"/console/bontang/people/invitations/{number}/withdraw").status_code == 409


def test_it_expires_after_a_fortnight_and_a_new_link_opens_again(client, link, within, monkeypatch):
    with within() as city:
        number = invited(city).invitation.id
    path, later = link(NEW), clock.now() + timedelta(days=14, minutes=1)
    for place in ("registry.accounts.links.service", "registry.tenants.people.listing",
                  "registry.tenants.people.inviting"):  # fmt: skip
        monkeypatch.setattr(f"{place}.now", lambda: later)
    assert client.get(path).status_code == 404
    with within() as city:
        assert listing.state_of(db.session.scalar(listing.invitations(city))) == rules.EXPIRED
        inviting.resend(city, number)
    assert link(NEW) != path and client.get(link(NEW)).status_code == 303
    assert client.get(path).status_code == 404


def test_it_is_sent_ten_times_at_most(within):
    with within() as city:
        number = invited(city).invitation.id
        for _again in range(rules.MAX_SENT - 1):
            inviting.resend(city, number)
        with pytest.raises(ConflictError):
            inviting.resend(city, number)


def test_the_same_role_is_not_offered_twice(within):
    with within() as city:
        invited(city)
        invited(city, role="admin")
        with pytest.raises(ConflictError):
            invited(city, email=NEW.upper())


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ({"email": "kein@@adres"}, InvalidError),
        ({"email": "a@b.example\r\nBcc: c@d.example"}, InvalidError),
        ({"email": f"{'a' * 300}@b.example"}, InvalidError),
        ({"role": "maintainer"}, InvalidError),
        ({"role": "raja"}, InvalidError),
        ({"role": "operator"}, InvalidError),
        ({"role": "operator", "plugin": "../x"}, InvalidError),
        ({"role": "admin", "plugin": "lapor"}, InvalidError),
        ({"opd_id": 4711}, NotFoundError),
        ({"name": "x" * 121}, InvalidError),
        ({"name": "dua\nbaris"}, InvalidError),
    ],
)
def test_what_cannot_be_is_refused(within, wanted, error):
    with within() as city, pytest.raises(error):
        invited(city, **wanted)


def test_a_unit_of_another_city_is_none(within):
    with within("tegal") as tegal:
        foreign = units.add_opd(tegal, "Dinas Kominfo Tegal").id
    with within() as city, pytest.raises(NotFoundError):
        invited(city, opd_id=foreign)


def test_the_publishers_admin_makes_no_maintainer(within):
    with within("bandung") as city, pytest.raises(InvalidError):
        invited(city, role="maintainer", by=MAINTAINER)


def test_another_citys_invitations_are_out_of_reach(browser, within):
    with within() as city:
        number = invited(city).invitation.id
    tegal = browser(STRANGER)
    assert tegal.post(f"/console/tegal/people/invitations/{number}/withdraw").status_code == 404
    assert tegal.post(f"/console/bontang/people/invitations/{number}/withdraw").status_code == 404


def test_a_unit_somebody_is_invited_to_stays(within):
    with within() as city:
        unit = units.add_opd(city, "Dinas PUPR")
        number = invited(city, opd_id=unit.id).invitation.id
        with pytest.raises(ConflictError):
            units.remove_opd(city, unit.id)
        inviting.withdraw(city, number)
        units.remove_opd(city, unit.id)
        assert db.session.query(Opd).count() == 0


def test_an_invitation_of_a_closed_account_lets_nobody_in(browser, client, link, within):
    with within() as city:
        invited(city, STRANGER)
        accounts.deactivate(accounts.find_by_email(STRANGER))
    client.get(link(STRANGER))
    assert client.post("/invitation", data={"name": "Siapa", **SECRET}).status_code in (200, 422)
    with within() as city:
        assert roles(city, STRANGER) == []


def test_of_two_who_accept_one_link_one_wins(app, world, client, link, within):
    with within() as city:
        invited(city)
    path = link(NEW)
    first, second = app.test_client(), app.test_client()
    for one in (first, second):
        assert one.get(path).status_code == 303
    answers = [one.post("/invitation", data={"name": "Baru", **SECRET}).status_code for one in (first, second)]
    assert sorted(answers) == [303, 404]


def test_the_audit_log_tells_offer_and_acceptance(browser, client, link):
    admin = browser(ADMIN)
    admin.post(INVITE, data=GIVEN)
    accept(client, link(NEW), name="Baru", **SECRET)
    page = admin.get(f"/console/bontang/audit?q={NEW}&lang=en").text
    assert "offered a role" in page and "accepted an invitation" in page and "gave a role" in page


def test_a_person_who_left_is_invited_again_like_anybody(within):
    with within() as city:
        held = service.roles_of(city, accounts.find_by_email(AUDITOR).id)
        service.remove_member(city, held[0].id)
        done = invited(city, AUDITOR)
        assert done.member is None and done.invitation is not None


def test_the_operator_invites_the_first_maintainer(app, world, link):
    answer = app.test_cli_runner().invoke(people, ["invite", "kepala@bandung.example"])
    assert answer.exit_code == 0 and "/invitation/" in answer.output
    assert link("kepala@bandung.example") in answer.output


def test_the_operator_makes_no_maintainer_of_a_city(app, world):
    answer = app.test_cli_runner().invoke(people, ["invite", "x@bontang.example", "--city", "bontang"])
    assert answer.exit_code == 1
