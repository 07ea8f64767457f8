"""Provings in the tables: bundles' own tests that are to be run, and how they went."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from psycopg.types.json import Jsonb

from registry.host import words
from registry.host.proved import OUTCOMES, Proved
from registry.host.store import MAX_LOG, Store
from registry.hosting.plain import ProvingState


@dataclass(frozen=True)
class Proving:
    """One to be run. ``environment`` is its folder's name below ``builds/env``, ``attempts`` how often a host began."""

    id: int
    tree: str
    environment: str
    attempts: int
    job: UUID | None
    locale: str


_OPEN = """
    select p.id, p.tree, p.environment, p.attempts, p.job_id as job, c.locale
      from provings p join cities c on c.id = p.city_id
     where p.state in ('wanted', 'running') and p.environment <> '' order by p.id"""

_END = """
    update provings set state = %(state)s, reason = %(reason)s, detail = %(detail)s, passed = %(passed)s,
           failed = %(failed)s, skipped = %(skipped)s, errors = %(errors)s, seconds = %(seconds)s,
           failures = %(failures)s, log = %(log)s, finished_at = now()
     where id = %(id)s"""


_WORD = {ProvingState.PASSED: "passed", ProvingState.FAILED: "failed_tests", ProvingState.BROKEN: "unproved"}


def open_provings(store: Store) -> list[Proving]:
    """Oldest first; one that a dead host left `running` is among them."""
    with store.transaction() as cursor:
        return [Proving(**row) for row in cursor.execute(_OPEN)]


def begin(store: Store, proving: Proving) -> None:
    with store.transaction() as cursor:
        cursor.execute("update provings set state = 'running', attempts = attempts + 1 where id = %s", (proving.id,))
        said = words.say("proving", proving.locale)
        cursor.execute(
            "update jobs set state = 'running', step = 'proving', percent = 50, message = %s, updated_at = now()"
            " where id = %s",
            (said, proving.job),
        )


def put_back(store: Store, proving: Proving) -> None:
    """Its host leaves in order: that was no attempt."""
    with store.transaction() as cursor:
        cursor.execute(
            "update provings set state = 'wanted', attempts = %s where id = %s", (proving.attempts, proving.id)
        )


def end(store: Store, proving: Proving, found: Proved, seconds: float, log: str) -> None:
    """How it went, and its job with it: done when they passed, else failed."""
    counts = {name: found.counts.get(name, 0) for name in OUTCOMES}
    told = {"state": found.state, "reason": found.reason, "detail": found.detail, "seconds": round(seconds, 1)}
    passed = found.state is ProvingState.PASSED
    said = words.say(_WORD[found.state], proving.locale, counts["passed" if passed else "failed"] + counts["errors"])
    with store.transaction() as cursor:
        cursor.execute(_END, {**told, **counts, "failures": Jsonb(list(found.failures)), "log": log, "id": proving.id})
        cursor.execute(
            "update jobs set state = %s, step = 'proved', percent = 100, message = %s, log = right(%s, %s),"
            " updated_at = now(), finished_at = now() where id = %s",
            ("done" if passed else "failed", said, log, MAX_LOG, proving.job),
        )
