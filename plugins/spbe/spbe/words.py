"""Values of the rules in the page's language."""

from fractions import Fraction

from flask_babel import format_decimal
from flask_babel import lazy_gettext as _l

from spbe import rules
from spbe.rules import Round, Standing, State

STANDINGS = {
    Standing.EMPTY: (_l("Not answered"), "plain"),
    Standing.CLAIMED: (_l("Waits for review"), "info"),
    Standing.AGREED: (_l("Agreed"), "good"),
    Standing.CHANGED: (_l("Changed by the assessor"), "warn"),
    Standing.RETURNED: (_l("Sent back"), "wrong"),
}
ROUNDS = {
    Round.SELF: _l("The offices' own"),
    Round.INTERNAL: _l("Internal assessors"),
    Round.EXTERNAL: _l("The ministry"),
}
STATES = {State.OPEN: (_l("Open"), "info"), State.FINAL: (_l("Final"), "good")}
TONES = {"Memuaskan": "good", "Sangat Baik": "good", "Baik": "info", "Cukup": "warn", "Kurang": "wrong"}
"""Tone of a predicate by its Indonesian name."""


def index(value: Fraction) -> str:
    """An index as people write it, always with two decimals, rounded half up: 3,50."""
    return format_decimal(rules.shown(value), "0.00")


def weight(value: Fraction) -> str:
    """A weight in per cent: 2,75."""
    return format_decimal(rules.shown(value), "0.##")
