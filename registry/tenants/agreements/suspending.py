"""A maintainer's own act: the plugins of a city without a PKS closed for citizens, and opened again.

Nothing here happens by itself, however long a PKS is over. Inside a unit of work.
"""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from registry.core import audit, clock
from registry.core.db import db
from registry.core.errors import ConflictError
from registry.tenants.agreements import reading, seams, telling
from registry.tenants.agreements.models import Suspension
from registry.tenants.agreements.refusals import refuse
from registry.tenants.models import City
from registry.tenants.service import reason_of

LEAST_WORDS, MOST_WORDS = 10, 500


def current(city: City) -> Suspension | None:
    """What closes the city's plugins now."""
    wanted = select(Suspension).where(Suspension.tenant_id == city.id, Suspension.ended_at.is_(None))
    return db.session.scalar(wanted)


def past(city: City) -> list[Suspension]:
    """All of them, newest first."""
    wanted = select(Suspension).where(Suspension.tenant_id == city.id).order_by(Suspension.id.desc())
    return list(db.session.scalars(wanted))


def suspend(city: City, reason: str, words: str) -> Suspension:
    """Close every plugin that is open to citizens, who read ``words``. Data, settings and processes stay as they are.

    Raises InvalidError, and ConflictError while a PKS is in force, when it is done already or nothing is open.
    """
    _hold(city)
    if current(city):
        raise ConflictError(_("The plugins of %(city)s are closed already.", city=city.name))
    if city.publisher or reading.active_pks(city.id):
        raise ConflictError(_("%(city)s has a PKS in force. End that first, with its reason.", city=city.name))
    why, text = reason_of(reason), words.strip()
    fit = LEAST_WORDS <= len(text) <= MOST_WORDS and all(one.isprintable() or one in "\r\n" for one in text)
    refuse(("words", None if fit else "closed-words"))
    names = seams.closer().close(city, text)
    if not names:
        raise ConflictError(_("%(city)s has no plugin that is open to citizens.", city=city.name))
    made = Suspension(tenant_id=city.id, words=text, reason=why, plugins=names, begun_by=audit.actor().name)
    db.session.add(made)
    db.session.flush()
    audit.record("city.suspend", city.slug, city.id, reason=why, plugins=names)
    telling.suspended(city, why, text, names)
    return made


def resume(city: City) -> list[str]:
    """Open what `suspend` closed; answers with the names. Raises ConflictError when nothing is closed by it."""
    _hold(city)
    held = current(city)
    if held is None:
        raise ConflictError(_("The plugins of %(city)s are not closed by the programme.", city=city.name))
    held.ended_at, held.ended_by = clock.now(), audit.actor().name
    db.session.flush()
    names = seams.closer().reopen(city, held.plugins, held.words)
    audit.record("city.resume", city.slug, city.id, plugins=names)
    telling.resumed(city, names)
    return names


def refuse_while_suspended(city: City, name: str) -> None:
    """For the room that runs plugins: what the programme closed only the programme opens. Raises ConflictError."""
    held = current(city)
    if held is not None and name in held.plugins:
        raise ConflictError(
            _("The programme closed this plugin: %(reason)s Ask the maintainers to open it.", reason=held.reason)
        )


def _hold(city: City) -> None:
    """Of two who do this at once, one waits for the other and then sees what it did."""
    db.session.execute(select(City.id).where(City.id == city.id).with_for_update())
