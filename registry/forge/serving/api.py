"""``/api/v1``: deploy tokens of a fork or an upstream, and what a push may change in a fork."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from registry.catalog import service as catalog
from registry.catalog.models import App
from registry.core import paging
from registry.core.paging import PageQuery
from registry.core.uow import unit_of_work
from registry.forge import pushes, service
from registry.forge.models import Fork
from registry.forge.serving import gates, tokens
from registry.forge.serving.models import DeployToken
from registry.forge.serving.rules import Policy
from registry.forge.serving.schemas import (
    DeployTokenRequestSchema,
    DeployTokensSchema,
    NewDeployTokenSchema,
    ProtectionSchema,
    PushPageSchema,
)
from registry.tenants.access import enter_city, enter_programme
from registry.tenants.models import City

blueprint = Blueprint(
    "api_serving", __name__, url_prefix="/api/v1", description="Who may reach a repository with git, and do what to it"
)
FORK, APP = "/forks/<string:city>/<string:app>", "/apps/<string:app>"
SEE, PUSH, PUBLISH = "city.see", "fork.push", "app.publish"


@blueprint.get(f"{FORK}/protection")
@blueprint.response(200, ProtectionSchema)
def show_protection(city: str, app: str) -> Policy:
    """What a push may do to this fork."""
    _city, fork = _fork(city, app, SEE)
    return gates.policy_of(fork)


@blueprint.put(f"{FORK}/protection")
@blueprint.arguments(ProtectionSchema)
@blueprint.response(200, ProtectionSchema)
def decide_protection(wanted: dict[str, bool], city: str, app: str) -> Policy:
    """Decide what a push may do to this fork. For the city's admins."""
    owner, fork = _fork(city, app, PUSH)
    policy = Policy(**wanted)
    with unit_of_work():
        gates.decide(owner, fork, policy)
    return policy


@blueprint.get(f"{FORK}/pushes")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, PushPageSchema)
def list_pushes(query: dict[str, Any], city: str, app: str) -> dict[str, Any]:
    """Who moved which branches and tags of a fork, newest first: the last hundred."""
    owner, fork = _fork(city, app, "audit.read")
    return paging.page(pushes.latest("fork", owner, fork.app, paging.MAX_LIMIT), query, lambda entry: str(entry.id))


@blueprint.get(f"{FORK}/deploy-tokens")
@blueprint.response(200, DeployTokensSchema)
def list_fork_tokens(city: str, app: str) -> dict[str, Any]:
    """The deploy tokens of a fork that still work, newest first."""
    owner, fork = _fork(city, app, SEE)
    return {"items": tokens.living(owner, fork.app, fork)}


@blueprint.post(f"{FORK}/deploy-tokens")
@blueprint.arguments(DeployTokenRequestSchema)
@blueprint.response(201, NewDeployTokenSchema)
def create_fork_token(wanted: dict[str, Any], city: str, app: str) -> dict[str, Any]:
    """A new deploy token for this fork alone; its text is told this once. For the city's admins."""
    owner, fork = _fork(city, app, PUSH)
    return _created(owner, fork.app, fork, wanted)


@blueprint.delete(f"{FORK}/deploy-tokens/<int:token_id>")
@blueprint.response(204)
def revoke_fork_token(city: str, app: str, token_id: int) -> None:
    """Revoke a deploy token of a fork. For the city's admins."""
    owner, fork = _fork(city, app, PUSH)
    with unit_of_work():
        tokens.revoke(owner, fork.app, fork, token_id)


@blueprint.get(f"{APP}/deploy-tokens")
@blueprint.response(200, DeployTokensSchema)
def list_app_tokens(app: str) -> dict[str, Any]:
    """The deploy tokens of an app's upstream that still work, newest first. For maintainers."""
    found = _app(app)
    return {"items": tokens.living(found.publisher, found, None)}


@blueprint.post(f"{APP}/deploy-tokens")
@blueprint.arguments(DeployTokenRequestSchema)
@blueprint.response(201, NewDeployTokenSchema)
def create_app_token(wanted: dict[str, Any], app: str) -> dict[str, Any]:
    """A new deploy token for this upstream alone; its text is told this once. For maintainers."""
    found = _app(app)
    return _created(found.publisher, found, None, wanted)


@blueprint.delete(f"{APP}/deploy-tokens/<int:token_id>")
@blueprint.response(204)
def revoke_app_token(app: str, token_id: int) -> None:
    """Revoke a deploy token of an upstream. For maintainers."""
    found = _app(app)
    with unit_of_work():
        tokens.revoke(found.publisher, found, None, token_id)


def _created(city: City, app: App, fork: Fork | None, wanted: dict[str, Any]) -> dict[str, Any]:
    with unit_of_work():
        token, text = tokens.create(city, app, fork, wanted["name"], wanted["days"], wanted["write"])
        return {**_told(token), "token": text}


def _told(token: DeployToken) -> dict[str, Any]:
    names = ("id", "name", "write", "made_by", "created_at", "expires_at", "used_at")
    return {name: getattr(token, name) for name in names}


def _fork(city: str, app: str, permission: str) -> tuple[City, Fork]:
    entered = enter_city(city, permission)
    return entered, service.fork_of(entered, app)


def _app(slug: str) -> App:
    enter_programme(PUBLISH)
    return catalog.get_app(slug)
