"""``/api/v1``: what repositories weigh and how they are, room of cities, forks made whole, removed and brought back."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from sqlalchemy import select

from registry.core import paging
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.forge import service
from registry.forge.keeping import asking, removing, schemas
from registry.forge.keeping.models import FORK, ForkRemoval, RepositoryState
from registry.forge.keeping.service import room_of, set_quota
from registry.forge.schemas import QueuedSchema
from registry.tenants import service as tenants
from registry.tenants.access import enter_city, enter_programme

blueprint = Blueprint("api_storage", __name__, url_prefix="/api/v1", description="Storage of repositories")
FORK_PATH = "/forks/<string:city>/<string:app>"
SEE, MANAGE = "city.see", "fork.manage"


@blueprint.get("/storage")
@blueprint.arguments(schemas.StorageQuerySchema, location="query")
@blueprint.response(200, schemas.StoragePageSchema)
def list_storage(query: dict[str, Any]) -> dict[str, Any]:
    """Every repository as it was last measured, kept and checked. For maintainers."""
    enter_programme("programme.see")
    wanted = select(RepositoryState).order_by(RepositoryState.id)
    if query["state"]:
        wanted = wanted.where(RepositoryState.state == query["state"])
    return paging.page(list(db.session.scalars(wanted)), query, lambda one: str(one.id))


@blueprint.post("/storage/check")
@blueprint.arguments(schemas.CheckStorageSchema)
@blueprint.response(202, QueuedSchema)
def check_storage(given: dict[str, Any]) -> dict[str, Any]:
    """Check repositories, and repair them where asked. For maintainers; answers with the job to watch."""
    publisher = enter_programme("programme.manage")
    with unit_of_work():
        return {"job": asking.ask_check(publisher, given["app"], given["repair"], given["deep"]).id}


@blueprint.get("/cities/<string:city>/storage")
@blueprint.response(200, schemas.CityStorageSchema)
def show_room(city: str) -> dict[str, Any]:
    """How much room a city's forks take and have, and which can still be brought back."""
    owner = enter_city(city, SEE)
    return {"room": room_of(owner), "removed": removing.removals(owner)}


@blueprint.put("/cities/<string:city>/storage")
@blueprint.arguments(schemas.NewRoomSchema)
@blueprint.response(200, schemas.RoomSchema)
def change_room(given: dict[str, int | None], city: str) -> Any:
    """Give a city another limit. For maintainers."""
    enter_programme("programme.manage")
    owner = tenants.find_city(city)
    with unit_of_work():
        set_quota(owner, given["limit"])
    return room_of(owner)


@blueprint.get(f"{FORK_PATH}/storage")
@blueprint.response(200, schemas.ForkStorageSchema)
def show_fork_storage(city: str, app: str) -> dict[str, Any]:
    """What a fork weighs and how it is."""
    owner = enter_city(city, SEE)
    fork = service.fork_of(owner, app)
    mine = (RepositoryState.tenant_id == owner.id, RepositoryState.kind == FORK)
    state = db.session.scalar(select(RepositoryState).where(*mine, RepositoryState.app_id == fork.app_id))
    names = [name for name in schemas.ForkStorageSchema().fields if name != "room"]
    nothing = {"bytes": 0, "packs": 0, "loose": 0, "state": "unchecked", "faults": []}
    told = {name: getattr(state, name) for name in names} if state else nothing
    return {**told, "whole": asking.is_whole(owner, fork), "room": room_of(owner)}


@blueprint.post(f"{FORK_PATH}/detach")
@blueprint.response(202, QueuedSchema)
def detach_fork(city: str, app: str) -> dict[str, Any]:
    """Make a fork whole: it takes in what it borrows. Answers with the job to watch."""
    owner = enter_city(city, MANAGE)
    fork = service.fork_of(owner, app)
    with unit_of_work():
        return {"job": asking.ask_detach(owner, fork).id}


@blueprint.post(f"{FORK_PATH}/attach")
@blueprint.response(202, QueuedSchema)
def attach_fork(city: str, app: str) -> dict[str, Any]:
    """Let a fork borrow from its original again. Answers with the job to watch."""
    owner = enter_city(city, MANAGE)
    fork = service.fork_of(owner, app)
    with unit_of_work():
        return {"job": asking.ask_attach(owner, fork).id}


@blueprint.delete(FORK_PATH)
@blueprint.arguments(schemas.RemoveForkSchema, location="query")
@blueprint.response(200, schemas.RemovalSchema)
def remove_fork(given: dict[str, str], city: str, app: str) -> ForkRemoval:
    """Hide a fork at once; it can be brought back until `due_at`, then it is gone for good."""
    owner = enter_city(city, MANAGE)
    fork = service.fork_of(owner, app)
    with unit_of_work():
        removal = removing.remove(owner, fork, given["confirm"])
    return removal


@blueprint.post(f"{FORK_PATH}/recover")
@blueprint.response(200, schemas.BroughtBackSchema)
def recover_fork(city: str, app: str) -> dict[str, str]:
    """Bring a removed fork back as it was."""
    owner = enter_city(city, MANAGE)
    with unit_of_work():
        removing.recover(owner, app)
    return {"city": city, "app": app}
