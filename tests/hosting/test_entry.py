"""The way into a plugin's origin: a one-time code, a token for one deployment."""

from __future__ import annotations

import threading
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey
from sqlalchemy import select

from registry.accounts import service as accounts
from registry.core import scope, secrets
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ForbiddenError
from registry.core.uow import unit_of_work
from registry.forge.service import fork_of
from registry.hosting import entry, service
from registry.hosting.models import Deployment, EntryCode
from registry.tenants.models import Membership, Opd
from tests.hosting.conftest import find


@pytest.fixture
def bontang(world, app):
    with app.app_context():
        city = find("bontang")
        scope.enter_city(city.id)
        yield city


STATE = "s" * 22


def issue(city, plugin="papan", role="operator") -> str:
    user = accounts.find_by_email("operator@bontang.example")
    with unit_of_work():
        return entry.issue_code(city, plugin, user, entry.PluginRole(role, "Dinas PUPR"), STATE)


def redeem(settings, city, plugin, code, state=STATE) -> str:
    with unit_of_work():
        return entry.redeem(settings, city, plugin, code, state)


def test_a_code_becomes_a_token_for_that_plugin_alone(bontang, settings):
    token = redeem(settings, bontang, "papan", issue(bontang))
    key = OKPKey.import_key(secrets.public_key(settings.secrets))
    claims = jwt.decode(token, key, algorithms=["EdDSA"]).claims
    assert (claims["aud"], claims["role"], claims["opd"]) == ("papan.bontang", "operator", "Dinas PUPR")
    assert claims["exp"] - claims["iat"] == pytest.approx(15 * 60)


def test_a_code_is_spent_once(bontang, settings):
    code = issue(bontang)
    redeem(settings, bontang, "papan", code)
    with pytest.raises(ForbiddenError):
        redeem(settings, bontang, "papan", code)


def test_a_code_is_good_for_its_plugin_and_its_city_only(bontang, settings):
    with pytest.raises(ForbiddenError):
        redeem(settings, bontang, "lain", issue(bontang))
    with pytest.raises(ForbiddenError):
        redeem(settings, find("tegal"), "papan", issue(bontang))


def test_a_code_lives_a_minute(bontang, settings):
    code = issue(bontang)
    with unit_of_work() as session:
        session.scalars(select(EntryCode)).one().expires_at = now() - timedelta(seconds=1)
    with pytest.raises(ForbiddenError):
        redeem(settings, bontang, "papan", code)


def test_an_admin_administers_every_plugin_and_an_operator_only_its_own(bontang):
    admin = [Membership(city_id=bontang.id, role="admin", plugin="")]
    operator = [Membership(city_id=bontang.id, role="operator", plugin="papan")]
    assert entry.role_in_plugin(admin, bontang, "apa-saja") == entry.PluginRole("administrator")
    assert entry.role_in_plugin(operator, bontang, "papan") == entry.PluginRole("operator")
    assert entry.role_in_plugin(operator, bontang, "lain") is None
    assert entry.role_in_plugin(operator, find("tegal"), "papan") is None


def test_a_copy_for_trying_is_for_the_staff_of_the_plugin_it_is_a_copy_of(bontang, deployed):
    original = db.session.scalars(select(Deployment)).one()
    with unit_of_work() as session:
        copy = Deployment(
            tenant_id=bontang.id,
            fork_id=original.fork_id,
            name="papan-coba",
            trial_of=original.id,
            secret_key_sealed=b"",
        )
        session.add(copy)
    held = [Membership(city_id=bontang.id, role="operator", plugin="papan")]
    assert entry.role_in_plugin(held, bontang, "papan-coba") == entry.PluginRole("operator")
    other = [Membership(city_id=bontang.id, role="operator", plugin="lain")]
    assert entry.role_in_plugin(other, bontang, "papan-coba") is None


def test_a_role_names_the_unit_it_is_held_for(bontang):
    with unit_of_work() as session:
        unit = Opd(tenant_id=bontang.id, name="Dinas PUPR")
        session.add(unit)
        session.flush()
        held = [Membership(city_id=bontang.id, role="operator", plugin="papan", opd_id=unit.id)]
        assert entry.role_in_plugin(held, bontang, "papan") == entry.PluginRole("operator", "Dinas PUPR", unit.id)


def test_a_code_opens_nothing_in_another_browser(bontang, settings):
    code = issue(bontang)
    with pytest.raises(ForbiddenError):
        redeem(settings, bontang, "papan", code, "t" * 22)


def test_a_code_is_spent_once_also_by_two_at_the_same_moment(bontang, app, settings):
    code, got = issue(bontang), []

    def other() -> None:
        with app.app_context():
            city = find("bontang")
            scope.enter_city(city.id)
            try:
                got.append(redeem(settings, city, "papan", code))
            except ForbiddenError:
                got.append(None)

    with unit_of_work() as session:
        entry.redeem(settings, bontang, "papan", code, STATE)
        session.flush()
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(1)
    thread.join(10)
    assert got == [None]


@pytest.fixture
def deployed(bontang):
    with unit_of_work():
        service.deploy(bontang, fork_of(bontang, "papan"), "papan", {"title": "Papan"})


def walk(client, host, path, **more):
    """One step of the browser: where it is sent."""
    answer = client.get(path, base_url=f"http://{host}", **more)
    return answer, urlsplit(answer.headers.get("Location", "")), parse_qs(urlsplit(answer.headers["Location"]).query)


def test_nobody_is_made_to_enter_as_somebody_else(deployed, app, client):
    """An operator's own link, opened by another person: the browser never asked for it, so it is no way in."""
    client.post("/sign-in", data={"email": "operator@bontang.example", "password": "kata-sandi-panjang"})
    _answer, _there, sent = walk(client, "papan.bontang.localhost", "/_lumbung/enter?next=/kerja")
    _answer, back, given = walk(client, "localhost", f"/enter/bontang/papan?next=/kerja&state={sent['state'][0]}")
    assert (back.netloc, back.path) == ("papan.bontang.localhost:8000", "/_lumbung/enter")
    victim = app.test_client().get(f"{back.path}?{back.query}", base_url="http://papan.bontang.localhost")
    assert victim.status_code == 403
    assert "Set-Cookie" not in victim.headers or entry.COOKIE + "=" not in victim.headers["Set-Cookie"]
    client.set_cookie(entry.STATE_COOKIE, sent["state"][0], domain="papan.bontang.localhost")
    own = client.get(f"{back.path}?{back.query}", base_url="http://papan.bontang.localhost")
    assert own.headers["Location"] == "/kerja"
    assert entry.COOKIE + "=" in own.headers["Set-Cookie"]


def test_without_a_state_the_way_begins_at_the_plugin(deployed, client):
    client.post("/sign-in", data={"email": "operator@bontang.example", "password": "kata-sandi-panjang"})
    answer, there, given = walk(client, "localhost", "/enter/bontang/papan?next=/kerja")
    assert (there.netloc, there.path, given) == (
        "papan.bontang.localhost:8000",
        "/_lumbung/enter",
        {"next": ["/kerja"]},
    )


def test_a_person_without_a_role_is_refused_before_the_way_begins(deployed, client):
    client.post("/sign-in", data={"email": "admin@tegal.example", "password": "kata-sandi-panjang"})
    for more in ("", f"&state={STATE}"):
        assert client.get(f"/enter/bontang/papan?next=/kerja{more}").status_code == 403
