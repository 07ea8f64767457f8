"""What was done to a plugin: its revisions with who made them, and every long act with what it said at its end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from registry.accounts.models import User
from registry.core.db import db
from registry.core.jobs import Job
from registry.hosting.models import Deployment, Revision, Switch
from registry.hosting.plain import SwitchStep
from registry.hosting.reading import revisions, subject
from registry.tenants.models import City


@dataclass(frozen=True)
class Line:
    """One revision of the list. ``left_at``: when it last stopped serving, which is when its copy of the data was made;
    ``why`` is the kind of act that made it.
    """

    revision: Revision
    serving: bool
    author: str
    why: str
    left_at: datetime | None


def lines(deployment: Deployment) -> list[Line]:
    """Every revision, newest first."""
    found = revisions(deployment)
    people, left = names(one.created_by for one in found), _left(deployment)
    return [
        Line(
            revision=one,
            serving=one.id == deployment.serving_revision_id,
            author=people.get(one.created_by or 0, ""),
            why=one.note,
            left_at=left.get(one.id),
        )
        for one in found
    ]


def acts(city: City, deployment: Deployment) -> Select[Job]:
    """Every long act of this plugin, newest first."""
    return select(Job).where(Job.subject == subject(deployment, city)).order_by(Job.created_at.desc())


def names(ids: Iterable[int | None]) -> dict[int, str]:
    """People by id; who has no account any more is left out."""
    wanted: Sequence[int] = [one for one in ids if one is not None]
    return {user.id: user.name for user in db.session.scalars(select(User).where(User.id.in_(wanted)))}


def _left(deployment: Deployment) -> dict[int, datetime]:
    wanted = (
        select(Switch.from_revision_id, func.max(Switch.created_at))
        .where(Switch.deployment_id == deployment.id, Switch.step == SwitchStep.COMMITTED)
        .group_by(Switch.from_revision_id)
    )
    return {revision: at for revision, at in db.session.execute(wanted) if revision is not None}
