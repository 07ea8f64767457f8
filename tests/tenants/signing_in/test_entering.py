"""Who comes in through a city's own sign-in: its people, by an address it is believed about. Nobody else's."""

import html
import re

import pytest

from registry.accounts import service as accounts
from registry.accounts.links import rules as links
from registry.accounts.links import service as link_service
from registry.accounts.oidc import service as oidc
from registry.core import scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.tenants import service as cities
from registry.tenants.people import service as people
from tests.accounts.oidc.providers import back
from tests.tenants.conftest import PASSWORD

OPERATOR = "operator@bontang.example"


def how(app, email: str) -> list[str]:
    with app.app_context():
        return [one.how for one in oidc.identities(accounts.find_by_email(email))]


def appoint(app, city: str, email: str, role: str, plugin: str = "") -> None:
    with app.app_context(), unit_of_work():
        scope.enter_programme()
        people.add_member(cities.find_city(city), accounts.find_by_email(email), role, plugin)


def test_a_person_of_the_city_comes_in_and_goes_on(app, set_up, enter, real):
    client, provider = app.test_client(), set_up(real[0])
    answer = enter(provider, OPERATOR, client)
    assert (answer.status_code, answer.location) == (303, "/account")
    assert OPERATOR in client.get("/account").text
    assert how(app, OPERATOR) == ["address"]


def test_the_second_time_the_subject_counts_not_the_address(app, set_up, enter, real):
    provider = set_up(real[0])
    enter(provider, OPERATOR)
    with app.app_context(), unit_of_work():
        accounts.find_by_email(OPERATOR).email = "renamed@bontang.example"
    client = app.test_client()
    assert enter(provider, OPERATOR, client).status_code == 303
    assert "renamed@bontang.example" in client.get("/account").text


def test_whoever_is_unknown_is_refused_and_told_what_to_do(app, set_up, enter, real):
    answer = enter(set_up(real[0]), "nobody@bontang.example")
    assert answer.status_code == 403 and "nobody@bontang.example" in answer.text


def test_a_person_of_another_city_is_refused(app, set_up, enter, real):
    """Tegal's people are not Bontang's, whatever Bontang's provider says and its admin allows."""
    provider = set_up(real[0], domains=("bontang.example", "tegal.example", "bandung.example"))
    for email in ("admin@tegal.example", "maintainer@bandung.example"):
        client = app.test_client()
        assert enter(provider, email, client).status_code == 403
        assert client.get("/account").status_code == 302
        assert how(app, email) == []


def test_giving_somebody_a_role_does_not_open_their_account(app, set_up, enter, real):
    """An admin may give anybody a role without asking; that must not make the provider's word theirs."""
    provider = set_up(real[0], domains=("bontang.example", "tegal.example", "bandung.example"))
    for email in ("admin@tegal.example", "maintainer@bandung.example"):
        appoint(app, "bontang", email, "operator", "lapor")
        assert enter(provider, email).status_code == 403


def test_a_maintainer_is_never_only_of_the_city(app, set_up, enter, real):
    provider = set_up(real[0], "bandung", ("bandung.example",))
    assert enter(provider, "maintainer@bandung.example").status_code == 403


def test_a_role_elsewhere_closes_the_way_until_the_person_links_it(app, browser, set_up, enter, real):
    provider = set_up(real[0])
    enter(provider, OPERATOR)
    appoint(app, "tegal", OPERATOR, "operator", "lapor")
    assert enter(provider, OPERATOR).status_code == 403
    client = browser(OPERATOR)
    page = client.post(f"/account/sign-in-ways/with/{provider}")
    assert linked(client, page, real[1], OPERATOR).location == "/account/sign-in-ways"
    assert how(app, OPERATOR) == ["person"]
    assert enter(provider, OPERATOR).status_code == 303


def linked(client, page, certificate, email):
    address = html.unescape(re.search(r'class="btn btn-primary" href="(https://[^"]+)"', page.text)[1])
    return client.get(back(address, certificate, f"id-{email}"))


def test_whoever_left_the_city_no_longer_comes_in(app, set_up, enter, real):
    provider = set_up(real[0])
    enter(provider, OPERATOR)
    with app.app_context(), unit_of_work():
        scope.enter_programme()
        city = cities.find_city("bontang")
        member = next(one for one in people.members(city) if one.user.email == OPERATOR)
        people.remove_member(city, member.id)
    assert enter(provider, OPERATOR).status_code == 403


def test_a_closed_account_stays_closed(app, set_up, enter, real):
    provider = set_up(real[0])
    enter(provider, OPERATOR)
    with app.app_context(), unit_of_work():
        accounts.deactivate(accounts.find_by_email(OPERATOR))
    client = app.test_client()
    assert enter(provider, OPERATOR, client).status_code == 403
    assert client.get("/account").status_code == 302


def test_an_address_of_a_domain_nobody_allowed_proves_nothing(app, set_up, enter, real):
    assert enter(set_up(real[0], domains=("bontangkota.go.id",)), OPERATOR).status_code == 403


def test_an_unconfirmed_address_proves_nothing(app, set_up, enter, real):
    with app.app_context(), unit_of_work():
        accounts.register("unconfirmed@bontang.example", "x", PASSWORD)
    appoint(app, "bontang", "unconfirmed@bontang.example", "operator", "lapor")
    assert enter(set_up(real[0]), "unconfirmed@bontang.example").status_code == 403


def test_a_provider_that_is_off_lets_nobody_in(app, client, enter, set_up, real):
    provider = set_up(real[0], enabled=False)
    assert client.get(f"/sign-in/with/{provider}").status_code == 404
    assert client.get("/sign-in/with/0").status_code == 404
    assert client.get("/sign-in/with/99999").status_code == 404


def test_linking_anothers_identity_is_refused(app, browser, set_up, enter, real):
    provider = set_up(real[0])
    enter(provider, OPERATOR)
    client = browser("admin@bontang.example")
    answer = linked(client, client.post(f"/account/sign-in-ways/with/{provider}"), real[1], OPERATOR)
    assert answer.status_code == 409
    assert how(app, "admin@bontang.example") == []


def test_a_stranger_to_the_city_does_not_link_with_it(app, browser, set_up, enter, real):
    provider = set_up(real[0])
    client = browser("admin@tegal.example")
    answer = linked(client, client.post(f"/account/sign-in-ways/with/{provider}"), real[1], OPERATOR)
    assert answer.status_code == 403


def test_what_is_unlinked_opens_nothing(app, browser, set_up, enter, real):
    provider = set_up(real[0], domains=("bontangkota.go.id",))
    client = browser(OPERATOR)
    linked(client, client.post(f"/account/sign-in-ways/with/{provider}"), real[1], OPERATOR)
    assert enter(provider, OPERATOR).status_code == 303
    with app.app_context():
        (identity,) = oidc.identities(accounts.find_by_email(OPERATOR))
        number = identity.id
    assert browser("admin@bontang.example").post(f"/account/sign-in-ways/{number}/unlink").status_code == 404
    assert client.post(f"/account/sign-in-ways/{number}/unlink").status_code == 303
    assert enter(provider, OPERATOR).status_code == 403


def test_every_link_is_told_to_the_person(app, set_up, enter, real):
    enter(set_up(real[0]), OPERATOR)
    with app.app_context():
        told = db.session.connection().exec_driver_sql("select kind from notifications").scalars().all()
    assert told == ["account.identity"]


@pytest.fixture
def invited(app, world, monkeypatch):
    """The path of an invitation to Bontang for somebody unknown."""
    joined = []
    act = link_service.Act(lambda _link, user: joined.append(user.email), lambda _link: "")
    monkeypatch.setitem(app.extensions.setdefault(link_service.ACTS, {}), links.INVITATION, act)
    with app.app_context(), unit_of_work():
        address = link_service.make(links.INVITATION, "nobody@bontang.example", 7)
    return address.removeprefix(app.extensions["lumbung"].origin), joined


def test_somebody_invited_comes_in_with_a_new_account(app, set_up, enter, real, invited):
    path, joined = invited
    client, provider = app.test_client(), set_up(real[0])
    answer = enter(provider, "nobody@bontang.example", client, path)
    assert answer.location == path
    client.get(path)
    assert client.post("/invitation").status_code == 303
    assert joined == ["nobody@bontang.example"]
    assert how(app, "nobody@bontang.example") == ["invitation"]


def test_an_invitation_opens_no_account_for_another_address(app, set_up, enter, real, invited):
    path, _joined = invited
    with app.app_context(), unit_of_work():
        address = link_service.make(links.INVITATION, "somebody@bontang.example", 7)
    path = address.removeprefix(app.extensions["lumbung"].origin)
    assert enter(set_up(real[0]), "nobody@bontang.example", target=path).status_code == 403
