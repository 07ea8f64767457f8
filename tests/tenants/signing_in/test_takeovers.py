"""A city's provider, or one set up by whoever claims to be the city, is no way into anybody else's account."""

import pytest

from registry.accounts import service as accounts
from registry.accounts.links import rules as links
from registry.accounts.links import service as link_service
from registry.accounts.oidc import service as oidc
from registry.accounts.oidc.models import CityProvider
from registry.core import scope
from registry.core.audit import AuditEntry
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.tenants.models import Membership
from registry.tenants.people import service as people
from registry.tenants.service import find_city
from tests.accounts.oidc.providers import CLIENT, SECRET

NEWCOMER = "nobody@bontang.example"


@pytest.fixture
def come_by_invitation(app, world, monkeypatch, enter):
    """Open an account by an invitation and the word of the provider with this id."""
    act = link_service.Act(lambda _link, _user: None, lambda _link: "")
    monkeypatch.setitem(app.extensions.setdefault(link_service.ACTS, {}), links.INVITATION, act)
    with app.app_context(), unit_of_work():
        address = link_service.make(links.INVITATION, NEWCOMER, 7)
    path = address.removeprefix(app.extensions["lumbung"].origin)
    return lambda provider: enter(provider, NEWCOMER, target=path)


def appoint(app, city: str, role: str, plugin: str = "") -> None:
    with app.app_context(), unit_of_work() as session:
        scope.enter_programme()
        user = accounts.find_by_email(NEWCOMER)
        session.add(Membership(city_id=find_city(city).id, user_id=user.id, role=role, plugin=plugin))


def test_coming_by_invitation_once_opens_no_other_city(app, set_up, enter, real, come_by_invitation):
    """Nobody linked anything here, and whoever runs the provider can pose as anybody there."""
    provider = set_up(real[0])
    come_by_invitation(provider)
    appoint(app, "bontang", "operator", "lapor")
    assert enter(provider, NEWCOMER).status_code == 303
    appoint(app, "tegal", "admin")
    assert enter(provider, NEWCOMER).status_code == 403


def test_what_a_provider_opened_ends_with_the_first_role_in_another_city(app, set_up, enter, come_by_invitation, real):
    """It could have been the provider itself that signed in and made a token, and both would reach the new city."""
    provider, browser = set_up(real[0]), app.test_client()
    come_by_invitation(provider)
    appoint(app, "bontang", "operator", "lapor")
    enter(provider, NEWCOMER, client=browser)
    with app.app_context(), unit_of_work():
        token = accounts.create_token(accounts.find_by_email(NEWCOMER), "of whoever came")[1]
    assert browser.get("/account").status_code == 200 and who_is(app, token) == 200
    take_on(app, "bontang", "auditor")
    assert browser.get("/account").status_code == 200 and who_is(app, token) == 200
    take_on(app, "tegal", "admin")
    assert browser.get("/account").status_code == 302 and who_is(app, token) == 401


def test_a_first_role_in_the_providers_own_city_ends_nothing(app, set_up, come_by_invitation, real):
    come_by_invitation(set_up(real[0]))
    with app.app_context(), unit_of_work():
        token = accounts.create_token(accounts.find_by_email(NEWCOMER), "of a newcomer")[1]
    take_on(app, "bontang", "auditor")
    assert who_is(app, token) == 200


def test_a_provider_of_two_cities_is_no_way_from_one_into_the_other(app, set_up, come_by_invitation, real):
    come_by_invitation(set_up(real[0]))
    set_up(real[0], city="bandung")
    take_on(app, "bontang", "auditor")
    with app.app_context(), unit_of_work():
        token = accounts.create_token(accounts.find_by_email(NEWCOMER), "of whoever came")[1]
    take_on(app, "bandung", "auditor")
    assert who_is(app, token) == 401


def test_what_a_person_opened_alone_goes_on_in_a_second_city(app, world):
    """No provider is linked: only the password opened anything."""
    with app.app_context(), unit_of_work():
        user = accounts.register(NEWCOMER, "Pegawai (demo)", "kata-sandi-panjang")
        token = accounts.create_token(user, "of the person")[1]
    take_on(app, "bontang", "auditor")
    take_on(app, "tegal", "auditor")
    assert who_is(app, token) == 200


def take_on(app, city: str, role: str) -> None:
    with app.test_request_context(), unit_of_work():
        scope.enter_programme()
        people.add_member(find_city(city), accounts.find_by_email(NEWCOMER), role)


def who_is(app, token: str) -> int:
    return app.test_client().get("/api/v1/tokens", headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_city_that_is_not_admitted_sets_up_no_provider(app, browser, real, trusting):
    """Nobody has checked yet who speaks for it; the people of the real city would find it waiting for them."""
    trusting(*real)
    given = {"issuer": real[0], "client": CLIENT, "secret": SECRET, "domains": "tegal.example", "enabled": "y"}
    answer = browser("admin@tegal.example").post("/console/tegal/sign-in?lang=en", data=given)
    assert answer.status_code == 409 and "not admitted" in answer.text
    with app.app_context():
        assert db.session.scalars(db.select(CityProvider)).all() == []


def test_making_a_link_ones_own_is_audited_and_told(app, set_up, enter, real):
    """It widens what the provider's word opens, even where it was known before."""
    email = "operator@bontang.example"
    with app.app_context():
        scope.enter_programme()
        source = oidc.provider(set_up(real[0]))
    enter(source.id, email)
    with app.app_context(), unit_of_work():
        scope.enter_programme()
        user = accounts.find_by_email(email)
        oidc.link(source, oidc.Claims(f"id-{email}", email, True, "", False), user)
    with app.app_context():
        scope.enter_programme()
        told = db.session.connection().exec_driver_sql("select count(*) from notifications").scalar()
        links = db.select(AuditEntry).where(AuditEntry.action == "identity.link").order_by(AuditEntry.id)
        linked = db.session.scalars(links).all()
    assert told == 2 and [one.detail["how"] for one in linked] == ["address", "person"]


def test_a_provider_learns_of_nobody_who_has_an_account(set_up, enter, real):
    """Whoever runs it can ask for any address by posing as it."""
    provider = set_up(real[0], domains=("bontang.example", "tegal.example"))
    refused = {}
    for email in ("admin@tegal.example", NEWCOMER, "maintainer@bandung.example", "unconfirmed@bontang.example"):
        answer = enter(provider, email)
        refused[email] = answer.status_code, answer.text.replace(email, "").partition("<main")[2]
    assert refused["admin@tegal.example"] == refused[NEWCOMER] and refused[NEWCOMER][0] == 403
    assert refused["unconfirmed@bontang.example"] != refused[NEWCOMER] != refused["maintainer@bandung.example"]
