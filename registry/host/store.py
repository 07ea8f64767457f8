"""The host's view of the database: a handful of statements on the tables hosting owns. One store per
thread.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from registry.config import Settings
from registry.core.secrets import Vault
from registry.host import words
from registry.host.rules import PERCENT
from registry.hosting.plain import City, DeploymentPaths, DeploymentState, Limits, Manifest, RunSpec, SwitchStep

CHANNEL = "lumbung_host"
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
           coalesce(d.state_message, '') as message, d.failures,
           exists(select 1 from switches s where s.deployment_id = d.id
                  and s.step not in ('committed', 'reverted', 'failed')) as switching
      from deployments d join cities c on c.id = d.tenant_id"""

_OPEN = """
    select s.id, s.deployment_id as deployment, s.job_id as job, s.from_revision_id as old_id,
           s.to_revision_id as new_id, a.number as old, b.number as new, s.data_source, s.step, c.locale
      from switches s join revisions b on b.id = s.to_revision_id
      left join revisions a on a.id = s.from_revision_id
      join cities c on c.id = s.tenant_id
     where s.step not in ('committed', 'reverted', 'failed') order by s.id"""

_SPEC = """
    select d.id as deployment, d.name, d.secret_key_sealed, r.number, r.version, r.config_sealed,
           r.limits, b.code_path, b.env_path, b.manifest,
           c.code, c.slug, c.name as city_name, c.timezone, c.locale, c.color, c.logo, c.demo
      from revisions r join deployments d on d.id = r.deployment_id
      join builds b on b.id = r.build_id join cities c on c.id = d.tenant_id
     where r.id = %s"""


class Store:
    """A connection that is opened when first needed and again after it broke. Raises psycopg.Error."""

    def __init__(self, settings: Settings, vault: Vault) -> None:
        self._settings = settings
        self._vault = vault
        self._connection: psycopg.Connection[dict[str, Any]] | None = None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def fresh(self) -> Store:
        """Another store of the same database, for another thread."""
        return Store(self._settings, self._vault)

    def desired(self) -> list[Desired]:
        with self._transaction() as cursor:
            return [Desired(**row) for row in cursor.execute(_DESIRED)]

    def open_switches(self) -> list[Switch]:
        with self._transaction() as cursor:
            rows = list(cursor.execute(_OPEN))
        return [Switch(**{**row, "step": SwitchStep(row["step"])}) for row in rows]

    def run_spec(self, revision: int) -> RunSpec:
        """Everything to start a revision (by id). Raises SecretUnreadableError, KeyError on a broken row."""
        with self._transaction() as cursor:
            row = cursor.execute(_SPEC, (revision,)).fetchone()
        if row is None:
            raise KeyError(f"there is no revision {revision}")
        return self._spec(row)

    def report(self, deployment: int, state: DeploymentState, message: str, failures: int) -> None:
        """What the console shows of a deployment."""
        with self._transaction() as cursor:
            cursor.execute(
                "update deployments set state = %s, state_message = %s, failures = %s, updated_at = now()"
                " where id = %s",
                (state, message, failures, deployment),
            )

    def begin_step(self, switch: Switch, step: SwitchStep, word: str) -> None:
        """Write a step before it is done; leaving ``snapshot`` also records that the snapshot is there."""
        with self._transaction() as cursor:
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
        with self._transaction() as cursor:
            cursor.execute("update switches set step = 'committed', updated_at = now() where id = %s", (switch.id,))
            cursor.execute(
                "update deployments set serving_revision_id = %s, failures = 0, state_message = '',"
                " state = case when enabled then 'waiting' else 'off' end, updated_at = now() where id = %s",
                (switch.new_id, switch.deployment),
            )
            said = words.say("committed", switch.locale)
            self._job(cursor, switch, "done", SwitchStep.COMMITTED, 100, said)

    def revert(self, switch: Switch, step: SwitchStep, reason: str, log: str) -> None:
        """Close a switch without its new revision: ``reverted``, or ``failed`` when the data is not back."""
        state = DeploymentState.CRASHED if step is SwitchStep.FAILED else None
        with self._transaction() as cursor:
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
        with self._transaction() as cursor:
            row = cursor.execute("select step from switches where id = %s", (switch.id,)).fetchone()
        return SwitchStep.REVERTED if row is None else SwitchStep(row["step"])

    def beat(self, name: str, facts: dict[str, object]) -> None:
        with self._transaction() as cursor:
            cursor.execute(
                "insert into hosts (name, beat_at, pid, facts) values (%s, now(), %s, %s) on conflict (name)"
                " do update set beat_at = excluded.beat_at, pid = excluded.pid, facts = excluded.facts",
                (name, os.getpid(), Jsonb(facts)),
            )

    @contextmanager
    def _transaction(self) -> Iterator[psycopg.Cursor[dict[str, Any]]]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(
                libpq_url(self._settings), autocommit=True, row_factory=dict_row, connect_timeout=5
            )
        try:
            with self._connection.transaction(), self._connection.cursor() as cursor:
                cursor.execute("select set_config('app.programme', 'on', true)")
                yield cursor
        except psycopg.OperationalError:
            self.close()
            raise

    def _job(
        self,
        cursor: psycopg.Cursor[dict[str, Any]],
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

    def _spec(self, row: dict[str, Any]) -> RunSpec:
        settings = self._settings
        manifest = Manifest.from_json(row["manifest"])
        sealed = row["config_sealed"]
        return RunSpec(
            deployment=row["deployment"],
            name=row["name"],
            city=City(
                code=row["code"],
                slug=row["slug"],
                name=row["city_name"],
                timezone=row["timezone"] or City.timezone,
                locale=row["locale"] or City.locale,
                color=row["color"] or "",
                logo=row["logo"] or "",
                portal=settings.portal_origin(row["slug"]),
                demo=bool(row["demo"]),
            ),
            origin=settings.plugin_origin(row["slug"], row["name"]),
            revision=row["number"],
            version=row["version"] or "",
            manifest=manifest,
            limits=Limits.from_json(row["limits"]) if row["limits"] else manifest.limits,
            code=Path(settings.data) / row["code_path"],
            environment=Path(settings.data) / row["env_path"],
            data=DeploymentPaths(settings.data, row["deployment"]).data,
            config=self._vault.open(sealed) if sealed else {},
            secret_key=self._vault.open(row["secret_key_sealed"]) if row["secret_key_sealed"] else "",
        )


def libpq_url(settings: Settings) -> str:
    """SQLAlchemy's spelling of the driver is not libpq's."""
    return settings.database_url.replace("postgresql+psycopg://", "postgresql://", 1)


def listen(settings: Settings) -> psycopg.Connection[Any]:
    """A connection that hears of changes (`CHANNEL`)."""
    connection = psycopg.connect(libpq_url(settings), autocommit=True, connect_timeout=5)
    connection.execute(f"listen {CHANNEL}")
    return connection
