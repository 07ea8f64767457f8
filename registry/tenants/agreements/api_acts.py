"""``/api/v1/agreements``: what follows the signatures, papers, history, and what holds for all of them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask.views import MethodView
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from registry.core.errors import Finding, InvalidError
from registry.core.uow import unit_of_work
from registry.tenants import access
from registry.tenants.agreements import (
    changing,
    doors,
    drawing,
    history,
    papers,
    rules,
    schemas,
    seams,
    service,
    settings,
    suspending,
)
from registry.tenants.agreements.api import ONE, blueprint, enter, shown
from registry.tenants.agreements.contents import Party
from registry.tenants.agreements.models import AgreementPaper
from registry.tenants.agreements.settings import Programme
from registry.tenants.agreements.views_papers import attached
from registry.tenants.models import City


@blueprint.route(f"{ONE}/renew")
class Renew(MethodView):
    @blueprint.arguments(schemas.Side, location="query")
    @blueprint.arguments(schemas.AgreementVersion)
    @blueprint.response(201, schemas.AgreementShown)
    def post(self, side: dict[str, Any], given: dict[str, Any], agreement_id: int) -> dict[str, Any]:
        """Draft its renewal: says the same, right after it, for as long again."""
        door = enter(side["city"], agreement_id, "act")
        with unit_of_work():
            found = history.locked(door.city, agreement_id, given["version"])
            return shown(changing.renew(door.city, found, door.side))


@blueprint.route(f"{ONE}/amend")
class Amend(MethodView):
    @blueprint.arguments(schemas.Side, location="query")
    @blueprint.arguments(schemas.AgreementVersion)
    @blueprint.response(201, schemas.AgreementShown)
    def post(self, side: dict[str, Any], given: dict[str, Any], agreement_id: int) -> dict[str, Any]:
        """Draft an addendum with the terms as they are now."""
        door = enter(side["city"], agreement_id, "act")
        with unit_of_work():
            found = history.locked(door.city, agreement_id, given["version"])
            return shown(changing.amend(door.city, found, door.side))


@blueprint.route(f"{ONE}/terminate")
class Terminate(MethodView):
    @blueprint.response(200, schemas.EndingEffects)
    def get(self, agreement_id: int) -> dict[str, Any]:
        """What ending it closes and what stays, by name. For maintainers."""
        door = enter("", agreement_id, "act")
        found = service.agreement(door.city.id, agreement_id)
        return {"effects": [asdict(one) for one in changing.effects_of_ending(door.city, found)]}

    @blueprint.arguments(schemas.AgreementTermination)
    @blueprint.response(200, schemas.AgreementShown)
    def post(self, given: dict[str, Any], agreement_id: int) -> dict[str, Any]:
        """End it before its time. For maintainers."""
        door = enter("", agreement_id, "act")
        with unit_of_work():
            found = history.locked(door.city, agreement_id, given["version"])
            changing.terminate(door.city, found, given["reason"], given["effective_on"])
            return shown(found)


@blueprint.route(f"{ONE}/keep")
class Keep(MethodView):
    @blueprint.arguments(schemas.AgreementWithdrawal)
    @blueprint.response(200, schemas.AgreementShown)
    def post(self, given: dict[str, Any], agreement_id: int) -> dict[str, Any]:
        """Take back an early end whose day is still to come. For maintainers."""
        door = enter("", agreement_id, "act")
        with unit_of_work():
            found = history.locked(door.city, agreement_id, given["version"])
            changing.keep(door.city, found, given["reason"])
            return shown(found)


@blueprint.route(f"{ONE}/history")
class History(MethodView):
    @blueprint.arguments(schemas.Side, location="query")
    @blueprint.response(200, schemas.AgreementHistory)
    def get(self, side: dict[str, Any], agreement_id: int) -> dict[str, Any]:
        """Who did what, when and why; oldest first."""
        door = enter(side["city"], agreement_id, "see")
        return {"items": history.events(service.agreement(door.city.id, agreement_id))}


@blueprint.route(f"{ONE}/papers")
class Papers(MethodView):
    @blueprint.arguments(schemas.Side, location="query")
    @blueprint.response(200, schemas.AgreementPapers)
    def get(self, side: dict[str, Any], agreement_id: int) -> dict[str, Any]:
        """Signed scans, then the texts that were drawn; newest first."""
        door = enter(side["city"], agreement_id, "see")
        found = service.agreement(door.city.id, agreement_id)
        return {"items": [*papers.scans(found), *papers.drafts(found)]}

    @blueprint.arguments(schemas.Side, location="query")
    @blueprint.arguments(schemas.ScanUpload, location="files")
    @blueprint.response(201, schemas.AgreementPaperShown)
    def post(self, side: dict[str, Any], given: dict[str, Any], agreement_id: int) -> AgreementPaper:
        """Keep a signed scan."""
        door = enter(side["city"], agreement_id, "act")
        file = given["file"]
        with unit_of_work():
            found = history.locked(door.city, agreement_id, None)
            return papers.add_scan(door.city, found, door.side, file.filename or "", file.stream)


@blueprint.route(f"{ONE}/papers/<int:paper_id>")
class OnePaper(MethodView):
    @blueprint.arguments(schemas.Side, location="query")
    @blueprint.response(200, content_type="application/octet-stream")
    def get(self, side: dict[str, Any], agreement_id: int, paper_id: int) -> Response:
        """The file itself."""
        door = enter(side["city"], agreement_id, "see")
        return attached(door.city, papers.get(door.city, agreement_id, paper_id))


@blueprint.route(f"{ONE}/text.pdf")
class Text(MethodView):
    @blueprint.arguments(schemas.Side, location="query")
    @blueprint.response(200, content_type="application/pdf")
    def get(self, side: dict[str, Any], agreement_id: int) -> Response:
        """The text as PDF/UA, as it stands now."""
        door = enter(side["city"], agreement_id, "see")
        with unit_of_work():
            kept = drawing.paper(door.city, service.agreement(door.city.id, agreement_id))
            return attached(door.city, kept)


@blueprint.route("/agreements/settings")
class Settings(MethodView):
    @blueprint.response(200, schemas.ProgrammeSettingsShown)
    def get(self) -> dict[str, Any]:
        """What agreements are called, who signs for the publisher, when both sides are reminded."""
        access.enter_programme("programme.see")
        return {**asdict(settings.programme()), "version": settings.version()}

    @blueprint.arguments(schemas.ProgrammeSettingsShown)
    @blueprint.response(200, schemas.ProgrammeSettingsShown)
    def put(self, wish: dict[str, Any]) -> dict[str, Any]:
        """Decide them anew."""
        access.enter_programme("programme.manage")
        told = {name: value for name, value in wish.items() if name != "version"}
        for name in ("memorandum_party", "pks_party"):
            told[name] = Party(**told.get(name, {}))
        for name in ("reminder_days", "memorandum_signers", "pks_signers"):
            if name in told:
                told[name] = tuple(told[name])
        with unit_of_work():
            settings.change(Programme(**told), wish.get("version"))
        return {**asdict(settings.programme()), "version": settings.version()}


@blueprint.route("/agreements/suspensions/<city>")
class CitySuspension(MethodView):
    @blueprint.response(200, schemas.SuspensionShown)
    def get(self, city: str) -> dict[str, Any]:
        """Whether the programme closed the city's plugins for citizens. For maintainers."""
        return _suspension(doors.enter(rules.PUBLISHER, city, "see").city)

    @blueprint.arguments(schemas.SuspensionWish)
    @blueprint.response(201, schemas.SuspensionShown)
    def post(self, given: dict[str, Any], city: str) -> dict[str, Any]:
        """Close them, while no PKS is in force."""
        door = doors.enter(rules.PUBLISHER, city, "act")
        if given["confirm"] != door.city.slug:
            message = _("Type %(phrase)s to confirm", phrase=door.city.slug)
            raise InvalidError(message, [Finding("confirm", message)])
        with unit_of_work():
            suspending.suspend(door.city, given["reason"], given["words"])
            return _suspension(door.city)

    @blueprint.response(200, schemas.SuspensionShown)
    def delete(self, city: str) -> dict[str, Any]:
        """Open them again."""
        door = doors.enter(rules.PUBLISHER, city, "act")
        with unit_of_work():
            suspending.resume(door.city)
            return _suspension(door.city)


def _suspension(city: City) -> dict[str, Any]:
    held = suspending.current(city)
    told = (
        {name: getattr(held, name) for name in ("plugins", "reason", "words", "begun_at", "begun_by")} if held else {}
    )
    return {"suspended": held is not None, "running": seams.closer().running(city), **told}
