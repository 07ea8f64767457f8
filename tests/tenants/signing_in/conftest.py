from dataclasses import replace
from urllib.parse import urlsplit

import oidc_provider_mock
import pytest

from registry.core import scope
from registry.core.uow import unit_of_work
from registry.tenants import service as cities
from registry.tenants.signing_in import service
from tests.accounts.oidc.providers import CLIENT, SECRET, Pretender, come_back, served

PEOPLE = {
    "operator@bontang.example": True,
    "admin@bontang.example": True,
    "admin@tegal.example": True,
    "maintainer@bandung.example": True,
    "nobody@bontang.example": True,
    "unconfirmed@bontang.example": False,
}


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """A real OpenID provider over https: its issuer and its certificate."""
    people = [
        oidc_provider_mock.User(sub=f"id-{email}", claims={"email": email, "email_verified": sure, "name": "Pegawai"})
        for email, sure in PEOPLE.items()
    ]
    with served(oidc_provider_mock.app(user_claims=people), tmp_path_factory.mktemp("real")) as found:
        yield found


@pytest.fixture(scope="module")
def pretending(tmp_path_factory):
    provider = Pretender()
    with served(provider, tmp_path_factory.mktemp("pretending")) as (issuer, certificate):
        provider.issuer = issuer
        yield provider, certificate


@pytest.fixture
def pretender(pretending, trusting):
    """A provider that is made wrong by a test, and Bontang's."""
    provider, certificate = pretending
    fresh = Pretender(issuer=provider.issuer, key=provider.key)
    provider.__dict__.update(fresh.__dict__)
    trusting(provider.issuer, certificate)
    return provider


@pytest.fixture
def trusting(app, monkeypatch):
    """Let the registry ask a machine of this one, with this certificate."""

    def trust(issuer: str, certificate) -> None:
        settings = replace(app.extensions["lumbung"], oidc_hosts=(urlsplit(issuer).netloc,))
        monkeypatch.setitem(app.extensions, "lumbung", settings)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    return trust


@pytest.fixture
def set_up(app, world):
    """Give a city a provider; answers with its id."""

    def made(issuer: str, city: str = "bontang", domains: tuple[str, ...] = ("bontang.example",), **more) -> int:
        with app.app_context(), unit_of_work():
            scope.enter_programme()
            wanted = service.Wanted(issuer, CLIENT, SECRET, domains, **more)
            return service.change(cities.find_city(city), wanted).id

    return made


@pytest.fixture
def enter(app, real, trusting):
    """Sign in through the real provider as somebody there."""
    issuer, certificate = real
    trusting(issuer, certificate)

    def come(provider_id: int, email: str, client=None, target: str = "/account"):
        path = f"/sign-in/with/{provider_id}?next={target}"
        return come_back(client or app.test_client(), path, certificate, f"id-{email}")

    return come
