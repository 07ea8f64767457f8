"""How the repositories of this installation stand, for ``lumbung doctor``: read without the web application."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import psycopg

from registry.config import Settings
from registry.core.clock import now
from registry.forge.keeping.models import BROKEN, LOST

LATE = timedelta(days=2)
"""The worker looks at some of them every night."""

_FIGURES = """
select count(*), count(*) filter (where state = any(%(bad)s)), max(checked_at),
       (array_agg(name order by name) filter (where state = any(%(bad)s)))[1:5]
  from (select r.state, r.checked_at, case r.kind when 'fork' then c.slug || '/' || a.slug else a.slug end as name
          from repositories r join apps a on a.id = r.app_id join cities c on c.id = r.tenant_id) known"""


def standing(settings: Settings) -> Iterator[tuple[bool, str]]:
    """Findings, each with whether it is well. Nothing when the database does not answer: others say so."""
    try:
        with psycopg.connect(settings.database_url, connect_timeout=3) as connection:
            connection.execute("select set_config('app.programme', 'on', true)")
            row = connection.execute(_FIGURES, {"bad": [BROKEN, LOST]}).fetchone()
    except psycopg.Error:
        return
    if row is not None and row[0]:
        yield from _told(*row)


def _told(count: int, bad: int, checked: datetime | None, names: list[str] | None) -> Iterator[tuple[bool, str]]:
    if checked is None:
        yield False, f"none of {count} was checked yet: the worker does it at night, 'lumbung forge fsck' now"
        return
    when = f"last check {checked:%Y-%m-%d %H:%M} UTC"
    if bad:
        some = ", ".join(names or ()) + (", …" if bad > len(names or ()) else "")
        yield False, f"{bad} of {count} have faults ({some}): 'lumbung forge fsck --repair' mends what can be; {when}"
    elif now() - checked > LATE:
        yield False, f"{count} without a known fault, but the {when}: is the worker alive? 'lumbung forge fsck'"
    else:
        yield True, f"{count} without a known fault; {when}"
