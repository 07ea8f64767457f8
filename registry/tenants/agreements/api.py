"""``/api/v1/agreements``: of a city, or of all for maintainers."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView
from flask_babel import gettext as _
from flask_smorest import Blueprint
from sqlalchemy import select

from registry.core.db import db
from registry.core.errors import NotFoundError
from registry.core.uow import unit_of_work
from registry.tenants import access
from registry.tenants.agreements import rules, schemas, service
from registry.tenants.agreements.models import Agreement
from registry.tenants.api import listed
from registry.tenants.models import City

blueprint = Blueprint("api_agreements", __name__, url_prefix="/api/v1", description="Agreements of cities")


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
        return {**page, "items": [_shown(found) for found in page["items"]]}


@blueprint.route("/agreements/<int:agreement_id>/propose")
class Propose(MethodView):
    @blueprint.arguments(schemas.Side, location="query")
    @blueprint.arguments(schemas.Proposal)
    @blueprint.response(200, schemas.AgreementShown)
    def post(self, side: dict[str, Any], changes: dict[str, Any], agreement_id: int) -> dict[str, Any]:
        """Put a draft before both sides."""
        city, found, _side = _enter(side["city"], agreement_id)
        kept = {name: getattr(found, name) for name in ("number", "starts_on", "ends_on", "allows_variants")}
        with unit_of_work():
            service.propose(city, found, service.Draft(**{**kept, **changes}))
        return _shown(found)


@blueprint.route("/agreements/<int:agreement_id>/sign")
class Sign(MethodView):
    @blueprint.arguments(schemas.Side, location="query")
    @blueprint.arguments(schemas.Signature)
    @blueprint.response(200, schemas.AgreementShown)
    def post(self, side: dict[str, Any], given: dict[str, Any], agreement_id: int) -> dict[str, Any]:
        """Note one side's signature."""
        city, found, who = _enter(side["city"], agreement_id)
        with unit_of_work():
            service.sign(city, found, who, given["signatory"], given["signed_on"])
        return _shown(found)


def _enter(slug: str, agreement_id: int) -> tuple[City, Agreement, str]:
    """The city, its agreement, and the side the caller acts for."""
    if slug:
        city = access.enter_city(slug, "agreement.act")
        return city, service.agreement(city.id, agreement_id), rules.PARTNER
    access.enter_programme("programme.manage")
    found = db.session.scalar(select(Agreement).where(Agreement.id == agreement_id))
    if found is None:
        raise NotFoundError(_("There is no such agreement."))
    return db.session.get_one(City, found.tenant_id), found, rules.PUBLISHER


def _shown(found: Agreement) -> dict[str, Any]:
    same = ("id", "kind", "number", "starts_on", "ends_on", "publisher_signatory", "publisher_signed_on",
            "partner_signatory", "partner_signed_on", "allows_variants", "reason")  # fmt: skip
    city = db.session.get_one(City, found.tenant_id)
    return {**{name: getattr(found, name) for name in same}, "city": city.slug, "state": service.effective_state(found)}
