"""A city's admin sets up the city's own sign-in, is told what is wrong step by step, and nobody sees the secret."""

from datetime import timedelta

import pytest

from registry.accounts import service as accounts
from registry.accounts.oidc.models import CityProvider
from registry.core import clock, scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.tenants import service as cities
from registry.tenants.people import service as people
from tests.accounts.oidc.providers import CLIENT, SECRET

HOME, PLACE = "/console/bontang/sign-in", "/api/v1/cities/bontang/sign-in"
ADMIN = "admin@bontang.example"
GIVEN = {"client": CLIENT, "secret": SECRET, "domains": "bontang.example, @Pegawai.Bontang.example", "enabled": "y"}


@pytest.fixture
def admin(browser):
    return browser(ADMIN)


@pytest.fixture
def program(app, world):
    """Headers of the city's admin."""
    with app.app_context(), unit_of_work():
        _token, text = accounts.create_token(accounts.find_by_email(ADMIN), "x")
    return {"Authorization": f"Bearer {text}"}


def kept(app) -> list[CityProvider]:
    with app.app_context():
        return list(db.session.scalars(db.select(CityProvider)))


def test_the_secret_is_kept_sealed_and_never_shown(app, admin, real, trusting, program):
    trusting(*real)
    assert admin.post(HOME, data={"issuer": real[0], **GIVEN}).status_code == 303
    (row,) = kept(app)
    assert SECRET.encode() not in row.secret and row.domains == ["bontang.example", "pegawai.bontang.example"]
    shown = admin.get(HOME).text + app.test_client().get(PLACE, headers=program).text
    assert SECRET not in shown and f"/sign-in/with/{row.id}/answer" in shown


def test_an_empty_secret_keeps_the_old_one_but_not_for_another_issuer(app, admin, set_up, real, trusting):
    trusting(*real)
    set_up(real[0])
    before = kept(app)[0].secret
    assert admin.post(HOME, data={"issuer": real[0], **GIVEN, "secret": ""}).status_code == 303
    assert kept(app)[0].secret == before
    answer = admin.post(HOME, data={"issuer": "https://login.evil.example", **GIVEN, "secret": ""})
    assert answer.status_code == 422 and kept(app)[0].issuer == real[0]


@pytest.mark.parametrize(
    "wrong",
    [{"issuer": "http://login.bontang.example"}, {"issuer": "https://u:p@login.bontang.example"}, {"issuer": "x"},
     {"issuer": "https://login.bontang.example:8443"}, {"issuer": "https://login.bontang.example/?a=b"},
     {"issuer": "https://" + "x" * 600}, {"client": ""}, {"client": "x" * 300}, {"secret": ""}, {"domains": ""},
     {"domains": "bontang"}, {"domains": "*.go.id"}, {"domains": "a@b.go.id"}, {"domains": "-.go.id"},
     {"domains": " ".join(f"{n}.go.id" for n in range(21))}],
    ids=lambda wrong: str(wrong)[:50],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field(app, admin, wrong):
    answer = admin.post(HOME, data={"issuer": "https://login.bontang.example", **GIVEN, **wrong})
    assert answer.status_code == 422 and "field-error" in answer.text
    assert kept(app) == []


def test_only_the_citys_admin_sets_it_up(app, browser, set_up, real, trusting):
    trusting(*real)
    set_up(real[0])
    for email, status in (("auditor@bontang.example", 403), ("admin@tegal.example", 404),
                          ("operator@bontang.example", 403), ("maintainer@bandung.example", 404)):  # fmt: skip
        client = browser(email)
        for path in (HOME, f"{HOME}/test", f"{HOME}/remove"):
            assert client.post(path, data={"issuer": real[0], **GIVEN}).status_code in (status, 403, 404), (email, path)
    assert len(kept(app)) == 1


def test_a_test_goes_step_by_step(admin, pretender, set_up):
    set_up(pretender.issuer)
    page = admin.post(f"{HOME}/test?lang=en").text
    assert page.count("finding-info") == 4 and "finding-error" not in page


def test_a_test_tells_a_wrong_secret_from_a_wrong_issuer(admin, pretender, set_up):
    set_up(pretender.issuer)
    pretender.token_status = 401
    assert "the secret is wrong" in admin.post(f"{HOME}/test?lang=en").text
    pretender.metadata = {"issuer": f"{pretender.issuer}/"}
    assert "letter by letter" in admin.post(f"{HOME}/test?lang=en").text
    pretender.metadata = {"jwks_uri": f"{pretender.issuer}/nowhere"}
    page = admin.post(f"{HOME}/test?lang=en").text
    assert "It says how to sign in" in page and "finding-error" in page


def test_a_provider_inside_is_not_asked(app, admin, real, trusting, monkeypatch):
    """The admin of a city names an address; ours are none of the city's business."""
    for issuer in ("https://127.0.0.1", "https://localhost", "https://169.254.169.254"):
        admin.post(HOME, data={"issuer": issuer, **GIVEN})
        page = admin.post(f"{HOME}/test?lang=en").text
        assert "not on the public internet" in page, issuer


def test_what_the_console_does_the_api_does(app, client, program, pretender, world):
    given = {"issuer": pretender.issuer, "client": CLIENT, "secret": SECRET, "domains": ["bontang.example"]}
    assert client.get(PLACE, headers=program).status_code == 404
    made = client.put(PLACE, json=given, headers=program)
    assert made.status_code == 200 and "secret" not in made.json
    steps = client.post(f"{PLACE}/test", headers=program).json["steps"]
    assert [(step["name"], step["ok"]) for step in steps] == [
        ("discovery", True), ("keys", True), ("code", True), ("redirect", True),
    ]  # fmt: skip
    wrong = client.put(PLACE, json={**given, "issuer": "http://x"}, headers=program)
    assert wrong.status_code == 422 and wrong.json["findings"][0]["path"] == "issuer"
    assert client.delete(PLACE, headers=program).status_code == 204
    assert kept(app) == []


def test_cities_are_chosen_by_name(app, client, set_up, real, trusting):
    trusting(*real)
    assert client.get("/sign-in/city").status_code == 200
    assert "/sign-in/city" not in client.get("/sign-in").text
    number = set_up(real[0])
    assert "/sign-in/city" in client.get("/sign-in").text
    assert f"/sign-in/with/{number}" in client.get("/sign-in/city?q=bonTANG&next=/account").text
    assert f"/sign-in/with/{number}" not in client.get("/sign-in/city?q=tegal").text
    elsewhere = client.get("/sign-in/city?next=https://evil.example").text
    assert f'href="/sign-in/with/{number}?next=/console/"' in elsewhere.replace("%2F", "/")


def test_tokens_end_when_their_holder_leaves_the_city(app, client, world):
    with app.app_context(), unit_of_work():
        person = accounts.find_by_email("operator@bontang.example")
        _token, text = accounts.create_token(person, "x")
        scope.enter_programme()
        city = cities.find_city("bontang")
        people.add_member(city, person, "operator", "antrian")
    headers = {"Authorization": f"Bearer {text}"}
    for plugin, status in (("antrian", 200), ("lapor", 401)):
        with app.app_context(), unit_of_work():
            scope.enter_programme()
            city = cities.find_city("bontang")
            role = next(one for one in people.members(city) if one.plugin == plugin)
            people.remove_member(city, role.id)
        assert client.get("/api/v1/tokens", headers=headers).status_code == status


def test_the_clock_of_the_registry_is_the_one_that_counts(real, enter, set_up, trusting):
    """A token the provider made now is of the past for a registry a day ahead."""
    trusting(*real)
    provider = set_up(real[0])
    clock.move(timedelta(days=1))
    try:
        assert enter(provider, "operator@bontang.example").status_code == 503
    finally:
        clock.back()
