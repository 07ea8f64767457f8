"""What several rooms of pages share."""

import sqlite3
from collections.abc import Callable

from flask import abort, flash, redirect, url_for
from flask_babel import gettext as _
from lumbung_plugin import database, today, transaction
from werkzeug.wrappers import Response

from rencana import plan
from rencana.people import actor
from rencana.plan import Programme
from rencana.rules import Actor, Refused
from rencana.words import REFUSALS

View = str | Response | tuple[str, int]


def found_programme(programme_id: int) -> Programme:
    """A programme; 404 when there is none."""
    found = plan.programme(database(), programme_id, today())
    if found is None:
        abort(404, _("There is no such programme."))
    return found


def act(done: Callable[[sqlite3.Connection, Actor], object], words: str) -> bool:
    """Do something in a transaction and say so; a refusal is said instead, and nothing is changed."""
    try:
        with transaction() as db:
            done(db, actor(db))
    except Refused as refused:
        flash(str(REFUSALS[refused.refusal]), "warn")
        return False
    flash(words, "good")
    return True


def to_programme(programme_id: int) -> Response:
    return redirect(url_for("desk.show", programme_id=programme_id))
