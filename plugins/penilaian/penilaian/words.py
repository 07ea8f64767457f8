"""The words people read for what the rules name, and the filters the pages use."""

import sqlite3
from typing import Any

from flask import Flask
from flask_babel import LazyString, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from lumbung_plugin.formats import show_date

from penilaian.rules import Kind, Period, Refusal

REFUSALS: dict[Refusal, LazyString] = {
    Refusal.CLOSED: _l("This can no longer be rated. Choose another service on the first page."),
    Refusal.NO_SURVEY: _l("There is no survey for this. You can rate it with one tap."),
    Refusal.SCORE: _l("Choose one of the four answers."),
    Refusal.TOO_SOON: _l("You have rated this a short while ago: thank you. It counts once for each visit."),
    Refusal.TOO_OFTEN: _l("That was very often in one hour. Please come back later."),
    Refusal.BUSY: _l("Very many ratings are coming in just now. Please try again in ten minutes."),
    Refusal.TOKEN_NEEDED: _l("Type in the code on your slip: this is rated with one code for each visit."),
    Refusal.TOKEN_UNKNOWN: _l("This code is not known here. Look at the slip again, letter by letter."),
    Refusal.TOKEN_USED: _l("This code has been used: thank you. It counts once for each visit."),
    Refusal.TOKEN_OLD: _l("This code is too old. Ask for a new one on your next visit."),
}

KINDS = {Kind.UNIT: _l("Unit"), Kind.SERVICE: _l("Service"), Kind.OFFICIAL: _l("Official")}

SCORES = {1: _l("Dissatisfied"), 2: _l("Less than satisfied"), 3: _l("Satisfied"), 4: _l("Very satisfied")}
SCORE_TONES = {1: "wrong", 2: "warn", 3: "info", 4: "good"}
GRADE_TONES = {"A": "good", "B": "info", "C": "warn", "D": "wrong"}

COMMENT_STATES = {
    "waiting": _l("Waiting for a check"),
    "shown": _l("Public"),
    "hidden": _l("Not shown"),
    "withdrawn": _l("Taken back"),
}
HIDING_REASONS = {
    "person": _l("Names or describes a person"),
    "insult": _l("Insult or hatred"),
    "advertisement": _l("Advertisement"),
    "unrelated": _l("Not about this service"),
    "unclear": _l("Cannot be understood"),
}
BURST_STATES = {
    "waiting": _l("Not counted until checked"),
    "excluded": _l("Not counted"),
    "counted": _l("Counted after a check"),
}

# The profile the annex of PermenPANRB 14/2017 asks for; age in bands, so that it says less about one person.
FIELDS = {"age": _l("Age"), "sex": _l("Sex"), "education": _l("Education"), "occupation": _l("Occupation")}
PROFILE = {
    "age": {
        "-19": _l("Below 20"), "20-29": "20–29", "30-39": "30–39", "40-49": "40–49", "50-59": "50–59",
        "60-": _l("60 and older"),
    },
    "sex": {"P": _l("Woman"), "L": _l("Man")},
    "education": {"SD": "SD", "SMP": "SMP", "SMA": "SMA", "S1": "S1", "S2": "S2", "S3": "S3"},
    "occupation": {
        "PNS": _l("Civil servant"), "TNI": "TNI", "POLRI": "POLRI", "SWASTA": _l("Private employee"),
        "WIRAUSAHA": _l("Self-employed"), "LAINNYA": _l("Other"),
    },
}  # fmt: skip


def is_indonesian() -> bool:
    locale = get_locale()
    return locale is None or locale.language == "id"


def said(pair: tuple[Any, Any]) -> Any:
    """The one of (Indonesian, English) the page speaks."""
    return pair[0] if is_indonesian() else pair[1]


def title(row: sqlite3.Row) -> str:
    """The name of what is rated; an official is a role and a number, and has no other name."""
    name = row["name"] if is_indonesian() else row["name_en"] or row["name"]
    if row["kind"] != Kind.OFFICIAL:
        return str(name)
    return _("%(role)s, number %(number)s", role=name, number=row["badge" if "badge" in row.keys() else "number"])


def period(one: Period) -> str:
    """`Semester II 2026` or `2026`."""
    if not one.half:
        return str(one.start.year)
    return _("Semester %(half)s %(year)s", half="I" * one.half, year=one.start.year)


def month(text: str) -> str:
    """`2026-11` as `Nov 2026`."""
    return str(show_date(f"{text}-01", "MMM y"))


def decimal(value: object) -> str:
    """Two decimals, with the comma or the point of the page's language."""
    text = f"{value:.2f}"
    return text.replace(".", ",") if is_indonesian() else text


def profile_value(value: str, field: str) -> str:
    return str(PROFILE[field].get(value, value))


def register(app: Flask) -> None:
    """The filters and words every page may use."""
    app.add_template_filter(said)
    app.add_template_filter(title, "titled")
    app.add_template_filter(period, "period")
    app.add_template_filter(month, "month")
    app.add_template_filter(decimal, "decimal")
    app.add_template_filter(profile_value, "profile_value")
    app.context_processor(
        lambda: {
            "kinds": KINDS, "scores": SCORES, "score_tones": SCORE_TONES, "grade_tones": GRADE_TONES,
            "comment_states": COMMENT_STATES, "hiding_reasons": HIDING_REASONS, "burst_states": BURST_STATES,
            "fields": FIELDS,
        }
    )  # fmt: skip
