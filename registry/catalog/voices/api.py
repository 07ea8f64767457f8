"""Declarations for programs. Reading needs no token; writing needs one of an official, hiding one of a maintainer."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from registry.accounts.access import person
from registry.catalog import service as catalog
from registry.catalog.voices import schemas, service
from registry.catalog.voices.doors import MODERATION
from registry.catalog.voices.rules import Said
from registry.catalog.voices.schemas import told_declaration
from registry.core import paging
from registry.core.uow import unit_of_work
from registry.tenants.access import enter_programme

APP = "/apps/<string:app>"
ONE = f"{APP}/declarations/<string:city>"

blueprint = Blueprint("api_voices", __name__, url_prefix="/api/v1", description="What officials say and ask of apps")


@blueprint.get(f"{APP}/declarations")
@blueprint.etag
@blueprint.arguments(paging.PageQuery, location="query")
@blueprint.response(200, schemas.DeclarationPageSchema)
def list_declarations(query: dict[str, Any], app: str) -> dict[str, Any]:
    """What cities say of the app, newest first; whether they run it is in `adoptions` of the app."""
    told = [told_declaration(one) for one in service.declarations_of(catalog.get_app(app))]
    return paging.page(told, query, lambda one: str(one["city"].slug))


@blueprint.put(ONE)
@blueprint.arguments(schemas.DeclarationSchema)
@blueprint.response(200, schemas.DeclarationSchema)
def declare(given: dict[str, Any], app: str, city: str) -> dict[str, Any]:
    """Write the declaration of a city one has a role in, or write it anew. 409 when another one stands there."""
    me, seen = person(), given.pop("version")
    with unit_of_work():
        written = service.declare(catalog.get_app(app), service.city_of_asker(city), me, Said(**given), seen)
    return told_declaration(written)


@blueprint.delete(ONE)
@blueprint.response(204)
def withdraw(app: str, city: str) -> None:
    """Take the declaration of one's city back."""
    person()
    with unit_of_work():
        service.withdraw(service.standing_declaration(catalog.get_app(app), service.city_of_asker(city)))


@blueprint.put(f"{ONE}/hidden")
@blueprint.arguments(schemas.HiddenSchema)
@blueprint.response(200, schemas.DeclarationSchema)
def hide_declaration(given: dict[str, str], app: str, city: str) -> dict[str, Any]:
    """Show the reason in place of the words. For maintainers."""
    enter_programme(MODERATION)
    found = service.declaration_in(catalog.get_app(app), city)
    with unit_of_work():
        service.hide(found, given["hidden_reason"])
    return told_declaration(found)


@blueprint.delete(f"{ONE}/hidden")
@blueprint.response(204)
def show_declaration(app: str, city: str) -> None:
    """Show the words again. For maintainers."""
    enter_programme(MODERATION)
    with unit_of_work():
        service.show(service.declaration_in(catalog.get_app(app), city))
