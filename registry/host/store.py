"""The host's view of the database: a handful of statements on the tables hosting owns. One store per
thread.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import UUID

from psycopg.types.json import Jsonb

from registry.config import Settings
from registry.core.secrets import Vault
from registry.host import spec, words
from registry.host.database import Cursor, Database
from registry.host.rules import PERCENT
from registry.hosting.plain import DeploymentState, RunSpec, SwitchStep

KEPT_SNAPSHOTS = 5
"""Of each deployment, besides that of the revision just left: older data comes back from its backups."""

MAX_LOG = 16_000


@dataclass(frozen=True)
class Desired:
    """One deployment as the tables want it, and what they were last told of it."""

    id: int
    name: str
    city: str
    locale: str
    enabled: bool
    revision: int | None
    state: str
    message: str
    failures: int
    switching: bool
    pinned: bool
    maintenance: bool
    removed: bool

    @property
    def serves(self) -> int | None:
        """The revision (by id) that visitors should meet; None when nobody may come."""
        return self.revision if self.admits else None

    @property
    def admits(self) -> bool:
        """Whether visitors may come once there is something to serve."""
        return self.enabled and not self.maintenance and not self.removed


@dataclass(frozen=True)
class Switch:
    """An open switch. ``old`` and ``new`` are revision numbers; ``old`` is None for a first deployment."""

    id: int
    deployment: int
    job: UUID | None
    old_id: int | None
    new_id: int
    old: int | None
    new: int
    data_source: str | None
    step: SwitchStep
    locale: str


_DESIRED = """
    select d.id, d.name, c.slug as city, c.locale, d.enabled, d.serving_revision_id as revision, d.state,
           coalesce(d.state_message, '') as message, d.failures, d.pinned, d.maintenance <> '' as maintenance,
           d.removed_at is not null as removed,
           exists(select 1 from switches s where s.deployment_id = d.id
                  and s.step not in ('committed', 'reverted', 'failed')) as switching
      from deployments d join cities c on c.id = d.tenant_id"""

_FORGET_SNAPSHOTS = """
    update revisions set snapshot = null
     where deployment_id = %(deployment)s and snapshot is not null and id is distinct from %(old)s
       and id not in (select id from revisions where deployment_id = %(deployment)s and snapshot is not null
                       order by number desc limit %(kept)s)"""

_OPEN = """
    select s.id, s.deployment_id as deployment, s.job_id as job, s.from_revision_id as old_id,
           s.to_revision_id as new_id, a.number as old, b.number as new, s.data_source, s.step, c.locale
      from switches s join revisions b on b.id = s.to_revision_id
      left join revisions a on a.id = s.from_revision_id
      join cities c on c.id = s.tenant_id
     where s.step not in ('committed', 'reverted', 'failed') order by s.id"""


class Store:
    """What the host reads and writes of deployments and switches. Raises psycopg.Error."""

    def __init__(self, settings: Settings, vault: Vault) -> None:
        self._settings = settings
        self._vault = vault
        self._database = Database(settings)

    def close(self) -> None:
        self._database.close()

    def fresh(self) -> Store:
        """Another store of the same database, for another thread."""
        return Store(self._settings, self._vault)

    def transaction(self) -> AbstractContextManager[Cursor]:
        """For statements on other tables of the same database."""
        return self._database.transaction()

    def desired(self, only: Collection[int] | None = None) -> list[Desired]:
        """Every deployment, or ``only`` these."""
        with self.transaction() as cursor:
            if only is None:
                return [Desired(**row) for row in cursor.execute(_DESIRED)]
            return [Desired(**row) for row in cursor.execute(f"{_DESIRED} where d.id = any(%s)", (list(only),))]

    def open_switches(self) -> list[Switch]:
        with self.transaction() as cursor:
            rows = list(cursor.execute(_OPEN))
        return [Switch(**{**row, "step": SwitchStep(row["step"])}) for row in rows]

    def run_spec(self, revision: int) -> RunSpec:
        """Everything to start a revision (by id). Raises SecretUnreadableError, KeyError on a broken row."""
        with self.transaction() as cursor:
            return spec.read(cursor, self._settings, self._vault, revision)

    def report(self, deployment: int, state: DeploymentState, message: str, failures: int) -> None:
        """What the console shows of a deployment."""
        with self.transaction() as cursor:
            cursor.execute(
                "update deployments set state = %s, state_message = %s, failures = %s, updated_at = now()"
                " where id = %s",
                (state, message, failures, deployment),
            )

    def begin_step(self, switch: Switch, step: SwitchStep, word: str) -> None:
        """Write a step before it is done; leaving ``snapshot`` also records that the snapshot is there."""
        with self.transaction() as cursor:
            cursor.execute("update switches set step = %s, updated_at = now() where id = %s", (step, switch.id))
            cursor.execute(
                "update deployments set state = 'switching', state_message = '', updated_at = now() where id = %s",
                (switch.deployment,),
            )
            if step is SwitchStep.MIGRATING and switch.old_id is not None:
                cursor.execute(
                    "update revisions set snapshot = %s where id = %s",
                    (f"deployments/{switch.deployment}/snapshots/{switch.old}", switch.old_id),
                )
            self._job(cursor, switch, "running", step, PERCENT[step], words.say(word, switch.locale))

    def commit(self, switch: Switch) -> None:
        """The one moment at which the new revision becomes the serving one."""
        with self.transaction() as cursor:
            cursor.execute("update switches set step = 'committed', updated_at = now() where id = %s", (switch.id,))
            cursor.execute(
                "update deployments set serving_revision_id = %s, failures = 0, state_message = '',"
                " state = case when enabled then 'waiting' else 'off' end, updated_at = now() where id = %s",
                (switch.new_id, switch.deployment),
            )
            forgotten = {"deployment": switch.deployment, "old": switch.old_id, "kept": KEPT_SNAPSHOTS}
            cursor.execute(_FORGET_SNAPSHOTS, forgotten)
            said = words.say("committed", switch.locale)
            self._job(cursor, switch, "done", SwitchStep.COMMITTED, 100, said)

    def snapshots(self, deployment: int) -> set[int]:
        """The revisions, by number, whose snapshot is on record."""
        with self.transaction() as cursor:
            rows = cursor.execute(
                "select number from revisions where deployment_id = %s and snapshot is not null", (deployment,)
            )
            return {row["number"] for row in rows}

    def revert(self, switch: Switch, step: SwitchStep, reason: str, log: str) -> None:
        """Close a switch without its new revision: ``reverted``, or ``failed`` when the data is not back."""
        state = DeploymentState.CRASHED if step is SwitchStep.FAILED else None
        with self.transaction() as cursor:
            cursor.execute(
                "update switches set step = %s, reason = %s, updated_at = now() where id = %s",
                (step, reason, switch.id),
            )
            cursor.execute(
                "update deployments set state = coalesce(%s, case when enabled and serving_revision_id is not null"
                " then 'waiting' else 'off' end), state_message = %s, updated_at = now() where id = %s",
                (state, reason if state else "", switch.deployment),
            )
            self._job(cursor, switch, "failed", step, None, reason, log)

    def step_of(self, switch: Switch) -> SwitchStep:
        with self.transaction() as cursor:
            row = cursor.execute("select step from switches where id = %s", (switch.id,)).fetchone()
        return SwitchStep.REVERTED if row is None else SwitchStep(row["step"])

    def beat(self, name: str, facts: dict[str, object]) -> None:
        with self.transaction() as cursor:
            cursor.execute(
                "insert into hosts (name, beat_at, pid, facts) values (%s, now(), %s, %s) on conflict (name)"
                " do update set beat_at = excluded.beat_at, pid = excluded.pid, facts = excluded.facts",
                (name, os.getpid(), Jsonb(facts)),
            )

    def _job(
        self,
        cursor: Cursor,
        switch: Switch,
        state: str,
        step: SwitchStep,
        percent: int | None,
        message: str,
        log: str = "",
    ) -> None:
        if switch.job is None:
            return
        cursor.execute(
            "update jobs set state = %s, step = %s, percent = coalesce(%s, percent), message = %s,"
            " log = case when %s = '' then log else right(%s, %s) end, updated_at = now(),"
            " finished_at = case when %s in ('done', 'failed') then now() end where id = %s",
            (state, step, percent, message, log, log, MAX_LOG, state, switch.job),
        )
