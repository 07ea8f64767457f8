"""What ratings and health say to people, in the visitor's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import format_timedelta, ngettext
from flask_babel import gettext as _

from registry.catalog import labels
from registry.catalog.inspection.places import Place
from registry.catalog.trust import health
from registry.catalog.trust.rating import Part, Rating

TONES = {"A": "ok", "B": "ok", "C": "warn", "D": "bad", "E": "bad"}


@dataclass(frozen=True)
class ToldPart:
    """One part in words; ``tone`` is ok, warn or bad, ``places`` where in the source it was seen."""

    code: str
    title: str
    points: int
    of: int
    tone: str
    text: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class ToldRating:
    """``meaning`` says what the grade stands for, ``cap`` why it is not better ("" when nothing holds it back)."""

    grade: str
    points: int
    tone: str
    meaning: str
    cap: str
    parts: tuple[ToldPart, ...]


def rating_told(value: Rating | Mapping[str, Any] | None) -> ToldRating | None:
    """Of a rating, or of what is kept of one; None for a release that was never rated."""
    rating = value if isinstance(value, Rating) else Rating.from_json(value or {})
    if rating is None:
        return None
    cap = _("It cannot be better without: %(part)s.", part=title(rating.capped_by)) if rating.capped_by else ""
    parts = tuple(
        ToldPart(one.code, title(one.code), one.points, one.of, _tone(one), reason(one), one.findings)
        for one in rating.parts
    )
    return ToldRating(rating.grade, rating.points, TONES[rating.grade], grade(rating.grade), cap, parts)


def grade(code: str) -> str:
    return {
        "A": _("Nothing we look for is missing, or next to nothing."),
        "B": _("Good, with something to mend."),
        "C": _("Look at the parts before you adopt it."),
        "D": _("Something serious is wrong: adopt it only when you know why."),
        "E": _("Most of what we look for is missing."),
    }.get(code, "")


def title(code: str) -> str:
    return {
        "licence": _("Licence"),
        "secrets": _("No secrets in the source"),
        "imports": _("Does nothing when merely loaded"),
        "staff": _("Pages of staff behind sign-in"),
        "egress": _("Ways out it asks for"),
        "dependencies": _("Libraries it brings along"),
        "tests": _("Tests"),
        "documentation": _("Documentation"),
        "migrations": _("Upgrades keep the data"),
        "size": _("Size"),
    }.get(code, code)


def reason(part: Part) -> str:
    """Why a part has its points, in one sentence."""
    known = {**_code_reasons(part.figures), **_making_reasons(part.figures)}
    return known.get((part.code, part.reason), part.reason)


def _code_reasons(figures: Mapping[str, int]) -> dict[tuple[str, str], str]:
    n = figures.get("n", 0)
    return {
        ("secrets", "ok"): _("Nothing in it looks like a password, a key or a token."),
        ("secrets", "found"): _("Places that look like a forgotten secret: %(n)s.", n=n),
        ("imports", "ok"): _("Its code was read without running it: loading it starts, deletes and calls nothing."),
        ("imports", "acts"): _("Calls that act on the system as soon as the code is loaded: %(n)s.", n=n),
        ("imports", "unread"): _("Files of code that could not be read: %(n)s.", n=n),
        ("staff", "ok"): _("The host asks for sign-in before these paths, whatever the app does: %(n)s.", n=n),
        ("staff", "none"): _("It names no pages of staff: everything in it is open to everybody."),
        ("staff", "open"): _("Pages that look like staff's and are open to everybody: %(n)s.", n=n),
        ("egress", "ok"): _("It asks for no way out: it cannot send data of the city anywhere."),
        ("egress", "mail"): _("It asks to send mail. It sends none until the city's admin allows it."),
        ("egress", "hosts"): _("Hosts it asks to reach: %(n)s. It reaches none until the city's admin allows it.", n=n),
        ("egress", "hosts-mail"): _(
            "It asks to send mail, and to reach hosts: %(n)s. It may do neither until the city's admin allows it.", n=n
        ),
        ("dependencies", "ok"): _("None beyond the libraries that the host provides and keeps up to date."),
        ("dependencies", "locked"): _("Libraries of its own: %(n)s, each locked to a version and its checksum.", n=n),
        ("dependencies", "unlocked"): _("Libraries that are not locked to a version and its checksum."),
    }


def _making_reasons(figures: Mapping[str, int]) -> dict[tuple[str, str], str]:
    n = figures.get("n", 0)
    size, files = labels.size(figures.get("bytes", 0)), figures.get("files", 0)
    return {
        ("licence", "ok"): _("The whole text of the licence is with the source."),
        ("licence", "stub"): _("The file of the licence has %(size)s only: it names the licence instead of giving it.",
                               size=size),
        ("licence", "missing"): _("No licence: without one nobody may use it."),
        ("tests", "some"): _("Tests that come with the source: %(n)s.", n=n),
        ("tests", "passed"): _("Tests that come with the source: %(n)s. Run in the sandbox before the release, they "
                               "passed.", n=n),
        ("tests", "failed"): _("Tests that come with the source: %(n)s. Run in the sandbox, some failed.", n=n),
        ("tests", "none"): _("No tests come with the source: nobody sees what a change breaks."),
        ("documentation", "ok"): _("The read-me speaks to administrators and to operators."),
        ("documentation", "no-operators"): _("The read-me has no section for operators."),
        ("documentation", "no-administrators"): _("The read-me has no section for administrators."),
        ("documentation", "no-readers"): _("The read-me has no section for administrators and none for operators."),
        ("documentation", "none"): _("No read-me with headings."),
        ("migrations", "ok"): _("It brings the steps that take its data from one version to the next."),
        ("migrations", "no-data"): _("It keeps no data of its own."),
        ("migrations", "none"): _("It keeps data, but brings no steps that take it from one version to the next."),
        ("size", "ok"): _("%(size)s in %(files)s files: small enough to be read.", size=size, files=files),
        ("size", "large"): _("%(size)s in %(files)s files: hard to look through.", size=size, files=files),
    }  # fmt: skip


def _tone(part: Part) -> str:
    if part.points >= 0.9 * part.of:
        return "ok"
    return "warn" if part.points else "bad"


@dataclass(frozen=True)
class ToldHealth:
    """One part of an app's health: ``figure`` is short enough to stand large, ``text`` says what it means."""

    code: str
    title: str
    tone: str
    figure: str
    text: str


def health_told(parts: Sequence[health.Part]) -> tuple[ToldHealth, ...]:
    tellers = {"release": _release, "requests": _requests, "cities": _cities, "audit": _audit,
               "documentation": _documentation}  # fmt: skip
    return tuple(ToldHealth(one.code, *tellers[one.code](one)) for one in parts)


def _release(part: health.Part) -> tuple[str, str, str, str]:
    name = _("Last release")
    if part.tone == health.MUTED:
        return name, part.tone, "–", _("Nothing is released yet.")
    days = int(part.figures["days"])
    if not days:
        return name, part.tone, _("today"), _("version %(version)s", version=part.figures["version"])
    age = format_timedelta(timedelta(days=days), granularity="day", threshold=1.5)
    texts = {
        health.OK: _("ago: version %(version)s", version=part.figures["version"]),
        health.WARN: _("ago: version %(version)s. Ask whether the next one is on its way.",
                       version=part.figures["version"]),
    }  # fmt: skip
    late = _("ago: version %(version)s. Ask the publisher whether it is still looked after.",
             version=part.figures["version"])  # fmt: skip
    return name, part.tone, age, texts.get(part.tone, late)


def _requests(part: health.Part) -> tuple[str, str, str, str]:
    name, count = _("Open questions"), part.figures["open"]
    if not count:
        return name, part.tone, "0", _("No city's question waits for an answer.")
    days = int(part.figures["days"])
    waited = ngettext("The oldest has waited %(num)s day.", "The oldest has waited %(num)s days.", days)
    return name, part.tone, str(count), waited


def _cities(part: health.Part) -> tuple[str, str, str, str]:
    on, count = part.figures["on"], part.figures["all"]
    name = _("Cities on the newest release")
    if not count:
        return name, part.tone, "0", _("No city runs it yet.")
    return name, part.tone, f"{on} / {count}", _("of the cities that run it now, counted by the registry")


def _audit(part: health.Part) -> tuple[str, str, str, str]:
    name = _("Audit of the newest release")
    if part.tone == health.MUTED:
        return name, part.tone, "–", _("Not audited yet.")
    points, places = part.figures["points"], part.figures["findings"]
    text = _("%(points)s of 100 points, places to look at: %(places)s", points=points, places=places)
    return name, part.tone, str(part.figures["grade"]), text


def _documentation(part: health.Part) -> tuple[str, str, str, str]:
    name = _("Documentation")
    if part.tone == health.MUTED:
        return name, part.tone, "–", _("Not looked at yet.")
    figures = {health.OK: _("there"), health.WARN: _("in part"), health.BAD: _("missing")}
    text = _making_reasons({}).get(("documentation", str(part.figures["reason"])), "")
    return name, part.tone, figures[part.tone], text
