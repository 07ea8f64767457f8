"""The codes of assistance in words, in the language of the request."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from registry.catalog.assistance import rules


def state_name(state: str) -> str:
    return {
        rules.OPEN: _("new"),
        rules.WAITS_CITY: _("waits for the city"),
        rules.WAITS_HELPER: _("waits for the maintainers"),
        rules.SOLVED: _("solved"),
        rules.CLOSED: _("closed"),
    }[state]


def state_tone(state: str) -> str:
    return {rules.OPEN: "warn", rules.WAITS_CITY: "info", rules.WAITS_HELPER: "warn", rules.SOLVED: "ok"}.get(
        state, "muted"
    )


def urgency_name(urgency: str) -> str:
    return {
        rules.LOW: _("can wait"),
        rules.NORMAL: _("work is hampered"),
        rules.HIGH: _("citizens cannot be served"),
    }[urgency]


def phase_name(phase: str) -> str:
    return {
        rules.INSTALLATION: _("Taking it over, installing or upgrading it"),
        rules.OPERATION: _("Daily use, settings, faults"),
    }[phase]


def promise_text(promised: str) -> str:
    return {
        rules.NONE: _("No PKS in force promises assistance with this app."),
        rules.INSTALLATION: _("The PKS promises assistance up to installation."),
        rules.OPERATION: _("The PKS promises assistance in operation too."),
    }[promised]


def act_name(act: str) -> str:
    return {
        "open": _("asked"),
        rules.SAY: _("wrote"),
        rules.SOLVE: _("marked it as solved"),
        rules.CLOSE: _("closed it"),
        rules.REOPEN: _("opened it again"),
        "assign": _("takes care of it"),
        "expire": _("closed by itself, 30 days after it was solved"),
    }.get(act, act)


def span_text(span: timedelta) -> str:
    """Roughly: minutes below an hour, hours below two days, then days."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 60:
        return ngettext("%(num)d minute", "%(num)d minutes", minutes)
    if minutes < 48 * 60:
        return ngettext("%(num)d hour", "%(num)d hours", minutes // 60)
    return ngettext("%(num)d day", "%(num)d days", minutes // (24 * 60))


def problem_text(problem: str) -> str:
    """What is wrong and what to do about it."""
    return {
        "not-ended": _("This request is not ended: write your message."),
        "too-late": _("This request ended more than 30 days ago. Open a new one and name this one's number."),
        "closed": _("This request is closed already."),
        "ended": _("This request is ended. Open it again with your message."),
        "mail": _("Everybody reads this: take the e-mail address out."),
        "number": _("Everybody reads this: take the telephone or identity number out."),
        "link": _("Everybody reads this: describe the page instead of giving its address."),
        "name": _("Everybody reads this: take the names of people, and of the city unless it wishes to be named, out."),
    }[problem]
