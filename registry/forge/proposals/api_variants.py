"""Publishing a fork as a variant, for programs: a city asks, maintainers decide."""

from __future__ import annotations

from typing import Any

from registry.accounts.access import person
from registry.core import paging
from registry.core.uow import unit_of_work
from registry.forge.proposals import doors, rules, schemas, variants
from registry.forge.proposals.api import blueprint
from registry.forge.proposals.doors import Speaker
from registry.forge.proposals.models import VariantRequest
from registry.tenants.access import enter_programme


@blueprint.get("/variants")
@blueprint.arguments(paging.PageQuery, location="query")
@blueprint.response(200, schemas.VariantRequestPageSchema)
def list_variant_requests(query: dict[str, Any]) -> dict[str, Any]:
    """What cities ask to publish, those that wait first. For maintainers."""
    enter_programme(doors.DECIDE)
    return paging.page(variants.requests(), query, lambda one: str(one.id))


@blueprint.post("/apps/<string:app>/variants")
@blueprint.arguments(schemas.NewVariantSchema)
@blueprint.response(201, schemas.VariantRequestSchema)
def ask_variant(given: dict[str, str], app: str) -> VariantRequest:
    """Ask to publish a city's fork of the app under a name of its own."""
    owner, fork, user = doors.offering(given["city"], app)
    with unit_of_work():
        return variants.ask(owner, fork, user, given["name"], given["slug"], given["why"])


@blueprint.post("/variants/<int:number>/decision")
@blueprint.arguments(schemas.VariantDecisionSchema)
@blueprint.response(200, schemas.VariantRequestSchema)
def decide_variant(given: dict[str, str], number: int) -> Any:
    """approve has it published and answers 202 with the job to watch; decline needs a reason. For maintainers."""
    speaker = Speaker(rules.PUBLISHER, enter_programme(doors.DECIDE), person())
    with unit_of_work():
        asked = variants.get(number)
        if given["act"] == "approve":
            variants.begin(asked, speaker)
            return asked, 202
        variants.decline(asked, speaker, given["reason"])
        return asked
