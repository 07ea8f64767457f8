"""What other plugins of the city may send: `reports.create` at `/_laporan`. Lumbung lets only allowed ones ask."""

from typing import Any

from flask import Blueprint, abort, request
from flask_babel import gettext as _
from lumbung_plugin import database, public_url, stuffing, transaction
from lumbung_plugin.people import Caller, caller

from lapor import intake, notes, store
from lapor.words import STATES_IN_BOTH

pages = Blueprint("siblings", __name__, url_prefix="/_laporan")

MOST, WINDOW = 600, stuffing.HOUR

Answer = tuple[dict[str, Any], int]


@pages.post("")
def create() -> Answer:
    """Take a report in, or tell the number of the one this sibling has sent before under the same reference."""
    who = _caller()
    db = database()
    read = notes.read(_body(), who.plugin, lambda name: store.category_named(db, name))
    if isinstance(read, dict):
        return {"errors": read}, 422
    if read.reference and (known := intake.referred(db, who.plugin, read.reference)):
        return _told(known["number"]), 200
    if stuffing.too_many(db, "sibling_report", "created_at", MOST, WINDOW):
        return {"errors": {"reference": _("Too many reports within an hour. Try again later.")}}, 429
    with transaction() as held:
        # Asked again under the lock: two deliveries of one mention may arrive together.
        known = intake.referred(held, who.plugin, read.reference) if read.reference else None
        number = known["number"] if known else intake.take(held, read)
    return _told(number), 200 if known else 201


@pages.get("/<number>")
def show(number: str) -> Answer:
    """How a report stands that this sibling has sent."""
    who = _caller()
    row = store.by_number(database(), number)
    if row is None or row["source"] != who.plugin:
        abort(404)
    labels = STATES_IN_BOTH[row["state"]]
    state = {"state": row["state"], "state_label": {"id": labels[0], "en": labels[1]}}
    return {**_told(row["number"]), **state, "office": row["office"], "answered_at": row["answered_at"]}, 200


def _body() -> Any:
    """The JSON that was sent; nothing for what is none, or nests too deep to be meant."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def _caller() -> Caller:
    who = caller()
    if who is None:
        abort(403, _("This address is for other plugins of the city."))
    return who


def _told(number: str) -> dict[str, str]:
    return {"number": number, "url": public_url("public.show", number=number)}
