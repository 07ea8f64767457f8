"""Handovers in words."""

from __future__ import annotations

from flask_babel import gettext as _

from registry.tenants.handovers import rules


def state_name(state: str) -> str:
    return {
        rules.DRAWN: _("waits for signatures"),
        rules.SIGNED: _("signed by both"),
        rules.REVOKED: _("withdrawn"),
    }[state]


def tone(state: str) -> str:
    """The colour of its badge."""
    return {rules.DRAWN: "warn", rules.SIGNED: "ok", rules.REVOKED: "bad"}[state]


def problem_text(problem: str) -> str:
    return {
        "revoked": _("This handover was withdrawn: it cannot be signed any more."),
        "signed-already": _("This side has signed already."),
        "in-future": _("This day is still to come."),
        "before-handover": _("The handover took place later than this day."),
        "signatory": _("Name the office that signs, in 3 to 120 characters."),
    }[problem]
