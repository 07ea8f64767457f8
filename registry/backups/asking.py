"""What backups ask of the plugin host, once per job: asked again after a kill, the first answer is taken."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from registry.backups.folders import DATA, Way
from registry.core.db import db
from registry.core.errors import UnavailableError
from registry.core.uow import unit_of_work
from registry.hosting import reading as hosting
from registry.hosting import service as changes
from registry.hosting.models import Deployment, Errand
from registry.hosting.plain import ErrandKind, ErrandState

SECONDS = 3600.0
"""How long a copy, a drill or a purge may take, waiting for the plugin's turn included."""


def require_host() -> None:
    """Raises UnavailableError when the host has not been heard lately: nothing is begun that would only wait."""
    if hosting.host_is_late():
        raise UnavailableError(_("The plugin host has not been heard for a while: changes wait until it is back."))


def copied(deployment: Deployment, way: Way) -> int:
    """A consistent copy of the data in ``way``; answers with the id of the revision it belongs to."""
    asked = _asked(deployment.id, ErrandKind.COPY, way)
    if asked is None or (asked.state == ErrandState.DONE and not (way.folder / DATA).is_dir()):
        way.drop()
        way.make()
        return int(_done(deployment.id, ErrandKind.COPY, folder=way.data)["revision"])
    return int(_answer(asked.id)["revision"])


def housed(deployment: Deployment, way: Way) -> None:
    """A new deployment has its folders: the host makes them, by copying its data, which is empty, into ``way``."""
    if not way.home.exists():
        _done(deployment.id, ErrandKind.COPY, folder=f"{way.kind}/{way.job}")
        way.drop()


def drilled(deployment: Deployment, way: Way, revision_id: int) -> dict[str, Any]:
    """What came of running the revision on the data in ``way``: healthy, integrity, files, seconds."""
    asked = _asked(deployment.id, ErrandKind.DRILL, way)
    if asked is None:
        return _done(deployment.id, ErrandKind.DRILL, folder=way.data, revision=revision_id)
    return _answer(asked.id)


def was_drilled(deployment: Deployment, way: Way) -> bool:
    """Whether the host was asked already: its scratch copy is not to be written again under it."""
    return _asked(deployment.id, ErrandKind.DRILL, way) is not None


def purged(deployment: Deployment) -> None:
    """Everything the host keeps of it is gone."""
    _done(deployment.id, ErrandKind.PURGE)


def _asked(deployment_id: int, kind: ErrandKind, way: Way) -> Errand | None:
    wanted = select(Errand).where(Errand.deployment_id == deployment_id, Errand.kind == kind)
    wanted = wanted.where(Errand.argument["folder"].astext == way.data, Errand.state != ErrandState.FAILED)
    return db.session.scalar(wanted.order_by(Errand.id.desc()).limit(1))


def _done(deployment_id: int, kind: ErrandKind, **argument: Any) -> dict[str, Any]:
    db.session.rollback()
    with unit_of_work():
        errand = changes.ask_host(db.session.get_one(Deployment, deployment_id), kind, **argument)
    return _answer(errand.id)


def _answer(errand_id: int) -> dict[str, Any]:
    return dict(hosting.errand_done(errand_id, SECONDS).result)
