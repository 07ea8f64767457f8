"""The provider of the whole installation: from its settings, believed about the domains they name."""

from dataclasses import replace
from urllib.parse import urlsplit

import oidc_provider_mock
import pytest

from registry.accounts import service as accounts
from registry.accounts.oidc import rules
from registry.config import from_environment
from registry.core.uow import unit_of_work
from tests.accounts.conftest import EMAIL
from tests.accounts.oidc.providers import CLIENT, SECRET, come_back, served


@pytest.fixture
def entered(app, user, tmp_path, monkeypatch):
    """Come in through it as the admin of Bontang: our answer and what the account page answers then."""
    people = [oidc_provider_mock.User(sub="1", claims={"email": EMAIL, "email_verified": True})]
    with served(oidc_provider_mock.app(user_claims=people), tmp_path) as (issuer, certificate):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

        def come(domains: str = "bontang.example", client=None):
            told = {"issuer": issuer, "client": CLIENT, "secret": SECRET, "name": "Akun ASN", "domains": domains}
            settings = replace(app.extensions["lumbung"], oidc=told, oidc_hosts=(urlsplit(issuer).netloc,))
            monkeypatch.setitem(app.extensions, "lumbung", settings)
            client = client or app.test_client()
            return come_back(client, "/sign-in/with/0?next=/account", certificate, "1")

        yield come


def test_its_button_stands_on_the_sign_in_page(app, client, entered):
    assert "Akun ASN" not in client.get("/sign-in").text
    entered()
    assert "Akun ASN" in client.get("/sign-in").text


def test_an_address_of_its_domains_comes_in(app, entered):
    client = app.test_client()
    assert entered(client=client).location == "/account"
    assert EMAIL in client.get("/account").text


def test_without_domains_only_who_linked_it_comes_in(app, client, entered, sign_in):
    assert entered("").status_code == 403


def test_a_second_factor_of_ours_is_asked_for_still(app, entered, monkeypatch):
    """The mock tells of no second factor: whoever has one here shows it here."""
    asked = []
    monkeypatch.setattr("registry.accounts.oidc.views.enter", lambda user, target, strong: asked.append(strong) or "x")
    entered()
    assert asked == [False]


def test_the_settings_name_all_or_nothing():
    assert from_environment({}).oidc == {}
    with pytest.raises(ValueError, match="LUMBUNG_OIDC_SECRET"):
        from_environment({"LUMBUNG_OIDC_ISSUER": "https://sso.example", "LUMBUNG_OIDC_CLIENT": "x"})
    told = {"LUMBUNG_OIDC_ISSUER": "https://sso.example", "LUMBUNG_OIDC_CLIENT": "x", "LUMBUNG_OIDC_SECRET": "geheim"}
    assert "geheim" not in repr(from_environment(told))


def test_a_closed_account_stays_closed(app, entered):
    with app.app_context(), unit_of_work():
        accounts.deactivate(accounts.find_by_email(EMAIL))
    assert entered().status_code == 403


@pytest.mark.parametrize(
    ("relation", "how", "problem"),
    [("ours", "address", None), ("ours", "person", None), ("elsewhere", "address", "elsewhere"),
     ("elsewhere", "person", None), ("elsewhere", "invitation", "elsewhere"), ("stranger", "person", "left"),
     ("stranger", "address", "left")],
)  # fmt: skip
def test_who_comes_in_again(relation, how, problem):
    assert rules.entry_problem(relation, how) == problem


def test_domains_are_read_as_people_write_them():
    assert rules.read_domains(" @Bontang.go.id,\nbontang.go.id; pegawai.bontang.go.id ") == (
        "bontang.go.id", "pegawai.bontang.go.id",
    )  # fmt: skip
