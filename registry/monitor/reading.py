"""Figures of one plugin over a range of time. Whoever calls has entered the city's scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, select

from registry.core import clock
from registry.core.db import db
from registry.hosting.models import Deployment, Revision
from registry.hosting.plain import Limits
from registry.monitor import rules
from registry.monitor.models import Sample, SampleHour

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Span:
    """A range people may choose: how far back, in steps of so long."""

    word: str
    length: timedelta
    step: timedelta


SPANS = {
    one.word: one
    for one in (
        Span("1h", HOUR, timedelta(minutes=1)),
        Span("24h", timedelta(days=1), timedelta(minutes=15)),
        Span("7d", timedelta(days=7), timedelta(hours=2)),
        Span("30d", timedelta(days=30), timedelta(hours=8)),
    )
}
DEFAULT_SPAN = "24h"


@dataclass(frozen=True)
class Step:
    """One step of a range. Times in seconds, ``cpu`` in processors; None where nothing was awake to be measured."""

    at: datetime
    requests: int
    errors: int
    p50: float | None
    p95: float | None
    memory: int | None
    cpu: float
    disk: int | None
    files: int | None
    wakes: int
    starts_ms: int


@dataclass(frozen=True)
class Range:
    """The whole range: its steps, and what they come to."""

    span: Span
    steps: list[Step]
    whole: Step


def span(word: str) -> Span:
    """The range of that name, the usual one for an unknown name."""
    return SPANS.get(word, SPANS[DEFAULT_SPAN])


def limits(deployment: Deployment) -> Limits:
    """Of the revision that serves; the usual ones while none does."""
    revision = db.session.get(Revision, deployment.serving_revision_id) if deployment.serving_revision_id else None
    return Limits.from_json(revision.limits or {}) if revision else Limits()


def figures(deployment: Deployment, chosen: Span) -> Range:
    """What the plugin did and took, step by step, up to now."""
    end = _ceiling(clock.now(), chosen.step)
    start = end - chosen.length
    count = int(chosen.length / chosen.step)
    parts: list[list[Row[tuple[object, ...]]]] = [[] for _ in range(count)]
    rows = _rows(deployment, start, hourly=chosen.step >= HOUR)
    for row in rows:
        index = int((row.minute - start) / chosen.step)
        if 0 <= index < count:
            parts[index].append(row)
    steps, disk = [], None
    for index, part in enumerate(parts):
        one = _step(start + chosen.step * index, part, chosen.step, disk)
        disk = (one.disk, one.files) if one.disk is not None else disk
        steps.append(one)
    return Range(chosen, steps, _step(start, rows, chosen.length, disk))


def _rows(deployment: Deployment, start: datetime, hourly: bool) -> list[Row[tuple[object, ...]]]:
    """By time. Of hours that were summed up already when that is fine enough, else of minutes."""
    found = _select(SampleHour, deployment, start) if hourly else []
    if found:
        start = found[-1].minute + HOUR
    return [*found, *_select(Sample, deployment, start)]


def _select(table: type[Sample | SampleHour], deployment: Deployment, start: datetime) -> list[Row[tuple[object, ...]]]:
    names = ("minute", "requests", "errors", "histogram", "memory_bytes", "cpu_seconds", "disk_bytes", "files",
             "wakes", "starts_ms")  # fmt: skip
    wanted = select(*(getattr(table, name) for name in names))
    wanted = wanted.where(table.deployment_id == deployment.id, table.minute >= start)
    return list(db.session.execute(wanted.order_by(table.minute)))


def _step(
    at: datetime, rows: Sequence[Row[tuple[object, ...]]], length: timedelta, disk: tuple[int | None, int | None] | None
) -> Step:
    histogram = rules.total(row.histogram for row in rows)
    size, files = (rows[-1].disk_bytes, rows[-1].files) if rows else (disk or (None, None))
    return Step(
        at=at,
        requests=sum(row.requests for row in rows),
        errors=sum(row.errors for row in rows),
        p50=rules.percentile(histogram, 50),
        p95=rules.percentile(histogram, 95),
        memory=max((row.memory_bytes for row in rows), default=None),
        cpu=sum(row.cpu_seconds for row in rows) / length.total_seconds(),
        disk=size,
        files=files,
        wakes=sum(row.wakes for row in rows),
        starts_ms=max((row.starts_ms for row in rows), default=0),
    )


def loads(deployments: Sequence[Deployment]) -> Mapping[int, Step]:
    """The last minutes of many plugins at once; who slept is not in it."""
    start = clock.now() - rules.RECENT
    wanted = select(Sample).where(Sample.deployment_id.in_([one.id for one in deployments]), Sample.minute >= start)
    rows: dict[int, list[Sample]] = {}
    for sample in db.session.scalars(wanted.order_by(Sample.minute)):
        rows.setdefault(sample.deployment_id, []).append(sample)
    return {key: _step(start, value, rules.RECENT, None) for key, value in rows.items()}  # type: ignore[arg-type]


def _ceiling(moment: datetime, step: timedelta) -> datetime:
    """The end of the step the moment lies in, so that a chart does not shift with every look."""
    seconds = step.total_seconds()
    return datetime.fromtimestamp((moment.timestamp() // seconds + 1) * seconds, moment.tzinfo)
