"""Who is at work, as the plan knows them."""

import sqlite3

from lumbung_plugin import offices, staff

from rencana.rules import Actor


def actor(db: sqlite3.Connection) -> Actor:
    """The member of staff of this request; 403 for everybody else."""
    who = staff()
    return Actor(who.name, offices.of(db, who), who.may("administrator"))
