"""What a notice is, what of it is kept, and when it goes by mail: values in, values out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from registry.accounts.rules import local_path

MAX_SUBJECT, MAX_ACTION, MAX_PARAGRAPHS = 200, 80, 100
MAX_WORDS = 40_000
"""Characters of all paragraphs together, of one notice and of all in one mail: what a mail takes in any script."""

QUIET = timedelta(hours=1)
"""Of one thread nobody gets more than one mail in this time."""

DIGEST_HOUR = time(6)
HOME = "Asia/Jakarta"
_UNFIT = re.compile(r"[\0\ud800-\udfff]")


@dataclass(frozen=True)
class Notice:
    """What somebody is told, in that person's language.

    ``kind`` is of `kinds.KINDS`. A paragraph whose lines all begin with ``>`` is what somebody else wrote, and is shown
    so. ``link`` is a path of this registry, ``action`` what one does there ("Open the agreement"). Notices of one
    ``thread`` go by mail at most once in `QUIET`: the first at once, those after it together.
    """

    kind: str
    subject: str
    paragraphs: Sequence[str]
    link: str = ""
    action: str = ""
    tenant_id: int | None = None
    thread: str = ""


def fitted(notice: Notice) -> Notice:
    """The notice with everything shortened to what is kept, and without what cannot be sent."""
    return replace(
        notice,
        subject=line(notice.subject, MAX_SUBJECT) or "Lumbung",
        paragraphs=within(notice.paragraphs[:MAX_PARAGRAPHS], MAX_WORDS),
        link=local_path(notice.link, default=""),
        action=line(notice.action, MAX_ACTION),
    )


def within(paragraphs: Sequence[str], most: int) -> list[str]:
    """As many of them as have room in ``most`` characters; the last one shortened, empty ones left out."""
    kept: list[str] = []
    for paragraph in paragraphs:
        fit = _cut(paragraph, most)
        most -= len(fit)
        if fit:
            kept.append(fit)
    return kept


def line(text: str, most: int) -> str:
    """One line of printable text, as a header of a mail may have it."""
    flat = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return flat if len(flat) <= most else f"{flat[: most - 1]}…"


def quoted(text: str) -> str:
    """Somebody else's words, marked line by line so that none of them passes for ours."""
    return "\n".join(f"> {line}" for line in text.splitlines())


def quotation(paragraph: str) -> str:
    """What is quoted when the whole paragraph is somebody else's words, else ""."""
    lines = paragraph.splitlines()
    if not lines or not all(line.startswith(">") for line in lines):
        return ""
    return "\n".join(line.removeprefix(">").removeprefix(" ") for line in lines)


def next_digest(moment: datetime, zone: str) -> datetime:
    """The next six o'clock in the morning of this zone."""
    local = moment.astimezone(ZoneInfo(zone))
    at = datetime.combine(local.date(), DIGEST_HOUR, local.tzinfo)
    if at <= local:
        at = datetime.combine(local.date() + timedelta(days=1), DIGEST_HOUR, local.tzinfo)
    return at.astimezone(UTC)


def thread_mail(moment: datetime, last: datetime | None) -> datetime:
    """When a notice of a thread goes by mail: now, or when the last mail of it is old enough."""
    return moment if last is None else max(moment, last + QUIET)


def _cut(text: str, most: int) -> str:
    fit = _UNFIT.sub("", text.replace("\r\n", "\n")).strip()
    if len(fit) <= most:
        return fit
    return f"{fit[: most - 1]}…" if most > 1 else ""
