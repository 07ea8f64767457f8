"""What the pages of one's own application share: whose it is, what may change, what every page shows."""

import sqlite3
from typing import Any

from flask import abort, flash, redirect, url_for
from flask_babel import gettext as _
from lumbung_plugin import database, settings
from werkzeug.wrappers import Response

from perizinan import filing, mine, store, zoning
from perizinan.rules import Act, Refusal, State, possible
from perizinan.words import REFUSALS


def unlisted(response: Response) -> Response:
    """What belongs to one applicant: no search engine, no copy in a cache."""
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def mine_only(number: str) -> sqlite3.Row:
    """The application, when this browser has opened it; 403 in words otherwise, whether it exists or not."""
    found = store.by_number(database(), number)
    if found is None or not mine.is_mine(found["number"]):
        abort(403, _("Open your application with its number and secret code first, under “Follow”."))
    return found


def changeable(number: str, requirement: int | None) -> sqlite3.Row:
    """The same, when the applicant may change it now (a requirement, or None for data and place); else 409."""
    return again(database(), mine_only(number), requirement)


def again(db: sqlite3.Connection, application: sqlite3.Row, requirement: int | None) -> sqlite3.Row:
    """The row as it is now, still open for this change: who wrote in between is not overwritten."""
    row = store.by_number(db, application["number"])
    if row is None or not filing.editable(db, row, requirement):
        abort(409, _("This cannot be changed now: the office is working on what you sent."))
    return row


def common(db: sqlite3.Connection, application: sqlite3.Row) -> dict[str, Any]:
    """What every page of an application shows."""
    needs = store.requirements(db, application)
    return {
        "application": application,
        "needs": needs,
        "files": store.files(db, application["id"]),
        "missing": store.missing(db, application),
        "zone": zoning.kept(application["zoning"]),
        "corrections": store.corrections(db, application["id"]),
        "editable": {one["id"]: filing.editable(db, application, one["id"]) for one in needs},
        "data_editable": filing.editable(db, application, None),
        "possible": possible(State(application["state"])),
        "withdrawable": Act.WITHDRAW in possible(State(application["state"])),
        "days_kept": settings()["retention_days"],
    }


def done(number: str, refusal: Refusal | None, words: str) -> Response:
    """Back to the application, with what was done or why it was not."""
    flash(REFUSALS[refusal] if refusal else words, "warn" if refusal else "good")
    return redirect(url_for("applicant.overview", number=number))
