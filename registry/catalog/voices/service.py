"""What officials of cities declare, and what maintainers hide of it; questions are in `…voices.questions`.

Who writes something anew names the version he saw: of two at the same time one wins, the other is told so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from registry.accounts.models import User
from registry.catalog.models import App
from registry.catalog.voices import rules
from registry.catalog.voices.models import Declaration, Moderated, Question
from registry.catalog.voices.rules import Said
from registry.catalog.voices.words import BOUNDS, problem_text
from registry.core import audit
from registry.core.clock import now, today
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError, NotFoundError, TooManyError
from registry.tenants import access
from registry.tenants.models import City
from registry.tenants.service import find_city

MAX_SHOWN = 100
Voice = Declaration | Question


def cities_of_asker() -> list[City]:
    """The admitted cities in which the person who asks has any role, by name: they may speak for these."""
    found = {one.city.id: one.city for one in access.memberships() if one.city.state == "admitted"}
    return sorted(found.values(), key=lambda city: city.name)


def city_of_asker(slug: str) -> City:
    """The one they speak for: by its slug, or with "" their first. Raises NotFoundError for a stranger to it."""
    found = next((city for city in cities_of_asker() if slug in ("", city.slug)), None)
    if found is None:
        raise NotFoundError(_("There is no such city, or you have no role in it."))
    return found


def declarations_of(app: App) -> list[Declaration]:
    """Newest first, the hidden ones among them, the withdrawn ones not."""
    wanted = select(Declaration).where(Declaration.app_id == app.id, Declaration.withdrawn_at.is_(None))
    return list(db.session.scalars(wanted.order_by(Declaration.updated_at.desc(), Declaration.id).limit(MAX_SHOWN)))


def has_declared(found: Iterable[Declaration]) -> bool:
    """Whether the first city the person who asks speaks for is among those that declared these."""
    mine = cities_of_asker()[:1]
    return any(one.city_id == city.id for one in found for city in mine)


def find_declaration(app: App, city: City) -> Declaration | None:
    """Also a withdrawn one."""
    return db.session.scalar(select(Declaration).where(Declaration.app_id == app.id, Declaration.city_id == city.id))


def standing_declaration(app: App, city: City) -> Declaration:
    """Raises NotFoundError when there is none, or it was withdrawn."""
    found = find_declaration(app, city)
    if found is None or found.withdrawn_at:
        raise NotFoundError(_("%(city)s has not declared anything about this app.", city=city.name))
    return found


def declaration_in(app: App, slug: str) -> Declaration:
    """The standing one of a city by its slug. Raises NotFoundError."""
    return standing_declaration(app, find_city(slug))


def declare(app: App, city: City, person: User, said: Said, seen: int = 0) -> Declaration:
    """Write the city's declaration, or write it anew; ``seen`` is the version that stood there, 0 for none.

    Raises InvalidError, TooManyError, and ConflictError when another one stands there or it was hidden.
    """
    said = Said(rules.clean(said.use_case), said.instance_url.strip(), rules.clean(said.experience), said.since)
    wrong = rules.problems(said, today())
    if wrong:
        findings = [Finding(field, problem_text(code, BOUNDS.get(field, (0, 0)))) for field, code in wrong.items()]
        raise InvalidError(_("The declaration cannot be kept like this."), findings)
    lock_city(city)
    found = find_declaration(app, city)
    if found is None:
        bound(city, select(func.count()).where(Declaration.city_id == city.id, Declaration.created_at > yesterday()))
        found = Declaration(app_id=app.id, city_id=city.id, version=0)
        db.session.add(found)
    else:
        db.session.refresh(found)
        _require_seen(found, seen)
    before = {} if found.withdrawn_at or not found.version else _told(found)
    found.use_case, found.instance_url, found.experience = said.use_case, said.instance_url, said.experience
    found.since, found.author_id, found.updated_at, found.withdrawn_at = said.since, person.id, now(), None
    found.version += 1
    db.session.flush()
    audit.record("declaration.write", f"{app.slug} {city.slug}", city.id, **({"before": before} if before else {}))
    return found


def _require_seen(found: Declaration, seen: int) -> None:
    if found.hidden_at:
        raise ConflictError(_("This declaration was hidden: %(reason)s", reason=found.hidden_reason))
    if seen != found.version and not (found.withdrawn_at and seen == 0):
        raise ConflictError(
            _("Somebody of %(city)s wrote this declaration meanwhile. Read what stands there now, then write yours.",
              city=found.city.name)
        )  # fmt: skip


def _told(found: Declaration) -> dict[str, str]:
    """For the log, which keeps what stood there before."""
    words = {name: getattr(found, name) for name in ("use_case", "instance_url", "experience")}
    return words | {"since": found.since.isoformat() if found.since else ""}


def withdraw(declaration: Declaration) -> None:
    """Take it back; its words are gone."""
    declaration.withdrawn_at, declaration.since = now(), None
    declaration.version += 1
    declaration.use_case = declaration.instance_url = declaration.experience = ""
    audit.record("declaration.withdraw", _subject(declaration), declaration.city_id)


def hide(said: Voice, reason: str) -> None:
    """Show the reason in place of the words. Raises InvalidError without one."""
    said.hidden_reason, said.hidden_at = checked("reason", reason, rules.REASON), said.hidden_at or now()
    audit.record(f"{_kind(said)}.hide", _subject(said), said.city_id, reason=said.hidden_reason)


def show(said: Voice) -> None:
    """Undo `hide`."""
    said.hidden_reason, said.hidden_at = "", None
    audit.record(f"{_kind(said)}.show", _subject(said), said.city_id)


def checked(field: str, text: str, bounds: tuple[int, int]) -> str:
    """The clean text. Raises InvalidError when it is too short or too long."""
    text = rules.clean(text)
    code = rules.length_problem(text, bounds)
    if code:
        message = problem_text(code, bounds)
        raise InvalidError(message, [Finding(field, message)])
    return text


def yesterday() -> datetime:
    return now() - timedelta(days=1)


def lock_city(city: City) -> None:
    """Two who write for one city do so one after the other."""
    db.session.execute(select(City.id).where(City.id == city.id).with_for_update())


def bound(city: City, counted: Select[Any]) -> None:
    """After `lock_city`. Raises TooManyError when as many were counted as a day allows."""
    if (db.session.scalar(counted) or 0) >= rules.DAILY:
        message = _("%(city)s has written %(n)d times today: go on tomorrow.", city=city.name, n=rules.DAILY)
        raise TooManyError(message, 24 * 3600)


def _kind(said: Moderated) -> str:
    return "declaration" if isinstance(said, Declaration) else "question"


def _subject(said: Voice) -> str:
    return f"{said.app.slug} {said.city.slug if isinstance(said, Declaration) else said.id}"
