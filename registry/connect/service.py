"""Consent given and taken back, and each use of it. Called inside a unit of work, in the city's scope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from registry.connect import reading, rules
from registry.connect.models import Grant, Kpi, Outward
from registry.connect.rules import Figure, Wish
from registry.core import audit, clock, mail
from registry.core.db import db
from registry.core.errors import ForbiddenError, InvalidError, NotFoundError, TooManyError
from registry.core.uow import wake_host
from registry.hosting.models import Deployment
from registry.hosting.reading import subject
from registry.tenants.models import City

DAY = 24 * 3600


def decide(city: City, deployment: Deployment, wish: Wish, give: bool) -> str:
    """Give a plugin what it asks for, or take it back; what is open is cut at once. Answers the new state.

    Raises NotFoundError for what it does not ask for; what it once was given can always be taken back.
    """
    known = {one.wish: one for one in reading.connections(deployment)}
    if wish not in known or (give and not known[wish].wanted):
        raise NotFoundError(_("%(name)s does not ask for this.", name=deployment.name))
    state = _decided(city, deployment, wish, known[wish].grant, give)
    wake_host(deployment.id)
    return state


def consent(city: City, deployment: Deployment, wishes: Iterable[Wish]) -> None:
    """Give a plugin what its first revision will ask for, while it is on its way: it may use it from its start."""
    for wish in wishes:
        _decided(city, deployment, wish, None, give=True)


def _decided(city: City, deployment: Deployment, wish: Wish, grant: Grant | None, give: bool) -> str:
    grant = grant or Grant(
        tenant_id=city.id, deployment_id=deployment.id, kind=wish.kind, name=wish.name, state=rules.ASKED
    )
    grant.state, grant.decided_by = rules.state_after(grant.state, give), audit.actor().name
    grant.decided_at = clock.now()
    db.session.add(grant)
    action = "grant.give" if give else "grant.take"
    audit.record(action, subject(deployment, city), city.id, wish=f"{wish.kind} {wish.name}".strip())
    return grant.state


def use(deployment: Deployment, wish: Wish) -> bool:
    """Whether the plugin may do this now; both answers are counted.

    What it never asked for in its manifest is refused without a row: a plugin cannot fill the table.
    """
    manifest = reading.manifest_of(deployment)
    if manifest is None or wish not in rules.wishes(manifest):
        return False
    held = select(Grant.state).where(
        Grant.deployment_id == deployment.id, Grant.kind == wish.kind, Grant.name == wish.name
    )
    given = db.session.scalar(held) == rules.GIVEN
    counted: dict[str, Any] = {"count": 1, "used_at": clock.now()} if given else {"denied": 1, "denied_at": clock.now()}
    first = {"count": 0, "denied": 0, **counted}
    row = insert(Grant).values(
        tenant_id=deployment.tenant_id, deployment_id=deployment.id, kind=wish.kind, name=wish.name,
        state=rules.ASKED, decided_by="", **first,
    )  # fmt: skip
    again = {key: getattr(Grant, key) + 1 if value == 1 else value for key, value in counted.items()}
    db.session.execute(row.on_conflict_do_update(index_elements=["deployment_id", "kind", "name"], set_=again))
    return given


def refusal(wish: Wish) -> ForbiddenError:
    """What is answered when `use` said no; raised after the unit of work, so that the try stays counted."""
    message = _(
        "This plugin has no permission for it (%(wish)s). The city's admin gives it on the plugin's page Connections.",
        wish=f"{wish.kind} {wish.name}".strip(),
    )
    return NotGrantedError(message)


class NotGrantedError(ForbiddenError):
    """The city's admin has not (or no longer) allowed it."""

    code = "not-granted"


def send_mail(city: City, deployment: Deployment, to: Sequence[str], subject_line: str, text: str) -> int:
    """Enqueue a plugin's message; answers how many it may still send today. Raises InvalidError, TooManyError."""
    if not 1 <= len(to) <= rules.MAIL_RECIPIENTS:
        raise InvalidError(_("A message goes to 1 to %(n)d addresses.", n=rules.MAIL_RECIPIENTS))
    if len(text.encode("utf-8", "replace")) > rules.MAIL_TEXT:
        raise InvalidError(_("This message is too long: at most %(n)d kB of text.", n=rules.MAIL_TEXT // 1024))
    mail.send(to, subject_line, text, tenant_id=city.id, sender=f"{deployment.name} {city.name}"[: mail.MAX_SENDER])
    sent = _count(deployment, mails=len(to))
    if sent > rules.MAILS_PER_DAY:
        message = _("This plugin has sent its %(n)d messages of today. Try again tomorrow.", n=rules.MAILS_PER_DAY)
        raise TooManyError(message, retry_after=DAY)
    return rules.MAILS_PER_DAY - sent


def count_bytes(deployment: Deployment, size: int) -> int:
    """Note bytes that went through the proxy; answers today's sum."""
    return _count(deployment, bytes=size)


def _count(deployment: Deployment, **more: int) -> int:
    row = insert(Outward).values(
        {"tenant_id": deployment.tenant_id, "deployment_id": deployment.id, "day": clock.today(),
         "mails": 0, "bytes": 0, **more}
    )  # fmt: skip
    [(name, size)] = more.items()
    column = getattr(Outward, name)
    added = row.on_conflict_do_update(index_elements=["deployment_id", "day"], set_={name: column + size})
    return int(db.session.execute(added.returning(column)).scalar_one())


def report(deployment: Deployment, figures: Sequence[Figure]) -> None:
    """Keep what a plugin says of its work. Raises InvalidError when it has too many figures."""
    known = db.session.scalars(select(Kpi.name).where(Kpi.deployment_id == deployment.id).distinct())
    if rules.too_many_names(known, figures):
        raise InvalidError(_("A plugin reports at most %(n)d different figures.", n=rules.KPI_NAMES))
    for figure in sorted(figures, key=lambda figure: (figure.name, figure.at)):
        _keep(deployment, figure)


def _keep(deployment: Deployment, figure: Figure) -> None:
    """The newest value of its day wins."""
    day = clock.day_of(figure.at)
    told = {
        "at": figure.at, "value": figure.value, "unit": figure.unit,
        "label_id": figure.label_id, "label_en": figure.label_en,
    }  # fmt: skip
    row = insert(Kpi).values(
        tenant_id=deployment.tenant_id, deployment_id=deployment.id, name=figure.name, day=day, **told
    )
    newer = row.on_conflict_do_update(
        index_elements=["deployment_id", "name", "day"], set_=told, where=Kpi.at <= figure.at
    )
    db.session.execute(newer)
