"""Rows of a restored registry that tell of a moment that is over: what was running then runs no more."""

from __future__ import annotations

from collections.abc import Iterable

from psycopg import Connection

from registry.hosting.models import OPEN_STEPS
from registry.operate.backup import tables
from registry.operate.backup.manifest import Copied

WHY = "Dipulihkan dari cadangan; perubahan yang sedang berjalan waktu itu dibatalkan. " \
      "(Restored from a backup; the change under way then was given up.)"  # fmt: skip
LOST = "Datanya tidak ada di cadangan ini. (Its data is not in this backup.)"


def settle(url: str, copied: Iterable[Copied]) -> None:
    """All in one transaction, as the owner of the tables."""
    with tables.writing(url) as connection:
        _end_what_ran(connection)
        for one in copied:
            if one.problem:
                _switch_off(connection, one)
            elif one.dumped:
                _take_over_later(connection, one)


def _end_what_ran(connection: Connection[tuple[object, ...]]) -> None:
    """Copies of the data of former revisions are not kept in a backup: nobody may go back to one with its data."""
    connection.execute(
        "update jobs set state = 'failed', message = %s, finished_at = now() where finished_at is null "
        "and id in (select job_id from switches where step = any(%s))",
        [WHY, list(OPEN_STEPS)],
    )
    connection.execute(
        "update switches set step = 'reverted', reason = %s where step = any(%s)", [WHY, list(OPEN_STEPS)]
    )
    connection.execute(
        "update errands set state = 'failed', message = %s, finished_at = now() where state in ('pending', 'running')",
        [WHY],
    )
    connection.execute("update revisions set snapshot = null where snapshot is not null")
    connection.execute("update deployments set state = 'off' where state <> 'crashed'")
    connection.execute("delete from hosts")


def _switch_off(connection: Connection[tuple[object, ...]], one: Copied) -> None:
    connection.execute(
        "update deployments set enabled = false, state_message = %s where id = %s", [LOST, one.deployment]
    )


def _take_over_later(connection: Connection[tuple[object, ...]], one: Copied) -> None:
    """Data in PostgreSQL comes back by the host at its first start, as after any restore of a plugin."""
    job = connection.execute(
        "insert into jobs (id, tenant_id, kind, subject, state, step, percent, message, log, created_at, updated_at) "
        "select gen_random_uuid(), tenant_id, 'restore', %s, 'queued', '', 0, '', '', now(), now() "
        "from deployments where id = %s returning id",
        [one.plugin, one.deployment],
    ).fetchone()
    connection.execute(
        "insert into switches (tenant_id, deployment_id, job_id, from_revision_id, to_revision_id, data_source, step, "
        "reason, created_at, updated_at) select tenant_id, id, %s, serving_revision_id, serving_revision_id, %s, "
        "'pending', '', now(), now() from deployments where id = %s",
        [job[0] if job else None, source_of(one), one.deployment],
    )


def source_of(one: Copied) -> str:
    return f"incoming/{one.deployment}"
