"""``/api/v1/handovers``: of a city, or of all for maintainers; and what a code on paper stands for, for everybody."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from sqlalchemy import select

from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.tenants import access
from registry.tenants.api import listed
from registry.tenants.handovers import papers, rules, scans, schemas, service
from registry.tenants.handovers.models import Handover, HandoverScan
from registry.tenants.handovers.views import send_document
from registry.tenants.views import Page

blueprint = Blueprint("api_handovers", __name__, url_prefix="/api/v1", description="Handovers of adopted apps")
ONE = "/handovers/<int:handover_id>"


@blueprint.route("/handovers")
class Handovers(MethodView):
    @blueprint.arguments(schemas.HandoverQuery, location="query")
    @blueprint.response(200, schemas.HandoverList)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """A city's handovers; without ``city`` everybody's, for maintainers."""
        wanted = select(Handover).where(Handover.id > query["after"]).order_by(Handover.id)
        if query["city"]:
            wanted = wanted.where(Handover.tenant_id == access.enter_city(query["city"], "agreement.see").id)
        else:
            access.enter_programme("programme.see")
        page = listed(db.session.scalars(wanted.limit(query["limit"] + 1)).all(), query["limit"])
        return {**page, "items": [_shown(found) for found in page["items"]]}


@blueprint.route(ONE)
class One(MethodView):
    @blueprint.arguments(schemas.HandoverSide, location="query")
    @blueprint.response(200, schemas.HandoverShown)
    def get(self, side: dict[str, Any], handover_id: int) -> dict[str, Any]:
        """One handover."""
        return _shown(_enter(side["city"], handover_id, acting=False))


@blueprint.get(f"{ONE}/document")
@blueprint.arguments(schemas.HandoverSide, location="query")
@blueprint.doc(
    responses={"200": {"description": "The document, PDF/UA in Indonesian", "content": {"application/pdf": {}}}}
)
def show_document(side: dict[str, Any], handover_id: int) -> Page:
    """The document to be signed, as PDF."""
    return send_document(_enter(side["city"], handover_id, acting=False))


@blueprint.post(f"{ONE}/sign")
@blueprint.arguments(schemas.HandoverSide, location="query")
@blueprint.arguments(schemas.HandoverSignature)
@blueprint.response(200, schemas.HandoverShown)
def note_signature(side: dict[str, Any], given: dict[str, Any], handover_id: int) -> dict[str, Any]:
    """Note one side's signature."""
    found = _enter(side["city"], handover_id)
    with unit_of_work():
        service.sign(found, _side(side["city"]), given["signatory"], given["signed_on"])
    return _shown(found)


@blueprint.post(f"{ONE}/revoke")
@blueprint.arguments(schemas.HandoverReason)
@blueprint.response(200, schemas.HandoverShown)
def revoke(given: dict[str, Any], handover_id: int) -> dict[str, Any]:
    """Withdraw a handover that should not have been made. For maintainers."""
    found = _enter("", handover_id)
    with unit_of_work():
        service.revoke(found, given["reason"])
    return _shown(found)


@blueprint.route(f"{ONE}/scans")
class Scans(MethodView):
    @blueprint.arguments(schemas.HandoverSide, location="query")
    @blueprint.response(200, schemas.HandoverScanList)
    def get(self, side: dict[str, Any], handover_id: int) -> dict[str, Any]:
        """Scans of the signed document, oldest first."""
        return {"items": scans.of_handover(_enter(side["city"], handover_id, acting=False))}

    @blueprint.arguments(schemas.HandoverSide, location="query")
    @blueprint.arguments(schemas.HandoverScanFile, location="files")
    @blueprint.response(201, schemas.HandoverScanShown)
    def post(self, side: dict[str, Any], files: dict[str, Any], handover_id: int) -> HandoverScan:
        """Bring a scan: a PDF, a JPEG or a PNG of at most 10 MB."""
        found, file = _enter(side["city"], handover_id), files["scan"]
        with unit_of_work():
            return scans.add(found, _side(side["city"]), file.filename or "", file.stream)


@blueprint.get(f"{ONE}/scans/<int:scan_id>")
@blueprint.arguments(schemas.HandoverSide, location="query")
@blueprint.doc(responses={"200": {"description": "The scan itself"}})
def fetch_scan(side: dict[str, Any], handover_id: int, scan_id: int) -> Page:
    """One scan."""
    return scans.send(_enter(side["city"], handover_id, acting=False), scan_id)


@blueprint.get("/handovers/codes/<string:code>")
@blueprint.doc(security=[])
@blueprint.response(200, schemas.HandoverShown)
def verify(code: str) -> dict[str, Any]:
    """What the code on a document stands for. For everybody; 404 when no document bears it."""
    return _shown(service.by_code(code))


def _enter(slug: str, handover_id: int, acting: bool = True) -> Handover:
    if slug:
        return service.find(handover_id, access.enter_city(slug, "agreement.act" if acting else "agreement.see"))
    access.enter_programme("programme.manage" if acting else "programme.see")
    return service.find(handover_id)


def _side(slug: str) -> str:
    return rules.PARTNER if slug else rules.PUBLISHER


def _shown(found: Handover) -> dict[str, Any]:
    told = {name: getattr(found, name) for name in schemas.HandoverShown().fields if hasattr(found, name)}
    return {
        **told, "city": found.city.slug, "publisher": found.publisher.slug, "state": service.state_of(found),
        "code": rules.show_code(found.code), "archive": papers.archive_of(found), "verify": papers.address_of(found),
    }  # fmt: skip
