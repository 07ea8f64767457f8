"""Mentions as they arrive, checked field by field: what a sender writes is believed only as far as it can be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from kanal import platforms
from kanal.platforms import PLATFORMS

LONGEST_ID, LONGEST_TEXT, LONGEST_AUTHOR = 100, 2_000, 80
MOST_AGE, MOST_AHEAD = timedelta(days=400), timedelta(hours=1)


@dataclass(frozen=True)
class Mention:
    """One mention fit to be kept; `external` is its id at the platform, `account` the handle that was mentioned."""

    platform: str
    external: str
    text: str
    author: str
    url: str
    account: str
    at: str


def read(told: Any, now: datetime) -> Mention | str:
    """A mention, or a sentence that says what is wrong with it."""
    if not isinstance(told, Mapping):
        return _("A mention is an object.")
    platform, external, text = _text(told, "platform"), _text(told, "id"), _text(told, "text")
    if platform not in PLATFORMS:
        return _("platform: one of %(names)s.", names=", ".join(PLATFORMS))
    if not 0 < len(external) <= LONGEST_ID or not external.isprintable():
        return _("id: 1 to %(n)d printable characters.", n=LONGEST_ID)
    if not text or len(text) > LONGEST_TEXT:
        return _("text: 1 to %(n)d characters.", n=LONGEST_TEXT)
    url = platforms.web_address(_text(told, "url"))
    if url is None:
        return _("url: the http(s) address of the post.")
    at = _moment(told.get("at"), now)
    if at is None:
        return _("at: the time with its offset, such as 2026-11-24T08:00:00+08:00, not in the future.")
    author = _text(told, "author").removeprefix("@")[:LONGEST_AUTHOR]
    return Mention(platform, external, text, author, url, platforms.handle(platform, _text(told, "account")) or "", at)


def _text(told: Mapping[Any, Any], name: str) -> str:
    """Text without control signs other than line breaks; "" for what is none. Numbers serve as ids."""
    value = told.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and name == "id":
        return str(value) if abs(value) < 10**40 else ""
    if not isinstance(value, str):
        return ""
    return "".join(sign for sign in value[:10_000] if sign.isprintable() or sign == "\n").strip()


def _moment(told: Any, now: datetime) -> str | None:
    """As tables keep moments; None for what is no time, of the future, or older than 400 days."""
    try:
        at = datetime.fromisoformat(told)
        held = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
    except (TypeError, ValueError, OverflowError):
        return None
    return held.isoformat() if now - MOST_AGE < held < now + MOST_AHEAD else None
