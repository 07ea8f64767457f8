"""Judging the figures, and keeping them small. Called by the worker, in the programme's scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import func, select, text

from registry.core import clock
from registry.core.db import db
from registry.core.errors import NotFoundError
from registry.hosting import reading as hosting
from registry.hosting.alerts import Alert, raise_alert, settle_alert
from registry.hosting.models import Deployment, Revision
from registry.hosting.plain import Limits
from registry.monitor import rules, words
from registry.monitor.models import Sample
from registry.monitor.rules import Disk, Facts, Load
from registry.tenants.models import City

MINUTES_KEPT, HOURS_KEPT = timedelta(days=2), timedelta(days=400)
LATE_ROWS = timedelta(hours=6)
"""Figures the host could not write at once still find their way into the hours for so long."""

HOST_GONE = timedelta(minutes=3)
SHOWN = 200

_SUMS = ("requests", "errors", "slow", "cpu_seconds", "wakes", "killed", "stuck")
_MOST = ("memory_bytes", "starts_ms", "processes")
_LAST = ("disk_bytes", "files", "read_only")
_COLUMNS = (*_SUMS, *_MOST, *_LAST)
_ROLL_UP = f"""
    insert into sample_hours (tenant_id, deployment_id, minute, histogram, {", ".join(_COLUMNS)})
    select s.tenant_id, s.deployment_id, date_trunc('hour', s.minute) as hour,
           (select array_agg(summed order by place) from
             (select place, sum(value) as summed from samples i
               cross join lateral unnest(i.histogram) with ordinality as u(value, place)
               where i.deployment_id = s.deployment_id and i.minute >= date_trunc('hour', min(s.minute))
                 and i.minute < date_trunc('hour', min(s.minute)) + interval '1 hour' group by place) as places),
           {", ".join(f"sum(s.{name})" for name in _SUMS)}, {", ".join(f"max(s.{name})" for name in _MOST)},
           {", ".join(f"(array_agg(s.{name} order by s.minute desc))[1]" for name in _LAST)}
      from samples s where s.minute >= :since and s.minute < :until group by s.tenant_id, s.deployment_id, hour
    on conflict (deployment_id, minute) do update set histogram = excluded.histogram,
      {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS)}
"""  # noqa: S608 names of our own columns


@dataclass(frozen=True)
class Change:
    """An alert to raise, renew (with its words) or settle (without)."""

    city: int
    deployment: int | None
    kind: str
    message: str | None


def roll_up() -> None:
    """Sum up the hours that are over; safe to repeat. Minutes that are old go, then hours, then closed alerts."""
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    oldest = hour - MINUTES_KEPT
    for since, until in ((hour - LATE_ROWS, hour), (oldest - LATE_ROWS, oldest)):
        db.session.execute(text(_ROLL_UP), {"since": since, "until": until})
    db.session.execute(text("delete from samples where minute < :oldest"), {"oldest": oldest})
    kept = {"oldest": hour - HOURS_KEPT}
    db.session.execute(text("delete from sample_hours where minute < :oldest"), kept)
    db.session.execute(text("delete from alerts where until < :oldest"), kept)


def changes() -> list[Change]:
    """What the figures of now ask for: nothing is written yet."""
    found = _host_changes()
    loads, disks, open_kinds = _loads(), _disks(), _open_kinds()
    wanted = select(Deployment, City.locale, Revision.limits).join(City, City.id == Deployment.tenant_id)
    wanted = wanted.outerjoin(Revision, Revision.id == Deployment.serving_revision_id)
    for deployment, locale, limits in db.session.execute(wanted.where(Deployment.trial_of.is_(None))):
        there = open_kinds.get(deployment.id, set())
        if deployment.removed_at is not None:
            found += [Change(deployment.tenant_id, deployment.id, kind, None) for kind in there]
            continue
        bounds = Limits.from_json(limits or {})
        disk = disks.get(deployment.id)
        facts = Facts(deployment.state, bounds, loads.get(deployment.id, Load()), disk)
        found += _changes_of(deployment, locale, facts, there)
    return found


def _changes_of(deployment: Deployment, locale: str, facts: Facts, there: set[str]) -> list[Change]:
    """A plugin whose data nobody measured lately (it sleeps) keeps what was said of its disk."""
    city, here = deployment.tenant_id, deployment.id
    judged = rules.judge(facts)
    over = (there & set(rules.KINDS)) - judged.keys() - (rules.DISK_KINDS if facts.disk is None else set())
    with force_locale(locale or "id"):
        raised = [Change(city, here, kind, words.sentence(kind, told)) for kind, told in judged.items()]
    return raised + [Change(city, here, kind, None) for kind in sorted(over)]


def _host_changes() -> list[Change]:
    """A silent host is the publisher's alert: it runs the platform."""
    host, publisher = hosting.host(), db.session.scalar(select(City).where(City.publisher).limit(1))
    if host is None or publisher is None:
        return []
    silent = clock.now() - host.beat_at
    if silent < HOST_GONE:
        return [Change(publisher.id, None, rules.HOST_SILENT, None)]
    with force_locale(publisher.locale or "id"):
        message = words.sentence(rules.HOST_SILENT, {"minutes": int(silent.total_seconds() // 60)})
    return [Change(publisher.id, None, rules.HOST_SILENT, message)]


def apply(change: Change) -> None:
    """Inside a unit of work."""
    if change.message is None:
        settle_alert(change.city, change.kind, change.deployment)
    else:
        raise_alert(change.city, change.kind, change.message, change.deployment)


def alerts(city: City) -> Sequence[tuple[Alert, str]]:
    """Open ones first, then the newest that are over, each with the name of its plugin."""
    wanted = select(Alert, func.coalesce(Deployment.name, "")).outerjoin(
        Deployment, Deployment.id == Alert.deployment_id
    )
    wanted = wanted.where(Alert.tenant_id == city.id)
    ordered = wanted.order_by(Alert.until.desc().nulls_first(), Alert.since.desc(), Alert.id.desc())
    return [(alert, name) for alert, name in db.session.execute(ordered.limit(SHOWN))]


def mark_seen(city: City, alert_id: int, person_id: int) -> Alert:
    """Whoever saw it first stays noted. Raises NotFoundError."""
    found = db.session.scalar(select(Alert).where(Alert.tenant_id == city.id, Alert.id == alert_id))
    if found is None:
        raise NotFoundError(_("There is no such alert."))
    if found.seen_at is None:
        found.seen_at, found.seen_by = clock.now(), person_id
    return found


def _open_kinds() -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    wanted = select(Alert.deployment_id, Alert.kind).where(Alert.until.is_(None), Alert.deployment_id.is_not(None))
    for deployment_id, kind in db.session.execute(wanted):
        found.setdefault(deployment_id or 0, set()).add(kind)
    return found


def _disks() -> dict[int, Disk]:
    wanted = select(Sample.deployment_id, Sample.disk_bytes, Sample.files, Sample.read_only)
    wanted = wanted.where(Sample.minute >= clock.now() - rules.RECENT).order_by(Sample.minute)
    return {row.deployment_id: Disk(row.disk_bytes, row.files, row.read_only) for row in db.session.execute(wanted)}


def _loads() -> dict[int, Load]:
    now = clock.now()
    wanted = select(Sample.deployment_id, Sample.requests, Sample.errors, Sample.histogram, Sample.processes)
    rows: dict[int, list[tuple[int, int, list[int], int]]] = {}
    for deployment_id, *figures in db.session.execute(wanted.where(Sample.minute >= now - rules.RECENT)):
        rows.setdefault(deployment_id, []).append(tuple(figures))  # type: ignore[arg-type]
    ended = select(Sample.deployment_id, func.sum(Sample.killed), func.sum(Sample.stuck))
    ended = ended.where(Sample.minute >= now - rules.LATELY, Sample.killed + Sample.stuck > 0)
    held = {key: (int(killed), int(stuck)) for key, killed, stuck in
            db.session.execute(ended.group_by(Sample.deployment_id))}  # fmt: skip
    return {key: _load(rows.get(key, []), *held.get(key, (0, 0))) for key in rows.keys() | held.keys()}


def _load(rows: Sequence[tuple[int, int, list[int], int]], killed: int, stuck: int) -> Load:
    return Load(
        requests=sum(row[0] for row in rows),
        errors=sum(row[1] for row in rows),
        histogram=rules.total(row[2] for row in rows),
        processes=max((row[3] for row in rows), default=0),
        killed=killed,
        stuck=stuck,
    )
