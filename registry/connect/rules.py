"""What may leave a plugin: wishes, quotas and paths. Pure: values in, a value or a refusal's code out."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from registry.hosting.plain import Manifest

SIBLING, EGRESS, MAIL = "sibling", "egress", "mail"
KINDS = (SIBLING, EGRESS, MAIL)
ASKED, GIVEN, REFUSED, REVOKED = "asked", "given", "refused", "revoked"

MAIL_RECIPIENTS, MAIL_TEXT = 5, 64 * 2**10
MAILS_PER_DAY = 200
EGRESS_PER_DAY = 2**30
"""Bytes, both ways together. Days are UTC's."""

KPI_NAMES, KPI_AT_ONCE = 50, 50
KPI_KEPT = timedelta(days=400)
KPI_NAME = re.compile(r"[a-z][a-z0-9_.-]{0,39}", re.ASCII)
KPI_LATE = timedelta(days=31)
MAX_VALUE = 1e15

PATH = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@%/-]*", re.ASCII)
MAX_PATH = 1_000


@dataclass(frozen=True, order=True)
class Wish:
    """One thing a plugin asks for: a sibling's capability (``simtaru:zoning.read``), a host (``api.go.id:443``),
    or to send mail (its name is empty).
    """

    kind: str
    name: str = ""


@dataclass(frozen=True)
class Figure:
    """One value of a plugin's KPI, checked."""

    name: str
    value: float
    unit: str
    at: datetime
    label_id: str = ""
    label_en: str = ""


def wishes(manifest: Manifest) -> tuple[Wish, ...]:
    """In the order people read them: siblings, hosts, mail."""
    siblings = [Wish(SIBLING, use) for use in dict.fromkeys(manifest.uses)]
    hosts = [Wish(EGRESS, host) for host in dict.fromkeys(manifest.egress)]
    return (*siblings, *hosts, *([Wish(MAIL)] if manifest.mail else []))


def state_after(state: str, give: bool) -> str:
    """What an admin's decision makes of a grant: taking away what was given is not the same as never giving it."""
    if give:
        return GIVEN
    return REVOKED if state in (GIVEN, REVOKED) else REFUSED


def sibling_path(base: str, rest: str) -> str | None:
    """Where a call lands at the sibling: below the path it provides; None for what would climb out of it."""
    if len(rest) > MAX_PATH or not PATH.fullmatch(rest):
        return None
    spelling = rest
    for _round in range(3):
        if "\\" in spelling or any(part in (".", "..") for part in spelling.split("/")) or "//" in spelling:
            return None
        if not spelling.isprintable():
            return None
        spelling = unquote(spelling)
    return base.rstrip("/") + (f"/{rest.lstrip('/')}" if rest.strip("/") else "") or "/"


def figure(given: Any, now: datetime) -> Figure | None:
    """A KPI as a plugin reports it, or None: name, value, unit, ``at`` (ISO 8601, now when left out), label."""
    if not isinstance(given, Mapping):
        return None
    name, unit, label = given.get("name"), given.get("unit", ""), given.get("label", {})
    value, at = _number(given.get("value")), _moment(given.get("at"), now)
    if not isinstance(name, str) or not KPI_NAME.fullmatch(name) or value is None or at is None:
        return None
    labels = (label.get("id", ""), label.get("en", "")) if isinstance(label, Mapping) else (None, None)
    if not _short(unit, 20) or not _short(labels[0], 80) or not _short(labels[1], 80):
        return None
    return Figure(name, value, str(unit), at, *map(str, labels))


def too_many_names(known: Iterable[str], given: Iterable[Figure]) -> bool:
    return len(set(known) | {one.name for one in given}) > KPI_NAMES


def _number(value: Any) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if abs(value) <= MAX_VALUE and math.isfinite(value) else None


def _moment(text: Any, now: datetime) -> datetime | None:
    """A time with a zone, not older than a month and not of tomorrow."""
    if text is None:
        return now
    if not isinstance(text, str) or len(text) > 40:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if at.tzinfo is None or not now - KPI_LATE <= at <= now + timedelta(minutes=5):
        return None
    return at.astimezone(UTC)


def _short(text: Any, most: int) -> bool:
    return isinstance(text, str) and len(text) <= most and text.isprintable()
