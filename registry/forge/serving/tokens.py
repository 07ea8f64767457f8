"""Deploy tokens: what a machine that builds, mirrors or deploys gives as the password to one repository.

They are no person's: no page and no API knows them (`registry.accounts.access` reads people's tokens alone).
"""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, select

from registry.accounts.models import User
from registry.catalog.models import App
from registry.core import audit, secrets
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError, NotFoundError
from registry.forge.models import Fork
from registry.forge.serving.models import DeployToken
from registry.tenants.models import City

PREFIX = "lmd"
MAX_DAYS, MAX_LIVING, MAX_NAME, MAX_TEXT = 366, 20, 80, 100
NOTED = timedelta(minutes=5)
"""How exactly ``used_at`` is kept."""


def create(city: City, app: App, fork: Fork | None, name: str, days: int, write: bool) -> tuple[DeployToken, str]:
    """A new token for ``fork``, or for the app's upstream, and its text, which is told this once.

    The session is in the city's scope (an upstream's is its publisher's) or the programme's. Raises InvalidError,
    ConflictError when there are many.
    """
    if not 1 <= days <= MAX_DAYS:
        message = _("A token lives 1 to %(n)d days.", n=MAX_DAYS)
        raise InvalidError(message, [Finding("days", message)])
    if len(living(city, app, fork)) >= MAX_LIVING:
        raise ConflictError(_("A repository has at most %(n)d deploy tokens: revoke one first.", n=MAX_LIVING))
    text = secrets.token(PREFIX)
    token = DeployToken(
        tenant_id=city.id, app_id=app.id, fork_id=fork.id if fork else None, name=name.strip()[:MAX_NAME] or PREFIX,
        digest=secrets.digest(text), write=write, made_by=audit.actor().name, expires_at=now() + timedelta(days=days),
    )  # fmt: skip
    db.session.add(token)
    db.session.flush()
    _tell("deploy-token.create", city, app, token, write=write, expires_at=token.expires_at.isoformat())
    return token, text


def living(city: City, app: App, fork: Fork | None) -> list[DeployToken]:
    """The tokens of a repository that still work, newest first."""
    alive = (DeployToken.revoked_at.is_(None), DeployToken.expires_at > now())
    wanted = select(DeployToken).where(_repository(city.id, app.id, fork.id if fork else None), *alive)
    return list(db.session.scalars(wanted.order_by(DeployToken.id.desc())))


def revoke(city: City, app: App, fork: Fork | None, token_id: int) -> None:
    """It stops working at once. Raises NotFoundError."""
    of_it = _repository(city.id, app.id, fork.id if fork else None)
    token = db.session.scalar(select(DeployToken).where(of_it, DeployToken.id == token_id))
    if token is None:
        raise NotFoundError(_("This repository has no such token."))
    token.revoked_at = token.revoked_at or now()
    _tell("deploy-token.revoke", city, app, token)


def is_one(text: str) -> bool:
    return text.startswith(f"{PREFIX}_")


def find(text: str, city_id: int, app_id: int, fork_id: int | None) -> DeployToken | None:
    """The living token that opens this very repository; the session is in its city's scope."""
    if not is_one(text) or len(text) > MAX_TEXT:
        return None
    of_it = _repository(city_id, app_id, fork_id)
    token = db.session.scalar(select(DeployToken).where(of_it, DeployToken.digest == secrets.digest(text)))
    if token is None or token.revoked_at or token.expires_at <= now():
        return None
    return token


def note_use(token: DeployToken) -> bool:
    """Remember that it was used; False when that was noted a moment ago."""
    if token.used_at and token.used_at > now() - NOTED:
        return False
    token.used_at = now()
    return True


def _repository(city_id: int, app_id: int, fork_id: int | None) -> ColumnElement[bool]:
    fork = DeployToken.fork_id.is_(None) if fork_id is None else DeployToken.fork_id == fork_id
    return and_(DeployToken.tenant_id == city_id, DeployToken.app_id == app_id, fork)


def _tell(action: str, city: City, app: App, token: DeployToken, **told: object) -> None:
    subject = f"{city.slug}/{app.slug}" if token.fork_id else app.slug
    audit.record(action, subject, tenant_id=city.id, name=token.name, **told)


def made_by(city: City, user: User) -> str | None:
    """The living deploy tokens somebody made, for whoever takes over: they go on, as machines use them."""
    ours = (DeployToken.tenant_id == city.id, DeployToken.made_by == user.name)
    wanted = select(DeployToken.name).where(*ours, DeployToken.revoked_at.is_(None), DeployToken.expires_at > now())
    names = list(db.session.scalars(wanted.order_by(DeployToken.id).limit(MAX_LIVING)))
    if not names:
        return None
    return _("Deploy tokens go on, as machines use them; look whether they are still wanted: %(names)s.",
             names=", ".join(names))  # fmt: skip
