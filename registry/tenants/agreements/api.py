"""``/api/v1/agreements``: of a city, or of all for maintainers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask.views import MethodView
from flask_babel import gettext as _
from flask_smorest import Blueprint
from sqlalchemy import select

from registry.core.db import db
from registry.core.errors import NotFoundError
from registry.core.uow import unit_of_work
from registry.tenants import access
from registry.tenants.agreements import doors, history, reading, rules, schemas, service
from registry.tenants.agreements.contents import PARTNER, PUBLISHER, Draft
from registry.tenants.agreements.doors import Door
from registry.tenants.agreements.models import Agreement
from registry.tenants.api import listed
from registry.tenants.models import City

blueprint = Blueprint("api_agreements", __name__, url_prefix="/api/v1", description="Agreements of cities")
ONE = "/agreements/<int:agreement_id>"


@blueprint.route("/agreements")
class Agreements(MethodView):
    @blueprint.arguments(schemas.AgreementQuery, location="query")
    @blueprint.response(200, schemas.AgreementList)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """A city's agreements; without ``city`` everybody's, for maintainers."""
        wanted = select(Agreement).where(Agreement.id > query["after"]).order_by(Agreement.id)
        if query["city"]:
            wanted = wanted.where(Agreement.tenant_id == access.enter_city(query["city"], "agreement.see").id)
        else:
            access.enter_programme("programme.see")
        page = listed(db.session.scalars(wanted.limit(query["limit"] + 1)).all(), query["limit"])
        return {**page, "items": [shown(found) for found in page["items"]]}

    @blueprint.arguments(schemas.Side, location="query")
    @blueprint.arguments(schemas.NewAgreement)
    @blueprint.response(201, schemas.AgreementShown)
    def post(self, side: dict[str, Any], wish: dict[str, Any]) -> dict[str, Any]:
        """Draft one: for one's own city, or as a maintainer for the city ``for_city``."""
        slug = side["city"] or wish["for_city"]
        door = doors.enter(PARTNER if side["city"] else PUBLISHER, slug, "act")
        with unit_of_work():
            draft = changed(Draft(), wish)
            made = service.draft_agreement(door.city, wish["kind"], draft, door.side)
            return shown(made)


@blueprint.route(ONE)
class OneAgreement(MethodView):
    @blueprint.arguments(schemas.Side, location="query")
    @blueprint.response(200, schemas.AgreementShown)
    def get(self, side: dict[str, Any], agreement_id: int) -> dict[str, Any]:
        """One agreement with its parties, terms and scope."""
        door = enter(side["city"], agreement_id, "see")
        return shown(service.agreement(door.city.id, agreement_id))

    @blueprint.arguments(schemas.Side, location="query")
    @blueprint.arguments(schemas.AgreementWish)
    @blueprint.response(200, schemas.AgreementShown)
    def patch(self, side: dict[str, Any], wish: dict[str, Any], agreement_id: int) -> dict[str, Any]:
        """Change what a draft says."""
        door = enter(side["city"], agreement_id, "act")
        with unit_of_work():
            found = history.locked(door.city, agreement_id, wish["version"])
            service.edit(door.city, found, changed(reading.draft_of(found), wish), door.side)
            return shown(found)


@blueprint.route(f"{ONE}/propose")
class Propose(MethodView):
    @blueprint.arguments(schemas.Side, location="query")
    @blueprint.arguments(schemas.AgreementWish)
    @blueprint.response(200, schemas.AgreementShown)
    def post(self, side: dict[str, Any], wish: dict[str, Any], agreement_id: int) -> dict[str, Any]:
        """Put a draft before both sides, with last changes."""
        door = enter(side["city"], agreement_id, "act")
        with unit_of_work():
            found = history.locked(door.city, agreement_id, wish["version"])
            service.propose(door.city, found, changed(reading.draft_of(found), wish), door.side)
            return shown(found)


@blueprint.route(f"{ONE}/withdraw")
class Withdraw(MethodView):
    @blueprint.arguments(schemas.Side, location="query")
    @blueprint.arguments(schemas.AgreementWithdrawal)
    @blueprint.response(200, schemas.AgreementShown)
    def post(self, side: dict[str, Any], given: dict[str, Any], agreement_id: int) -> dict[str, Any]:
        """Take a proposal back to the draft."""
        door = enter(side["city"], agreement_id, "act")
        with unit_of_work():
            found = history.locked(door.city, agreement_id, given["version"])
            service.withdraw(door.city, found, given["reason"], door.side)
            return shown(found)


@blueprint.route(f"{ONE}/sign")
class Sign(MethodView):
    @blueprint.arguments(schemas.Side, location="query")
    @blueprint.arguments(schemas.Signature)
    @blueprint.response(200, schemas.AgreementShown)
    def post(self, side: dict[str, Any], given: dict[str, Any], agreement_id: int) -> dict[str, Any]:
        """Note one side's signature."""
        door = enter(side["city"], agreement_id, "act")
        told = (given["signatory"], given["signed_on"], given["number"], given["mandate"])
        with unit_of_work():
            found = history.locked(door.city, agreement_id, given["version"])
            service.sign(door.city, found, door.side, *told)
            return shown(found)


def enter(slug: str, agreement_id: int, what: str) -> Door:
    """With a city's name that city's side, without the publisher's."""
    if slug:
        return doors.enter(rules.PARTNER, slug, what)
    access.enter_programme(doors.PERMISSIONS[rules.PUBLISHER][what])
    found = db.session.scalar(select(Agreement).where(Agreement.id == agreement_id))
    if found is None:
        raise NotFoundError(_("There is no such agreement."))
    return Door(db.session.get_one(City, found.tenant_id), rules.PUBLISHER)


def changed(draft: Draft, wish: dict[str, Any]) -> Draft:
    """The draft with what is wished otherwise."""
    names = set(schemas.AgreementText().fields)
    told = {name: value for name, value in wish.items() if name in names}
    if told.get("scope_apps") is not None:
        told["scope_apps"] = tuple(told["scope_apps"])
    for side in (PUBLISHER, PARTNER):
        if side in wish:
            told[side] = replace(getattr(draft, side), **wish[side])
    return replace(draft, **told)


def shown(found: Agreement) -> dict[str, Any]:
    text = reading.draft_of(found)
    same = ("id", "kind", "relation", "parent_id", "version", "terminates_on", "publisher_signatory",
            "publisher_signed_on", "partner_signatory", "partner_signed_on", "reason")  # fmt: skip
    said = {name: getattr(text, name) for name in schemas.AgreementText().fields}
    sides = {side: getattr(text, side).to_json() for side in (PUBLISHER, PARTNER)}
    city = db.session.get_one(City, found.tenant_id)
    own = {name: getattr(found, name) for name in same}
    return {**said, **sides, **own, "city": city.slug, "state": service.effective_state(found)}
