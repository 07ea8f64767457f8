"""Staying in a plugin: a token that ended is exchanged for a fresh one, for a while, for who may still enter."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from registry.accounts import service as accounts
from registry.accounts import sign_outs
from registry.core import clock, scope, secrets
from registry.core.uow import unit_of_work
from registry.forge.service import fork_of
from registry.hosting import entry, entry_views, service
from registry.hosting.models_operations import Domain
from registry.tenants.people import service as people
from tests.hosting.conftest import find

HERE = "http://papan.bontang.localhost:8000"
HELD = entry.PluginRole("operator")


@pytest.fixture(autouse=True)
def real_time() -> Iterator[None]:
    yield
    clock.back()


@pytest.fixture
def bontang(world, app):
    with app.app_context():
        city = find("bontang")
        scope.enter_city(city.id)
        yield city


@pytest.fixture
def operator(bontang):
    """May work in papan."""
    user = accounts.find_by_email("operator@bontang.example")
    with unit_of_work():
        if not any(one.user_id == user.id and one.plugin == "papan" for one in people.members(bontang)):
            people.add_member(bontang, user, "operator", "papan")
    return user


@pytest.fixture
def token(bontang, operator, settings) -> str:
    return entry.sign(settings, bontang, "papan", operator, HELD)


def renewed(settings, city, token, plugin="papan"):
    return entry.renew(settings, city, plugin, token)


def claims(settings, token) -> dict:
    key = OKPKey.import_key(secrets.public_key(settings.secrets))
    return jwt.decode(token, key, algorithms=["EdDSA"]).claims


def test_a_token_that_ended_twenty_minutes_ago_is_exchanged(bontang, settings, token):
    clock.move(timedelta(minutes=35))
    fresh = claims(settings, renewed(settings, bontang, token))
    assert (fresh["sub"], fresh["role"], fresh["since"]) == (
        claims(settings, token)["sub"], "operator", claims(settings, token)["since"],
    )  # fmt: skip
    assert fresh["exp"] > clock.now().timestamp()


def test_a_form_may_lie_open_for_two_hours(bontang, settings, token):
    clock.move(entry.TOKEN_LIFE + entry.RENEWABLE + timedelta(seconds=1))
    assert renewed(settings, bontang, token) is None


def test_after_a_working_day_one_enters_anew(bontang, settings, token):
    entered = claims(settings, token)["since"]
    for _hour in range(12):
        clock.move(timedelta(minutes=59))
        token = renewed(settings, bontang, token)
    assert claims(settings, token)["since"] == entered
    clock.move(timedelta(minutes=59))
    assert renewed(settings, bontang, token) is None


def test_the_role_of_now_counts(bontang, settings, token, operator):
    with unit_of_work():
        people.add_member(bontang, operator, "administrator", "papan")
    assert claims(settings, renewed(settings, bontang, token))["role"] == "administrator"


def test_a_role_taken_away_is_the_end(bontang, settings, token, operator):
    mine = next(one for one in people.members(bontang) if one.user_id == operator.id and one.plugin == "papan")
    with unit_of_work():
        people.remove_member(bontang, mine.id)
    assert renewed(settings, bontang, token) is None
    assert sign_outs.last(operator.id, bontang.id) is not None
    assert sign_outs.last(operator.id, find("tegal").id) is None, "other cities are not concerned"


@pytest.mark.parametrize("act", [accounts.sign_out, accounts.sign_out_everywhere, accounts.deactivate])
def test_who_signed_out_enters_anew(bontang, settings, token, operator, act):
    with unit_of_work():
        act(operator)
    assert renewed(settings, bontang, token) is None


def test_who_signs_in_again_at_once_is_in(bontang, settings, operator):
    with unit_of_work():
        accounts.sign_out(operator)
    again = entry.sign(settings, bontang, "papan", operator, HELD)
    assert renewed(settings, bontang, again) is not None


@pytest.mark.parametrize("given", [None, "", "x", "x" * 5000, "a.b.c"])
def test_anything_else_is_nothing(bontang, settings, given):
    assert renewed(settings, bontang, given) is None


def test_a_token_of_another_plugin_or_key_is_nothing(bontang, settings, token, operator):
    assert renewed(settings, bontang, token, "lain") is None
    head, body, _signature = token.split(".")
    assert renewed(settings, bontang, f"{head}.{body}.{'A' * 86}") is None


def test_the_request_goes_back_as_it_was_with_the_new_cookie(bontang, client, settings, token):
    clock.move(timedelta(minutes=35))
    client.set_cookie(entry.COOKIE, token, domain="papan.bontang.localhost")
    for method in ("GET", "POST", "PUT", "DELETE"):
        answer = client.open("/_lumbung/renew?next=/kerja/1%3Fa%3Db", method=method, base_url=HERE, data="isi" * 9000)
        assert (answer.status_code, answer.headers["Location"]) == (307, "/kerja/1?a=b")
        assert f"{entry.COOKIE}=ey" in answer.headers["Set-Cookie"]
        assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(answer.headers["Set-Cookie"].split("; "))


def test_what_cannot_be_renewed_goes_back_without_its_cookie(bontang, client):
    client.set_cookie(entry.COOKIE, "old", domain="papan.bontang.localhost")
    answer = client.post("/_lumbung/renew?next=//evil.example", base_url=HERE, headers={"Origin": "null"})
    assert (answer.status_code, answer.headers["Location"]) == (307, "/")
    assert f"{entry.COOKIE}=;" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize("known", [True, False])
def test_a_stranger_s_large_body_is_not_waited_for(bontang, client, settings, token, known):
    class Sent(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1) -> bytes:
            piece = super().read(size)
            self.taken += len(piece)
            return piece

    if known:
        clock.move(timedelta(minutes=35))
        client.set_cookie(entry.COOKIE, token, domain="papan.bontang.localhost")
    size = 5 * 2**20
    sent = Sent(bytes(size))
    answer = client.post("/_lumbung/renew?next=/", base_url=HERE, input_stream=sent)
    assert answer.status_code == 307
    assert sent.taken == (size if known else entry_views.SMALL)


def test_leaving_takes_the_cookie_away(bontang, client, token):
    client.set_cookie(entry.COOKIE, token, domain="papan.bontang.localhost")
    answer = client.get("/_lumbung/leave", base_url=HERE)
    assert f"{entry.COOKIE}=;" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize(("host", "back"), [("lapor.bontang.go.id", "lapor.bontang.go.id:8000"),
                                            ("evil.example", "papan.bontang.localhost:8000")])  # fmt: skip
def test_one_goes_back_to_the_city_s_own_name_only_when_its_owner_was_checked(bontang, operator, client, host, back):
    with unit_of_work() as session:
        service.deploy(bontang, fork_of(bontang, "papan"), "papan", {"title": "Papan"})
        deployment = service.db.session.scalars(service.select(service.Deployment)).one()
        checked = clock.now() if back.startswith(host) else None
        session.add(Domain(tenant_id=bontang.id, deployment_id=deployment.id, hostname=host, token="t",
                           verified_at=checked))  # fmt: skip
    client.post("/sign-in", data={"email": "operator@bontang.example", "password": "kata-sandi-panjang"})
    answer = client.get(f"/enter/bontang/papan?state={'s' * 22}&at={host}:8000", base_url="http://localhost")
    assert urlsplit(answer.headers["Location"]).netloc == back
