"""The audit log read, tied and checked. Everything here needs the session in a city's scope or the programme's.

A ``tenant`` of None is the programme: what concerns no single city.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, func, or_, select

from registry.core.audit import AuditEntry
from registry.core.chains import BrokenChainError, tied
from registry.core.clock import now
from registry.core.db import db
from registry.tenants.auditing import chain
from registry.tenants.auditing.chain import EMPTY, Head
from registry.tenants.auditing.models import AuditCheck, AuditLink
from registry.tenants.models import City

BATCH = 2_000
STRAGGLERS = 5_000
"""How far behind the newest linked entry one may still be on its way: a transaction that is not committed yet."""

LATE = timedelta(hours=1)
ENTRY = (
    AuditEntry.id, AuditEntry.tenant_id.label("tenant"), AuditEntry.at, AuditEntry.actor_id, AuditEntry.actor,
    AuditEntry.action, AuditEntry.subject, AuditEntry.detail, AuditEntry.request_id,
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What a reader of the log looks for: ``words`` in person, act and subject, days of the city's calendar."""

    words: str = ""
    first: date | None = None
    last: date | None = None


def entries(tenant: int | None, wanted: Wanted, zone: str = "Asia/Jakarta") -> Select[AuditEntry]:
    """Newest first."""
    found = select(AuditEntry).where(_of(AuditEntry.tenant_id, tenant)).order_by(AuditEntry.id.desc())
    if wanted.words:
        columns = (AuditEntry.actor, AuditEntry.action, AuditEntry.subject)
        found = found.where(or_(*(column.icontains(wanted.words, autoescape=True) for column in columns)))
    if wanted.first:
        found = found.where(AuditEntry.at >= _midnight(wanted.first, zone))
    if wanted.last and wanted.last < date.max:  # after which no day can be told
        found = found.where(AuditEntry.at < _midnight(wanted.last + timedelta(days=1), zone))
    return found


def link(everything: bool = False) -> int:
    """Tie entries that have no place in a chain yet, a batch at a time; how many. In a unit of work.

    One process at a time ties. ``everything`` also looks for entries far behind the newest.
    """
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext("audit"))))
    rows = db.session.execute(_unlinked(everything).limit(BATCH)).all()
    heads: dict[int | None, Head] = {}
    for row in rows:
        last = heads.get(row.tenant) or head(row.tenant)
        number = last.number + 1
        heads[row.tenant] = Head(number, tied(last.chain, chain.body(number, row._asdict())))
        made = AuditLink(entry_id=row.id, tenant_id=row.tenant, number=number, chain=heads[row.tenant].chain)
        db.session.add(made)
    db.session.flush()
    return len(rows)


def head(tenant: int | None) -> Head:
    """The newest line of a chain; `EMPTY` before the first."""
    newest = select(AuditLink.number, AuditLink.chain).where(_of(AuditLink.tenant_id, tenant))
    found = db.session.execute(newest.order_by(AuditLink.number.desc()).limit(1)).first()
    return Head(*found) if found else EMPTY


def lines(tenant: int | None) -> Iterator[str]:
    """A whole chain as text (`registry.tenants.auditing.chain`), read a batch at a time."""
    for row in _linked(tenant):
        yield chain.line(chain.body(row.number, row._asdict()), row.chain)


def numbered(tenant: int | None) -> Iterator[Row[Any]]:
    """A whole chain in its order: each line's number and what its entry says."""
    yield from _linked(tenant)


def check(tenant: int | None) -> Head:
    """Read every line of a chain. Raises BrokenChainError at the first that is not what was tied."""
    before = EMPTY
    for row in _linked(tenant):
        number = before.number + 1
        if row.number != number:
            raise BrokenChainError(f"line {number} is gone: line {row.number} follows")
        if row.tenant != tenant:
            raise BrokenChainError(f"line {number}: its entry was moved to another city")
        if row.chain != tied(before.chain, chain.body(number, row._asdict())):
            raise BrokenChainError(f"line {number} was changed: {row.action} {row.subject} by {row.actor}")
        before = Head(number, row.chain)
    return before


def late(tenant: int | None) -> int:
    """Entries that should have been tied long ago: written past our own ways, or the worker stands still."""
    tied = select(AuditLink).where(AuditLink.entry_id == AuditEntry.id).exists()
    waiting = select(func.count(AuditEntry.id)).where(AuditEntry.at < now() - LATE, ~tied)
    return db.session.scalar(waiting.where(_of(AuditEntry.tenant_id, tenant))) or 0


def tenants() -> list[int | None]:
    """Whose chains there are."""
    return list(db.session.scalars(select(AuditEntry.tenant_id).distinct().order_by(AuditEntry.tenant_id)))


def check_all() -> AuditCheck:
    """Look at every chain and note how it ended. In a unit of work, in the programme's scope."""
    seen, faults = 0, []
    for tenant in tenants():
        try:
            seen += check(tenant).number
            if behind := late(tenant):
                faults.append(f"{name_of(tenant)}: {behind} entries are older than an hour and not tied")
        except BrokenChainError as problem:
            faults.append(f"{name_of(tenant)}: {problem}")
    found = AuditCheck(lines=seen, fault="; ".join(faults))
    db.session.add(found)
    db.session.flush()
    return found


def last_check() -> AuditCheck | None:
    return db.session.scalar(select(AuditCheck).order_by(AuditCheck.id.desc()).limit(1))


def name_of(tenant: int | None) -> str:
    """As commands and the worker's log call it: a city by its name in addresses, which `lumbung audit export` takes."""
    city = db.session.get(City, tenant) if tenant else None
    return city.slug if city else "the programme" if tenant is None else f"city {tenant}"


def _linked(tenant: int | None) -> Iterator[Row[Any]]:
    """In the order of the chain, each with what its entry says today."""
    wanted = (
        select(AuditLink.number, AuditLink.chain, *ENTRY)
        .join(AuditEntry, AuditEntry.id == AuditLink.entry_id)
        .where(_of(AuditLink.tenant_id, tenant))
        .order_by(AuditLink.number)
        .limit(BATCH)
    )
    after = 0
    while rows := db.session.execute(wanted.where(AuditLink.number > after)).all():
        yield from rows
        after = rows[-1].number


def _unlinked(everything: bool) -> Select[Any]:
    wanted = select(*ENTRY).where(~select(AuditLink).where(AuditLink.entry_id == AuditEntry.id).exists())
    if not everything:
        newest = db.session.scalar(select(func.max(AuditLink.entry_id))) or 0
        wanted = wanted.where(AuditEntry.id > newest - STRAGGLERS)
    return wanted.order_by(AuditEntry.id)


def _of(column: Any, tenant: int | None) -> Any:
    return column.is_(None) if tenant is None else column == tenant


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))
