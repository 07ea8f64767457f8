"""How the backups of this installation stand, for ``lumbung doctor``: read without the web application."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta

import psycopg

from registry.backups import restic
from registry.config import Settings
from registry.core.clock import now

FRESH = timedelta(days=2)
"""A plugin on the default policy has a good backup that is younger."""

_PLUGINS = """
select count(*), count(*) filter (where made is not null and made > %(since)s), max(made)
  from deployments d
  left join lateral (select max(b.made_at) as made from backups b where b.deployment_id = d.id and b.state = 'kept') n
    on true
 where d.serving_revision_id is not null and d.removed_at is null and d.trial_of is null"""

_DRILLS = """
select count(*) filter (where (drill->>'healthy')::boolean and drill->>'integrity' = 'ok'), count(*), max(drilled_at)
  from (select distinct on (deployment_id) deployment_id, drill, drilled_at from backups
         where drilled_at is not null order by deployment_id, drilled_at desc) newest"""


def standing(settings: Settings) -> Iterator[tuple[bool, str]]:
    """Findings, each with whether it is well. Nothing when the database does not answer: others say so."""
    if shutil.which("restic") is None:
        yield False, "restic is not installed: nothing is backed up; apt-get install restic"
        return
    if restic.open_repository(settings).remote:
        yield True, "go to LUMBUNG_BACKUP_REPOSITORY, on another machine"
    else:
        yield False, "on this machine only: set LUMBUNG_BACKUP_REPOSITORY to an s3: or sftp: place"
    try:
        with psycopg.connect(settings.database_url, connect_timeout=3) as connection:
            connection.execute("select set_config('app.programme', 'on', true)")
            yield _plugins(*_row(connection, _PLUGINS))
            yield _drills(*_row(connection, _DRILLS))
    except psycopg.Error:
        return


def _row(connection: psycopg.Connection[tuple[object, ...]], query: str) -> tuple[int, int, datetime | None]:
    return connection.execute(query, {"since": now() - FRESH}).fetchone() or (0, 0, None)  # type: ignore[return-value]


def _plugins(served: int, fresh: int, last: datetime | None) -> tuple[bool, str]:
    when = f"; the last was made {last:%Y-%m-%d %H:%M} UTC" if last else ""
    return fresh == served, f"{fresh} of {served} plugins have one of the last two days{when}"


def _drills(well: int, tried: int, last: datetime | None) -> tuple[bool, str]:
    if last is None:
        return False, "none was tried yet: the first drill runs after the first backup"
    return well == tried, f"{well} of {tried} could be put back when last tried, {last:%Y-%m-%d}"
