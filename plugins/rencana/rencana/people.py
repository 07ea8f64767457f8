"""Who is at work, as the plan knows them."""

import sqlite3

from flask import abort
from flask_babel import gettext as _
from lumbung_plugin import offices, person

from rencana.rules import Actor


def actor(db: sqlite3.Connection) -> Actor:
    """The member of staff of this request; 403 for everybody else."""
    who = person()
    if who is None:
        abort(403, _("This page is for staff. Sign in with your work account first."))
    return Actor(who.name, offices.of(db, who), who.may("administrator"))
