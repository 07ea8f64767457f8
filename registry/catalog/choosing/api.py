"""``/api/v1/compare`` (public), ``/api/v1/shortlist/{city}`` and ``/api/v1/plan/{city}`` (for people of the city)."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_smorest import Blueprint

from registry.accounts.access import person
from registry.catalog import service as catalog
from registry.catalog.choosing import comparing, notes, plan, rules, schemas, service, voters, words
from registry.catalog.choosing.comparing import Comparison, Side
from registry.catalog.choosing.features import Line
from registry.catalog.choosing.models import ShortlistItem, ShortlistNote, ShortlistVote
from registry.core.errors import Finding, InvalidError
from registry.core.uow import unit_of_work
from registry.tenants import access
from registry.tenants.models import City

SEE, WRITE, DECIDE = "shortlist.see", "shortlist.write", "shortlist.decide"
ALL = "/shortlist/<string:city>"
ONE = f"{ALL}/<int:item_id>"

blueprint = Blueprint("api_choosing", __name__, url_prefix="/api/v1", description="Comparing apps, a city's shortlist")


@blueprint.get("/compare")
@blueprint.arguments(schemas.CompareQuerySchema, location="query")
@blueprint.response(200, schemas.ComparisonSchema)
def compare(query: dict[str, Any]) -> dict[str, Any]:
    """Two to four apps side by side, features said in nearly the same words on one line."""
    chosen = rules.chosen([query["apps"]])
    found = comparing.compare(chosen)
    said = words.complaints(chosen, found)
    if not said and len(found.sides) < rules.LEAST:
        said = [_("Name two to four apps.")]
    if said:
        raise InvalidError(said[0], [Finding("query.apps", one) for one in said])
    return {"apps": [_side(side) for side in found.sides], "features": [_line(found, line) for line in found.features]}


def _line(found: Comparison, line: Line) -> dict[str, Any]:
    said = zip(found.slugs, line.said, strict=True)
    return {"feature": line.text, "said": {slug: own for slug, own in said if own}}


def _side(side: Side) -> dict[str, Any]:
    app, latest = side.app, side.latest
    same = ("slug", "maturity", "licence", "rating", "described_only", "deprecated_at")
    return {name: getattr(app, name) for name in same} | {
        "name": side.title, "summary": str(side.texts.get("shortDescription") or ""), "publisher": app.publisher.slug,
        "version": latest.version if latest else "", "published_at": latest.published_at if latest else None,
        "languages": (app.facts.get("localisation") or {}).get("availableLanguages") or [],
        "national_fields": side.fields, "running_in": [one.city.slug for one in side.users if one.running],
        "health": side.health, "needs": latest.manifest if latest else None,
    }  # fmt: skip


@blueprint.get(ALL)
@blueprint.arguments(schemas.ShortlistQuerySchema, location="query")
@blueprint.response(200, schemas.ShortlistSchema)
def list_items(query: dict[str, Any], city: str) -> dict[str, list[ShortlistItem]]:
    """The whole list: open ones first, most wanted first."""
    tenant = access.enter_city(city, SEE)
    return {"items": service.removed(tenant) if query["removed"] else service.shortlist(tenant)}


@blueprint.post(ALL)
@blueprint.arguments(schemas.NewShortlistItemSchema)
@blueprint.response(201, schemas.ShortlistItemSchema)
def add_item(given: dict[str, Any], city: str) -> ShortlistItem:
    """Put an app on the list, or back on it."""
    tenant = access.enter_city(city, WRITE)
    with unit_of_work():
        item = service.add(tenant, catalog.get_app(given["app"]), given["why"])
    return item


@blueprint.get(ONE)
@blueprint.response(200, schemas.ShortlistItemSchema)
def show_item(city: str, item_id: int) -> ShortlistItem:
    """One app on the list, also when it was taken off."""
    return _find(city, item_id, SEE)[1]


@blueprint.put(f"{ONE}/votes/<int:opd_id>")
@blueprint.arguments(schemas.NewShortlistVoteSchema)
@blueprint.response(200, schemas.ShortlistVoteSchema)
def put_vote(given: dict[str, Any], city: str, item_id: int, opd_id: int) -> ShortlistVote:
    """The one vote of a unit; people of the unit and the city's admin cast it."""
    tenant, item = _find(city, item_id, WRITE)
    voters.require(tenant, opd_id)
    with unit_of_work():
        vote = service.vote(tenant, item, opd_id, given["choice"], given["reason"])
    return vote


@blueprint.delete(f"{ONE}/votes/<int:opd_id>")
@blueprint.response(204)
def withdraw_vote(city: str, item_id: int, opd_id: int) -> None:
    """While nothing is decided."""
    tenant, item = _find(city, item_id, WRITE)
    voters.require(tenant, opd_id)
    with unit_of_work():
        service.withdraw_vote(tenant, item, opd_id)


@blueprint.post(f"{ONE}/notes")
@blueprint.arguments(schemas.NewShortlistNoteSchema)
@blueprint.response(201, schemas.ShortlistNoteSchema)
def add_note(given: dict[str, Any], city: str, item_id: int) -> ShortlistNote:
    """Say something about it."""
    tenant, item = _find(city, item_id, WRITE)
    with unit_of_work():
        note = notes.add_note(tenant, item, person(), given["text"])
    return note


@blueprint.patch(f"{ONE}/notes/<int:note_id>")
@blueprint.arguments(schemas.NewShortlistNoteSchema)
@blueprint.response(200, schemas.ShortlistNoteSchema)
def edit_note(given: dict[str, Any], city: str, item_id: int, note_id: int) -> ShortlistNote:
    """Only one's own."""
    tenant, item = _find(city, item_id, WRITE)
    note = notes.own_note(item, note_id, person())
    with unit_of_work():
        notes.edit_note(tenant, item, note, given["text"])
    return note


@blueprint.delete(f"{ONE}/notes/<int:note_id>")
@blueprint.response(204)
def remove_note(city: str, item_id: int, note_id: int) -> None:
    """Only one's own."""
    tenant, item = _find(city, item_id, WRITE)
    note = notes.own_note(item, note_id, person())
    with unit_of_work():
        notes.remove_note(tenant, item, note)


@blueprint.post(f"{ONE}/decision")
@blueprint.arguments(schemas.ShortlistDecisionSchema)
@blueprint.response(200, schemas.ShortlistItemSchema)
def decide(given: dict[str, Any], city: str, item_id: int) -> ShortlistItem:
    """For the city's admin: adopt, later or not. 409 when somebody was faster than the version that was seen."""
    tenant, item = _find(city, item_id, DECIDE)
    wanted = rules.Decision(given["decision"], given["reason"], given["opd_id"], given["quarter"])
    with unit_of_work():
        service.decide(tenant, item, given["version"], wanted)
    return item


@blueprint.post(f"{ONE}/reopen")
@blueprint.arguments(schemas.SeenSchema)
@blueprint.response(200, schemas.ShortlistItemSchema)
def reopen(given: dict[str, Any], city: str, item_id: int) -> ShortlistItem:
    """Take a decision back; the audit log keeps it."""
    tenant, item = _find(city, item_id, DECIDE)
    with unit_of_work():
        service.reopen(tenant, item, given["version"])
    return item


@blueprint.post(f"{ONE}/remove")
@blueprint.arguments(schemas.SeenSchema)
@blueprint.response(200, schemas.ShortlistItemSchema)
def remove(given: dict[str, Any], city: str, item_id: int) -> ShortlistItem:
    """Take it off the list; its notes and votes are kept."""
    tenant, item = _find(city, item_id, WRITE)
    with unit_of_work():
        service.remove(tenant, item, given["version"])
    return item


@blueprint.post(f"{ONE}/restore")
@blueprint.arguments(schemas.SeenSchema)
@blueprint.response(200, schemas.ShortlistItemSchema)
def restore(given: dict[str, Any], city: str, item_id: int) -> ShortlistItem:
    """Put it back on the list."""
    tenant, item = _find(city, item_id, WRITE)
    with unit_of_work():
        service.restore(tenant, item, given["version"])
    return item


@blueprint.get("/plan/<string:city>")
@blueprint.response(200, schemas.ShortlistSchema)
def show_plan(city: str) -> dict[str, Any]:
    """What the city will adopt: earliest quarter first, then by unit."""
    return {"items": plan.plan_of(access.enter_city(city, SEE)).items}


def _find(city: str, item_id: int, permission: str) -> tuple[City, ShortlistItem]:
    tenant = access.enter_city(city, permission)
    return tenant, service.get_item(tenant, item_id)
