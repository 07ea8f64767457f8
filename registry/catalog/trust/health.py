"""How an app is doing, as facts side by side. There is no score over them: each city weighs them its own way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from registry.catalog import rules
from registry.catalog.models import Adoption, App, Release
from registry.catalog.trust.rating import Rating
from registry.catalog.voices.models import Question
from registry.core.clock import now
from registry.core.db import db

FRESH, STALE = timedelta(days=270), timedelta(days=540)
"""Since the newest release: up to the first all is well, after the second somebody should ask whether it goes on."""

ANSWERED, WAITING = timedelta(days=14), timedelta(days=60)
"""How long the oldest open question may wait: up to the first all is well, after the second nobody answers."""

OK, WARN, BAD, MUTED = "ok", "warn", "bad", "muted"


@dataclass(frozen=True)
class Part:
    """``tone`` is ok, warn, bad or muted (nothing to judge yet); ``figures`` are what the words of it are made of."""

    code: str
    tone: str
    figures: Mapping[str, int | str]


@dataclass(frozen=True)
class Known:
    """What the registry knows. ``running`` are the versions that cities run now, one of each city, ``asked`` when each
    question was asked that has no answer yet.
    """

    newest: str = ""
    released_at: datetime | None = None
    rating: Rating | None = None
    running: Sequence[str] = ()
    asked: Sequence[datetime] = ()


def of(app: App) -> tuple[Part, ...]:
    """Its parts, always all of them in one order; three queries."""
    return judge(_known(app), now())


def judge(known: Known, moment: datetime) -> tuple[Part, ...]:
    """Pure."""
    return (_release(known, moment), _requests(known, moment), _cities(known), _audit(known), _documentation(known))


def _known(app: App) -> Known:
    rows = db.session.execute(
        select(Release.version, Release.published_at, Release.rating).where(
            Release.app_id == app.id, Release.yanked_at.is_(None)
        )
    ).all()
    running = db.session.scalars(select(Adoption.version).where(Adoption.app_id == app.id, Adoption.running)).all()
    waiting = select(Question.created_at).where(Question.app_id == app.id, *Question.waiting())
    asked = db.session.scalars(waiting).all()
    newest = rules.newest([row.version for row in rows])
    row: Any = next((row for row in rows if row.version == newest), None)
    if row is None:
        return Known(running=running, asked=asked)
    return Known(row.version, row.published_at, Rating.from_json(row.rating), running, asked)


def _release(known: Known, moment: datetime) -> Part:
    if known.released_at is None:
        return Part("release", MUTED, {})
    age = moment - known.released_at
    tone = OK if age <= FRESH else WARN if age <= STALE else BAD
    return Part("release", tone, {"days": max(0, age.days), "version": known.newest})


def _requests(known: Known, moment: datetime) -> Part:
    if not known.asked:
        return Part("requests", OK, {"open": 0})
    oldest = moment - min(known.asked)
    tone = OK if oldest <= ANSWERED else WARN if oldest <= WAITING else BAD
    return Part("requests", tone, {"open": len(known.asked), "days": max(0, oldest.days)})


def _cities(known: Known) -> Part:
    figures = {"on": sum(version == known.newest for version in known.running), "all": len(known.running)}
    if not known.running:
        return Part("cities", MUTED, figures)
    return Part("cities", OK if 2 * figures["on"] >= figures["all"] else WARN, figures)


def _audit(known: Known) -> Part:
    if known.rating is None:
        return Part("audit", MUTED, {})
    findings = sum(len(part.findings) for part in known.rating.parts)
    tone = {"A": OK, "B": OK, "C": WARN}.get(known.rating.grade, BAD)
    return Part("audit", tone, {"grade": known.rating.grade, "points": known.rating.points, "findings": findings})


def _documentation(known: Known) -> Part:
    found = next((part for part in known.rating.parts if part.code == "documentation"), None) if known.rating else None
    if found is None:
        return Part("documentation", MUTED, {})
    tone = OK if found.points == found.of else WARN if found.points else BAD
    return Part("documentation", tone, {"reason": found.reason})
