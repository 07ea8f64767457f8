"""An invitation is worth what its inviter may still give."""

import pytest
from sqlalchemy import select

from registry.accounts import service as accounts
from registry.core.db import db
from registry.core.errors import TooManyError
from registry.tenants.models import Membership
from registry.tenants.people import inviting, service
from tests.tenants.people.conftest import ADMIN, AUDITOR, NEW, SECRET, accept, invited, roles


def test_whoever_is_no_longer_admin_lets_nobody_in_by_a_link_of_before(client, link, within):
    """Not a second account of the own, above all."""
    with within() as city:
        second = accounts.find_by_email(AUDITOR)
        service.add_member(city, second, "admin")
        invited(city, NEW, "admin", by=AUDITOR)
    with within() as city:
        (role,) = [one for one in service.roles_of(city, accounts.find_by_email(AUDITOR).id) if one.role == "admin"]
        service.remove_member(city, role.id)
    answer = accept(client, link(NEW) + "?lang=en", name="Admin lain", **SECRET)
    assert answer.status_code == 404 and "may no longer invite" in answer.text
    with within() as city:
        assert roles(city, NEW) == []


def test_sent_again_by_another_admin_it_is_that_ones_invitation(client, link, within):
    with within() as city:
        service.add_member(city, accounts.find_by_email(AUDITOR), "admin")
        number = invited(city, by=AUDITOR).invitation.id
        held = service.roles_of(city, accounts.find_by_email(AUDITOR).id)
        service.remove_member(city, next(one.id for one in held if one.role == "admin"))
        inviting.resend(city, number, accounts.find_by_email(ADMIN))
    assert accept(client, link(NEW), name="Auditor baru", **SECRET).status_code == 303
    with within() as city:
        assert roles(city, NEW) == [("auditor", "")]


def test_people_of_a_declined_application_come_back_by_no_link(app, client, link, within):
    """The real city applied meanwhile and has an admin of its own."""
    with within("tegal") as city:
        invited(city, NEW, "admin", by="admin@tegal.example")
    with within("tegal") as city:
        for one in db.session.scalars(select(Membership).where(Membership.city_id == city.id)).all():
            db.session.delete(one)
        service.add_member(city, accounts.find_by_email(ADMIN), "admin")
    assert accept(client, link(NEW), name="Admin lain", **SECRET).status_code == 404
    with within("tegal") as city:
        assert roles(city, NEW) == []


def test_an_address_is_not_invited_again_and_again(within, mails):
    """Withdrawn and offered anew, each time with a mail: whoever signed a city up floods nobody with it."""
    with pytest.raises(TooManyError), within("tegal") as city:
        for _time in range(11):
            made = invited(city, NEW, by="admin@tegal.example").invitation
            inviting.withdraw(city, made.id)
