"""``/api/v1/cities/{city}/sign-in``: where a city's people sign in."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_smorest import Blueprint

from registry.accounts.oidc.models import CityProvider
from registry.accounts.oidc.service import redirect_address
from registry.core.errors import NotFoundError
from registry.core.uow import unit_of_work
from registry.tenants.access import enter_city
from registry.tenants.signing_in import service
from registry.tenants.signing_in.schemas import SignInProviderRequest, SignInProviderShown, SignInTest
from registry.tenants.signing_in.views import MANAGE, tested

blueprint = Blueprint("api_signing_in", __name__, url_prefix="/api/v1", description="A city's own sign-in")
PLACE = "/cities/<string:city>/sign-in"


@blueprint.get(PLACE)
@blueprint.response(200, SignInProviderShown)
def show_provider(city: str) -> dict[str, Any]:
    """The city's OpenID provider. For its admins."""
    found = service.find(enter_city(city, MANAGE))
    if found is None:
        raise NotFoundError(_("Your city has no sign-in of its own."))
    return _shown(found)


@blueprint.put(PLACE)
@blueprint.arguments(SignInProviderRequest)
@blueprint.response(200, SignInProviderShown)
def set_provider(wanted: dict[str, Any], city: str) -> dict[str, Any]:
    """Set up the city's OpenID provider, or change it. For its admins."""
    found = enter_city(city, MANAGE)
    domains = tuple(domain.lower() for domain in wanted.pop("domains"))
    with unit_of_work():
        return _shown(service.change(found, service.Wanted(domains=domains, **wanted)))


@blueprint.delete(PLACE)
@blueprint.response(204)
def remove_provider(city: str) -> None:
    """Nobody signs in there any more; accounts and passwords stay. For the city's admins."""
    found = enter_city(city, MANAGE)
    with unit_of_work():
        service.remove(found)


@blueprint.post(f"{PLACE}/test")
@blueprint.response(200, SignInTest)
def test_provider(city: str) -> dict[str, Any]:
    """Ask the provider everything but a person, step by step. For the city's admins."""
    return {"steps": tested(enter_city(city, MANAGE))}


def _shown(found: CityProvider) -> dict[str, Any]:
    names = ("issuer", "client_id", "domains", "enabled", "updated_at")
    return {**{name: getattr(found, name) for name in names}, "redirect_address": redirect_address(found.id)}
