"""``/api/v1/cities`` to apply, ``/api/v1/cities/{city}/application`` and ``/api/v1/applications``, and regions."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from sqlalchemy import select

from registry.accounts import service as accounts
from registry.accounts.access import person
from registry.core.db import db
from registry.core.errors import Finding, InvalidError
from registry.core.uow import unit_of_work
from registry.tenants import access
from registry.tenants.joining import drafts, proving, schemas, sending, service, waiting
from registry.tenants.joining.models import JoinDraft
from registry.tenants.models import City
from registry.tenants.service import find_city

blueprint = Blueprint("api_joining", __name__, url_prefix="/api/v1", description="Signing up, applications, regions")
ONE = "/cities/<string:city>/application"


@blueprint.route("/cities")
class Apply(MethodView):
    @blueprint.arguments(schemas.NewApplication)
    @blueprint.response(201, schemas.ApplicationShown)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Apply for a city; the holder of the token becomes its first admin."""
        user = person()
        answers = {**given, "code": given["region"], "email": user.email}
        draft = JoinDraft(digest="", answers=answers)
        findings = [finding for step in (1, 2, 3) for finding in drafts.check(draft, step)]
        if findings:
            told = [Finding(_field(finding.path), finding.message) for finding in findings]
            raise InvalidError(told[0].message, told)
        with unit_of_work():
            accounts.count_sign_up(f"person {user.id}")
            city = sending.submit(sending.of_draft(draft), user)
        return shown(city)


def _field(path: str) -> str:
    return "region" if path == "code" else path


@blueprint.route("/applications")
class Applications(MethodView):
    @blueprint.arguments(schemas.ApplicationsQuery, location="query")
    @blueprint.response(200, schemas.ApplicationsShown)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """The maintainers' queue, the oldest first."""
        access.enter_programme("programme.see")
        found = waiting.entries(query["state"], query["proof"], query["q"])
        return {"items": [_entry(one) for one in found]}


@blueprint.route(ONE)
class Application(MethodView):
    @blueprint.response(200, schemas.ApplicationShown)
    def get(self, city: str) -> dict[str, Any]:
        """Where it stands and what was said; for the city's people and for maintainers."""
        return shown(*_entered(city))


@blueprint.post(f"{ONE}/answer")
@blueprint.arguments(schemas.ApplicationText)
@blueprint.response(200, schemas.ApplicationShown)
def answer(given: dict[str, Any], city: str) -> dict[str, Any]:
    """The city answers what was asked; of a declined application it applies again."""
    found = access.enter_city(city, "city.edit")
    act = service.reapply if found.state == "declined" else service.answer
    with unit_of_work():
        act(found, given["text"], given["version"])
    return shown(found)


@blueprint.put(f"{ONE}/contact")
@blueprint.arguments(schemas.ApplicationContact)
@blueprint.response(200, schemas.ApplicationShown)
def correct(given: dict[str, Any], city: str) -> dict[str, Any]:
    """The city puts its contact right while nothing is decided."""
    found = access.enter_city(city, "city.edit")
    version = given.pop("version")
    with unit_of_work():
        service.correct(found, service.Contact(**given), version)
    return shown(found)


@blueprint.post(f"{ONE}/proof")
@blueprint.arguments(schemas.ApplicationProof)
@blueprint.response(202, schemas.ApplicationShown)
def ask_proof(given: dict[str, Any], city: str) -> dict[str, Any]:
    """Have the link sent that proves an official address."""
    found = access.enter_city(city, "city.edit")
    with unit_of_work():
        proving.ask_link(found, given["proof_mail"], given["version"])
    return shown(found)


@blueprint.post(f"{ONE}/letter")
@blueprint.arguments(schemas.ApplicationLetterQuery, location="query")
@blueprint.arguments(schemas.ApplicationLetterFile, location="files")
@blueprint.response(200, schemas.ApplicationShown)
def send_letter(query: dict[str, Any], file: dict[str, Any], city: str) -> dict[str, Any]:
    """Upload the scan of a letter of assignment (PDF, JPEG or PNG)."""
    found, scan = access.enter_city(city, "city.edit"), file["letter"]
    with unit_of_work():
        proving.keep_letter(found, scan.filename or "", scan.stream, query["number"], query["day"], query["version"])
    return shown(found)


@blueprint.post(f"{ONE}/ask")
@blueprint.arguments(schemas.ApplicationText)
@blueprint.response(200, schemas.ApplicationShown)
def ask(given: dict[str, Any], city: str) -> dict[str, Any]:
    """A maintainer asks back."""
    found = _managed(city)
    with unit_of_work():
        service.ask(found, given["text"], given["version"])
    return shown(found, True)


@blueprint.post(f"{ONE}/check")
@blueprint.arguments(schemas.ApplicationCheck)
@blueprint.response(200, schemas.ApplicationShown)
def check(given: dict[str, Any], city: str) -> dict[str, Any]:
    """A maintainer vouches for the office."""
    found = _managed(city)
    with unit_of_work():
        service.check(found, given["how"], given["version"])
    return shown(found, True)


@blueprint.post(f"{ONE}/admit")
@blueprint.arguments(schemas.ApplicationCheck)
@blueprint.response(200, schemas.ApplicationShown)
def admit(given: dict[str, Any], city: str) -> dict[str, Any]:
    """A maintainer admits the city; ``how`` it was checked is needed while the office is not proven."""
    found = _managed(city)
    with unit_of_work():
        service.admit(found, given["version"], given["how"])
    return shown(found, True)


@blueprint.post(f"{ONE}/decline")
@blueprint.arguments(schemas.ApplicationReason)
@blueprint.response(200, schemas.ApplicationShown)
def decline(given: dict[str, Any], city: str) -> dict[str, Any]:
    """A maintainer declines, with the reason the city reads."""
    found = _managed(city)
    with unit_of_work():
        service.decline(found, given["reason"], given["version"])
    return shown(found, True)


def _managed(slug: str) -> City:
    access.enter_programme("programme.manage")
    return find_city(slug)


def _entered(slug: str) -> tuple[City, bool]:
    """The city, and whether a maintainer asks, who reads what earlier applicants were told, too."""
    person()
    publisher = db.session.scalar(select(City).where(City.publisher))
    if access.may("programme.see", publisher):
        access.enter_programme("programme.see")
        return find_city(slug), True
    return access.enter_city(slug, "city.see"), False


def shown(city: City, everything: bool = False) -> dict[str, Any]:
    """The answer about one application; a maintainer reads ``everything``."""
    found = service.application_of(city)
    entry = waiting.entry_of(city, found, waiting.twins_of(city) if everything else ())
    since = found.round if found and not everything else 0
    return {**_entry(entry), "notes": service.notes_of(city, since)}


def _entry(entry: waiting.Entry) -> dict[str, Any]:
    city, form = entry.city, entry.form
    same = ("proven_at", "head", "mail", "phone")
    return {name: getattr(form, name, None) or (None if name == "proven_at" else "") for name in same} | {
        "city": city.slug, "code": city.code, "name": city.name, "province": city.province, "state": entry.state,
        "version": form.version if form else 0, "sent_at": entry.since, "lacking": list(entry.lacking),
        "looks_like": [other.slug for other in entry.twins], "contact_office": city.contact_office,
        "contact_name": city.contact_name, "proof": form.proof if form and entry.has_form else None,
    }  # fmt: skip
