"""``/api/v1/apps/{app}/proposals``: what cities offer. Reading needs no token; opening, saying and deciding does."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from registry.accounts.access import person
from registry.catalog import service as catalog
from registry.core import paging
from registry.core.errors import ConflictError
from registry.core.uow import unit_of_work
from registry.forge import proving
from registry.forge.browsing.patches import Diff
from registry.forge.proposals import deciding, doors, looks, reading, remarks, rules, schemas, service, words
from registry.forge.proposals.models import Proposal, Remark
from registry.forge.proposals.remarks import Spot
from registry.tenants.access import enter_city, enter_programme

blueprint = Blueprint("api_proposals", __name__, url_prefix="/api/v1", description="Giving changes back")
LIST = "/apps/<string:app>/proposals"
ONE = f"{LIST}/<int:number>"


@blueprint.get("/proposals")
@blueprint.arguments(schemas.ProposalQueueQuerySchema, location="query")
@blueprint.response(200, schemas.ForkProposalPageSchema)
def list_open_proposals(query: dict[str, Any]) -> dict[str, Any]:
    """Open ones of all apps, those that wait longest first. For maintainers."""
    enter_programme(doors.DECIDE)
    return paging.page(reading.listed(reading.queue(query["state"], query["q"])), query, _key)


@blueprint.get("/cities/<string:city>/proposals")
@blueprint.arguments(schemas.ProposalsQuerySchema, location="query")
@blueprint.response(200, schemas.ForkProposalPageSchema)
def list_city_proposals(query: dict[str, Any], city: str) -> dict[str, Any]:
    """What a city offered, newest first. For its people."""
    entered = enter_city(city, "city.see")
    return paging.page(reading.listed(reading.wanted(query["state"], query["q"], city=entered)), query, _key)


@blueprint.get(LIST)
@blueprint.arguments(schemas.ProposalsQuerySchema, location="query")
@blueprint.response(200, schemas.ForkProposalPageSchema)
def list_proposals(query: dict[str, Any], app: str) -> dict[str, Any]:
    """What was offered to an app, newest first."""
    found = reading.wanted(query["state"], query["q"], app=catalog.get_app(app))
    return paging.page(reading.listed(found), query, _key)


@blueprint.post(LIST)
@blueprint.arguments(schemas.NewProposalSchema)
@blueprint.response(201, schemas.ForkProposalSchema)
def open_proposal(given: dict[str, str], app: str) -> Proposal:
    """Offer a branch of a city's fork. Everybody may read it from then on."""
    owner, fork, user = doors.offering(given["city"], app)
    with unit_of_work():
        return service.open_proposal(owner, fork, user, given["branch"], given["title"], given["text"])


@blueprint.get(ONE)
@blueprint.response(200, schemas.ForkProposalSchema)
def show_proposal(app: str, number: int) -> Proposal:
    """As it is now."""
    return _found(app, number)


@blueprint.patch(ONE)
@blueprint.arguments(schemas.ProposalWordsSchema)
@blueprint.response(200, schemas.ForkProposalSchema)
def edit_proposal(given: dict[str, str], app: str, number: int) -> Proposal:
    """Other words for the same change, by the city."""
    found, speaker = doors.entered(app, number, rules.CITY)
    with unit_of_work():
        service.edit(found, speaker, given["title"], given["text"])
    return found


@blueprint.get(f"{ONE}/changes")
@blueprint.response(200, schemas.ProposalChangesSchema)
def list_changes(app: str, number: int) -> Diff:
    """Line by line, without the city's nameplate."""
    return remarks.changes(_found(app, number))


@blueprint.get(f"{ONE}/commits")
@blueprint.response(200, schemas.ProposalCommitsSchema)
def list_commits(app: str, number: int) -> dict[str, Any]:
    """Newest first."""
    return {"items": looks.commits(_found(app, number))}


@blueprint.get(f"{ONE}/checks")
@blueprint.response(200, schemas.ProposalChecksSchema)
def show_checks(app: str, number: int) -> dict[str, Any]:
    """What the inspection, the checklist and its own tests say of the merged tree."""
    look = looks.look(_found(app, number))
    if look is None:
        return {"checked": False, "findings": (), "checks": (), "tests": ""}
    tests = look.proved.state if look.proved else ""
    return {"checked": True, "findings": look.findings, "checks": look.checks, "tests": tests}


@blueprint.post(f"{ONE}/tests")
@blueprint.response(202, schemas.ProposalTestsSchema)
def run_tests(app: str, number: int) -> Any:
    """Have the merged tree's own tests run in the sandbox; for either side."""
    found, speaker = doors.entered(app, number)
    found = service.refreshed(found)
    if not found.trial:
        raise ConflictError(words.fit_text(found.fit))
    with unit_of_work():
        return proving.ask_commit(speaker.city, found.app, found.trial, person().id)


@blueprint.get(f"{ONE}/remarks")
@blueprint.arguments(paging.PageQuery, location="query")
@blueprint.response(200, schemas.RemarkPageSchema)
def list_remarks(query: dict[str, Any], app: str, number: int) -> dict[str, Any]:
    """What was said and done, oldest first."""
    found = reading.get(catalog.get_app(app), number)
    return paging.page(reading.remarks_of(found), query, lambda one: str(one.id))


@blueprint.post(f"{ONE}/remarks")
@blueprint.arguments(schemas.SayOnProposalSchema)
@blueprint.response(201, schemas.RemarkSchema)
def say(given: dict[str, Any], app: str, number: int) -> Remark:
    """Comment, on the whole or on a line; or review, for maintainers."""
    found, speaker = doors.entered(app, number)
    found = service.refreshed(found)
    spot = Spot(given["path"], given["side"], given["line"]) if given["path"] else None
    with unit_of_work():
        return remarks.say(found, speaker, given["kind"], given["text"], spot, given["head"])


@blueprint.post(f"{ONE}/decision")
@blueprint.arguments(schemas.ProposalDecisionSchema)
@blueprint.response(200, schemas.ForkProposalSchema)
def decide(given: dict[str, Any], app: str, number: int) -> Proposal:
    """merge, squash or decline (publisher); withdraw (city); reopen (who closed it). Of two at once one gets a 409."""
    found, speaker = doors.entered(app, number)
    found = service.refreshed(found)
    if given["act"] in rules.WAYS:
        return deciding.merge(found, speaker, given["act"], given["head"], given["untested"])
    with unit_of_work():
        deciding.close(found, speaker, given["act"], given["reason"])
    return reading.get(found.app, number)


def _found(app: str, number: int) -> Proposal:
    return service.refreshed(reading.get(catalog.get_app(app), number))


def _key(proposal: Proposal) -> str:
    return str(proposal.id)
