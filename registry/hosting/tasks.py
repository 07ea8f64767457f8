"""Tasks of plugins by the clock: when they are due, what their runs said, run now and pause.

The plan is the manifest of the revision that serves; a run is an errand of the host. Whoever calls has entered the
city's scope, `enqueue_due` the programme's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from registry.core import audit, cron
from registry.core.db import db
from registry.core.errors import ConflictError, NotFoundError
from registry.hosting.models import Build, Deployment, Errand, Revision
from registry.hosting.models_operations import TaskPlan
from registry.hosting.plain import DeploymentState, ErrandKind, ErrandState, Manifest, Task
from registry.hosting.reading import serving, subject
from registry.hosting.service import ask_host
from registry.tenants.models import City

SECONDS = 300
"""One run may take so long."""

SHOWN_RUNS = 10
KEPT = timedelta(days=90)
OPEN = (ErrandState.PENDING, ErrandState.RUNNING)
NAME = Errand.argument["name"].as_string()


@dataclass(frozen=True)
class PlannedTask:
    """One task as its page shows it; ``next_at`` is None while nothing starts it by itself. ``runs`` newest first."""

    task: Task
    paused: bool
    next_at: datetime | None
    runs: Sequence[Errand]

    @property
    def open(self) -> bool:
        return any(run.state in OPEN for run in self.runs)

    @property
    def last(self) -> Errand | None:
        """The newest run that came to an end."""
        return next((run for run in self.runs if run.state not in OPEN), None)


def well(run: Errand) -> bool:
    return run.state == ErrandState.DONE and run.result.get("exit") == 0


def declared(deployment: Deployment) -> tuple[Task, ...]:
    """Of the revision that serves."""
    revision = serving(deployment)
    return Manifest.from_json(revision.build.manifest).tasks if revision else ()


def planned(city: City, deployment: Deployment, now: datetime) -> list[PlannedTask]:
    """Every declared task, in the manifest's order."""
    paused = {plan.name for plan in _plans(deployment) if plan.paused}
    sleeping = bool(why_not(deployment))
    return [
        PlannedTask(
            task=task,
            paused=task.name in paused,
            next_at=None if sleeping or task.name in paused else cron.next_time(task.cron, now, city.timezone),
            runs=runs(deployment, task.name, SHOWN_RUNS),
        )
        for task in declared(deployment)
    ]


def runs(deployment: Deployment, name: str, count: int) -> list[Errand]:
    """The newest runs of a task."""
    wanted = select(Errand).where(Errand.deployment_id == deployment.id, Errand.kind == ErrandKind.TASK, NAME == name)
    return list(db.session.scalars(wanted.order_by(Errand.id.desc()).limit(count)))


def last_runs(deployments: Sequence[Deployment]) -> list[Errand]:
    """The newest ended run of each task of many plugins."""
    ids = [one.id for one in deployments]
    ended = (Errand.kind == ErrandKind.TASK, Errand.deployment_id.in_(ids), Errand.state.not_in(OPEN))
    newest = select(func.max(Errand.id)).where(*ended).group_by(Errand.deployment_id, NAME)
    return list(db.session.scalars(select(Errand).where(Errand.id.in_(newest))))


def why_not(deployment: Deployment) -> str:
    """Why no task of this plugin may run, in words; empty when it may."""
    if deployment.trial_of:
        return _("A copy for trying runs no tasks: it would act twice.")
    if deployment.removed_at or not deployment.enabled or deployment.state == DeploymentState.CRASHED:
        return _("The plugin is off: its tasks run again when it is on.")
    if deployment.maintenance:
        return _("The plugin is closed for maintenance: its tasks run again when it is open.")
    return ""


def run_now(city: City, deployment: Deployment, name: str) -> Errand:
    """Start a task once, besides its plan. Raises NotFoundError, ConflictError."""
    task = _declared(deployment, name)
    if refusal := why_not(deployment):
        raise ConflictError(refusal)
    if name in _running([deployment.id]).get(deployment.id, set()):
        raise ConflictError(_("%(name)s is running already.", name=name))
    audit.record("task.run", f"{name}@{subject(deployment, city)}", city.id)
    return _ask(deployment, task, by=audit.actor().name)


def set_paused(city: City, deployment: Deployment, name: str, paused: bool, now: datetime) -> None:
    """While paused nothing starts it by the clock; times that pass are not made up for. Raises NotFoundError."""
    _declared(deployment, name)
    plan = next((one for one in _plans(deployment) if one.name == name), None) or _new_plan(deployment, name, now)
    if plan.paused == paused:
        return
    plan.paused, plan.handled_until = paused, now
    audit.record("task.pause" if paused else "task.resume", f"{name}@{subject(deployment, city)}", city.id)


def enqueue_due(now: datetime) -> int:
    """Ask the host for every task whose time has come; answers how many. Times missed together run once.

    What is off, closed or a copy lets its times pass. A run that is not over yet is not overtaken.
    """
    started = 0
    rows = list(_with_tasks())
    plans = _plans_of(deployment.id for deployment, _city, _manifest in rows)
    running = _running([deployment.id for deployment, _city, _manifest in rows])
    for deployment, city, manifest in rows:
        for task in manifest.tasks:
            plan = plans.get((deployment.id, task.name)) or _new_plan(deployment, task.name, now)
            due = cron.last_time(task.cron, now, city.timezone) > plan.handled_until
            if due and task.name in running.get(deployment.id, set()):
                continue
            plan.handled_until = max(plan.handled_until, now) if due else plan.handled_until
            if due and not plan.paused and not why_not(deployment):
                _ask(deployment, task)
                started += 1
    return started


def forget_old(now: datetime) -> None:
    """Runs older than `KEPT` go."""
    old = (Errand.kind == ErrandKind.TASK, Errand.finished_at < now - KEPT)
    db.session.execute(delete(Errand).where(*old))


def _ask(deployment: Deployment, task: Task, **more: str) -> Errand:
    return ask_host(deployment, ErrandKind.TASK, name=task.name, call=task.call, seconds=SECONDS, **more)


def _declared(deployment: Deployment, name: str) -> Task:
    found = next((task for task in declared(deployment) if task.name == name), None)
    if found is None:
        raise NotFoundError(_("%(plugin)s has no task %(name)s.", plugin=deployment.name, name=name))
    return found


def _plans(deployment: Deployment) -> list[TaskPlan]:
    return list(db.session.scalars(select(TaskPlan).where(TaskPlan.deployment_id == deployment.id)))


def _plans_of(ids: Iterable[int]) -> dict[tuple[int, str], TaskPlan]:
    found = db.session.scalars(select(TaskPlan).where(TaskPlan.deployment_id.in_(list(ids))))
    return {(plan.deployment_id, plan.name): plan for plan in found}


def _new_plan(deployment: Deployment, name: str, now: datetime) -> TaskPlan:
    """From now on: a task that has just come into being makes up for nothing."""
    plan = TaskPlan(
        tenant_id=deployment.tenant_id, deployment_id=deployment.id, name=name, paused=False, handled_until=now
    )
    db.session.add(plan)
    return plan


def _with_tasks() -> Iterable[tuple[Deployment, City, Manifest]]:
    wanted = (
        select(Deployment, City, Build.manifest)
        .join(Revision, Revision.id == Deployment.serving_revision_id)
        .join(Build, Build.id == Revision.build_id)
        .join(City, City.id == Deployment.tenant_id)
        .where(Deployment.removed_at.is_(None), func.jsonb_array_length(Build.manifest["tasks"]) > 0)
    )
    for deployment, city, manifest in db.session.execute(wanted):
        yield deployment, city, Manifest.from_json(manifest)


def _running(ids: Sequence[int]) -> dict[int, set[str]]:
    """Names of the tasks that wait or run, by deployment."""
    wanted = select(Errand.deployment_id, NAME).where(
        Errand.kind == ErrandKind.TASK, Errand.state.in_(OPEN), Errand.deployment_id.in_(ids)
    )
    found: dict[int, set[str]] = {}
    for deployment_id, name in db.session.execute(wanted):
        found.setdefault(deployment_id, set()).add(name)
    return found
