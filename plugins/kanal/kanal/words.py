"""The words people read for what the rules name, and the filters the pages use."""

from typing import Any

from flask import Flask
from flask_babel import LazyString, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from lumbung_plugin.identity import masked

from kanal import accounts
from kanal.platforms import PLATFORMS
from kanal.rules import Due, State

STATES: dict[State, LazyString] = {
    State.NEW: _l("New"),
    State.SENDING: _l("Waiting for Lapor"),
    State.REPORTED: _l("Report made"),
    State.ANSWERED: _l("Answered"),
    State.IRRELEVANT: _l("Not for us"),
    State.SPAM: _l("Spam"),
}
TONES = {
    State.NEW: "info", State.SENDING: "warn", State.REPORTED: "good", State.ANSWERED: "good", State.IRRELEVANT: "plain",
    State.SPAM: "plain",
}  # fmt: skip
REASONS: dict[str, LazyString] = {
    "praise": _l("Praise or chat, nothing to do"),
    "elsewhere": _l("Not a matter of the city"),
    "repeated": _l("Already dealt with"),
    "unclear": _l("Cannot be understood"),
    "advertisement": _l("Advertisement"),
    "insult": _l("Insult only"),
    "machine": _l("Sent by a machine"),
}
REPORT_KINDS = {"complaint": _l("Complaint"), "wish": _l("Wish or suggestion"), "question": _l("Question")}

DUE: dict[Due, LazyString] = {
    Due.NEVER: _l("Never checked"),
    Due.LATE: _l("Check overdue"),
    Due.SOON: _l("Check soon"),
    Due.FINE: _l("Checked"),
}
DUE_TONES = {Due.NEVER: "wrong", Due.LATE: "wrong", Due.SOON: "warn", Due.FINE: "good"}

WAYS: dict[str, LazyString] = {
    "letter": _l("Official letter of the office"),
    "login": _l("Signed in before a witness"),
    "post": _l("Post with an agreed word"),
    "badge": _l("Badge of the platform for governments"),
    "website": _l("Linked from the official website"),
}
PROBLEMS: dict[str, LazyString] = {
    "taken": _l("taken over by somebody else"),
    "gone": _l("cannot be reached or was removed"),
    "renamed": _l("has another name now"),
    "silent": _l("does not answer any more"),
}
FAKE_STATES = {"waiting": _l("Being checked"), "confirmed": _l("Fake"), "dismissed": _l("Not confirmed")}

TROUBLES: dict[str, LazyString] = {
    "not-granted": _l("the city's administrator has not allowed it yet (page Connections of this plugin)"),
    "sibling-absent": _l("the city has no Lapor"),
    "capability-absent": _l("the city's Lapor takes no reports from other plugins; it needs release 1.1.0"),
    "sibling-off": _l("Lapor is switched off"),
    "sibling-closed": _l("Lapor is closed"),
    "alone": _l("this plugin runs alone, without Lapor"),
    "too-many": _l("too many at once"),
    "quota": _l("too many today"),
    "sibling-unclear": _l("Lapor gave an answer that could not be understood"),
}


def is_indonesian() -> bool:
    locale = get_locale()
    return locale is None or locale.language == "id"


def trouble(code: str) -> str:
    """Why Lapor has not taken it, for staff."""
    return str(TROUBLES.get(code) or _("Lapor does not answer just now"))


def report_words(row: Any) -> str:
    """How the report stands, in the page's language as far as lapor told it."""
    if row["report_state"] == "gone":
        return _("no longer there")
    return row["report_label" if is_indonesian() else "report_label_en"] or _("not asked yet")


def register(app: Flask) -> None:
    """The filters and words every page may use."""
    app.add_template_filter(masked)
    app.add_template_filter(trouble)
    app.add_template_filter(report_words)
    app.add_template_filter(accounts.platform_name, "platform")
    app.add_template_filter(accounts.standing, "standing")
    app.context_processor(
        lambda: {
            "platforms": PLATFORMS, "states": STATES, "tones": TONES, "reasons": REASONS, "due": DUE,
            "due_tones": DUE_TONES, "ways": WAYS, "problems": PROBLEMS, "fake_states": FAKE_STATES,
            "report_kinds": REPORT_KINDS,
        }
    )  # fmt: skip
