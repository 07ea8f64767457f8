"""The way into a plugin's origin: a one-time code, a token for one deployment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from registry.accounts import service as accounts
from registry.core import scope, secrets
from registry.core.clock import now
from registry.core.errors import ForbiddenError
from registry.core.uow import unit_of_work
from registry.hosting import entry
from registry.hosting.models import EntryCode
from registry.tenants.models import Membership
from tests.hosting.conftest import find


@pytest.fixture
def bontang(world, app):
    with app.app_context():
        city = find("bontang")
        scope.enter_city(city.id)
        yield city


def issue(city, plugin="papan", role="operator") -> str:
    user = accounts.find_by_email("operator@bontang.example")
    with unit_of_work():
        return entry.issue_code(city, plugin, user, entry.PluginRole(role, "Dinas PUPR"))


def redeem(settings, city, plugin, code) -> str:
    with unit_of_work():
        return entry.redeem(settings, city, plugin, code)


def test_a_code_becomes_a_token_for_that_plugin_alone(bontang, settings):
    token = redeem(settings, bontang, "papan", issue(bontang))
    key = OKPKey.import_key(secrets.public_key(settings.secrets))
    claims = jwt.decode(token, key, algorithms=["EdDSA"]).claims
    assert (claims["aud"], claims["role"], claims["opd"]) == ("papan.bontang", "operator", "Dinas PUPR")
    assert claims["exp"] - claims["iat"] == 15 * 60


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
        session.get_one(EntryCode, secrets.digest(code)).expires_at = now() - timedelta(seconds=1)
    with pytest.raises(ForbiddenError):
        redeem(settings, bontang, "papan", code)


def test_an_admin_administers_every_plugin_and_an_operator_only_its_own(bontang):
    admin = [Membership(city_id=bontang.id, role="admin", plugin="")]
    operator = [Membership(city_id=bontang.id, role="operator", plugin="papan")]
    assert entry.role_in_plugin(admin, bontang, "apa-saja") == entry.PluginRole("administrator")
    assert entry.role_in_plugin(operator, bontang, "papan") == entry.PluginRole("operator")
    assert entry.role_in_plugin(operator, bontang, "lain") is None
    assert entry.role_in_plugin(operator, find("tegal"), "papan") is None
