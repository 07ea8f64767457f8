"""How a person enters a plugin's origin and stays: a one-time code, exchanged there for a short-lived signed token.

The plugin's origin first gives the browser a state, in a cookie; the code is good with that state only. So nobody can
make another person enter as oneself, and a code that is overseen opens nothing.

**Staying.** A plugin believes a token for a quarter of an hour (`TOKEN_LIFE`). After that it believes it no longer, but
the registry exchanges it for a fresh one (`renew`): for `RENEWABLE` after its end, `STAY` after the entry at most, and
only while the person is active, still has a role and has not signed out since. The shim sends every request that
brings such a token, whatever its method, to ``/_lumbung/renew`` on the plugin's own origin with status 307, which the
registry answers with the new cookie and 307 back: browsers repeat a 307 with its method and body and without a
question, scripts' requests likewise. So a form that was open for an hour arrives as it was written, without JavaScript,
without a second cookie, and without anybody being asked for an ordinary request. What cannot be renewed goes back as
well, without its cookie: the shim then asks to sign in, in a new tab when there is a form to be kept.
"""

from __future__ import annotations

import re
import secrets as random
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select

from registry.accounts import sign_outs
from registry.accounts.models import User
from registry.config import Settings
from registry.core import audit, secrets, tokens
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ForbiddenError
from registry.hosting.models import Deployment, EntryCode
from registry.tenants import rules as tenant_rules
from registry.tenants.models import City, Membership, Opd

COOKIE = "__Host-lumbung"
STATE_COOKIE = "__Host-lumbung_entry"
MAX_TOKEN = 4096
STATE = re.compile(r"[A-Za-z0-9_-]{22}")
CODE_LIFE = timedelta(minutes=1)
STATE_LIFE = timedelta(minutes=10)
"""Time to sign in at the registry on the way."""

TOKEN_LIFE = timedelta(minutes=15)
RENEWABLE = timedelta(hours=2)
"""After the end of a token: how long a form may lie open on a desk."""

STAY = timedelta(hours=12)
"""After the entry: a working day, then the registry's own session is asked again."""


@dataclass(frozen=True)
class PluginRole:
    """What a person is in one plugin: administrator or operator, and of which OPD."""

    role: str
    opd: str = ""
    opd_id: int | None = None


def role_in_plugin(memberships: list[Membership], city: City, plugin: str) -> PluginRole | None:
    """The strongest role: a city admin administers every plugin of the city. Needs the city's scope.

    A copy for trying is for the staff of the plugin it is a copy of.
    """
    mine = [one for one in memberships if one.city_id == city.id]
    if any(one.role == tenant_rules.ADMIN for one in mine):
        return PluginRole(tenant_rules.ADMINISTRATOR)
    plugin = _original(city, plugin)
    for wanted in (tenant_rules.ADMINISTRATOR, tenant_rules.OPERATOR):
        for one in mine:
            if one.role == wanted and one.plugin == plugin:
                opd = db.session.get(Opd, one.opd_id) if one.opd_id else None
                return PluginRole(wanted, opd.name, opd.id) if opd else PluginRole(wanted)
    return None


def _original(city: City, plugin: str) -> str:
    tried = select(Deployment.trial_of).where(Deployment.tenant_id == city.id, Deployment.name == plugin)
    original = select(Deployment.name).where(Deployment.tenant_id == city.id, Deployment.id == tried.scalar_subquery())
    return db.session.scalar(original) or plugin


def state_of(known: str | None) -> str:
    """The state of this browser: the one it has (another tab may be on its way with it), or a new one."""
    return known if known and STATE.fullmatch(known) else random.token_urlsafe(16)


def require_role(memberships: list[Membership], city: City, plugin: str) -> PluginRole:
    """`role_in_plugin`; raises ForbiddenError for a person without one."""
    held = role_in_plugin(memberships, city, plugin)
    if held is None:
        raise ForbiddenError(
            _("You have no role in %(plugin)s. Ask an admin of %(city)s to appoint you.", plugin=plugin, city=city.name)
        )
    return held


def issue_code(city: City, plugin: str, user: User, held: PluginRole, state: str) -> str:
    """A code for one entry by the browser that holds ``state``, recorded."""
    db.session.execute(delete(EntryCode).where(EntryCode.expires_at < now()))
    code = secrets.token("lme")
    db.session.add(
        EntryCode(
            digest=_digest(code, state),
            city_id=city.id,
            plugin=plugin,
            user_id=user.id,
            role=held.role,
            opd=held.opd,
            opd_id=held.opd_id,
            expires_at=now() + CODE_LIFE,
        )
    )
    return code


def redeem(settings: Settings, city: City, plugin: str, code: str, state: str) -> str:
    """The token for the cookie of this origin; the code is spent. Raises ForbiddenError."""
    known = (EntryCode.digest == _digest(code, state), EntryCode.city_id == city.id, EntryCode.plugin == plugin)
    spent = delete(EntryCode).where(*known, EntryCode.expires_at > now())
    wanted = (EntryCode.user_id, EntryCode.role, EntryCode.opd, EntryCode.opd_id)
    row = db.session.execute(spent.returning(*wanted)).one_or_none()
    if row is None:
        raise ForbiddenError(_("This link was used already or is too old. Go to the page again."))
    user = db.session.get_one(User, row.user_id)
    audit.act_as(audit.Actor(user.id, user.name))
    audit.record("plugin.enter", f"{plugin}.{city.slug}", city.id, role=row.role)
    return sign(settings, city, plugin, user, PluginRole(row.role, row.opd, row.opd_id))


def renew(settings: Settings, city: City, plugin: str, token: str | None) -> str | None:
    """A fresh token for one that ended; None when the person has to enter anew. Needs the city's scope."""
    claims = _claims(settings, token, f"{plugin}.{city.slug}")
    user = db.session.get(User, int(claims["sub"])) if claims else None
    if claims is None or user is None or not user.active:
        return None
    out = sign_outs.last(user.id, city.id)
    if out is not None and out.timestamp() >= claims["iat"]:
        return None
    wanted = select(Membership).where(Membership.user_id == user.id).order_by(Membership.id)
    held = role_in_plugin(list(db.session.scalars(wanted)), city, plugin)
    return sign(settings, city, plugin, user, held, claims["since"]) if held else None


def _claims(settings: Settings, token: str | None, audience: str) -> dict[str, Any] | None:
    """What a token of ours for this audience says while it can be renewed. Our signature vouches for its shape."""
    if not token or len(token) > MAX_TOKEN:
        return None
    claims = tokens.read(settings.secrets, token)
    if claims is None:
        return None
    is_ours = claims.get("aud") == audience and str(claims.get("sub", "")).isdigit()
    return claims if is_ours and now().timestamp() < claims.get("until", 0) else None


def _digest(code: str, state: str) -> str:
    return secrets.digest(f"{code}.{state}")


def sign(settings: Settings, city: City, plugin: str, user: User, held: PluginRole, since: float | None = None) -> str:
    """A token good for one deployment only; ``since`` is when the person entered (now, by default).

    Moments are fractions of seconds: who signs in again within the second of signing out is not signed out anew.
    """
    issued = now().timestamp()
    entered = since or issued
    ends = issued + TOKEN_LIFE.total_seconds()
    claims = {
        "iss": settings.origin,
        "aud": f"{plugin}.{city.slug}",
        "sub": str(user.id),
        "name": user.name,
        "role": held.role,
        "opd": held.opd or None,
        "opd_id": held.opd_id,
        "iat": issued,
        "exp": ends,
        "since": entered,
        "until": min(ends + RENEWABLE.total_seconds(), entered + STAY.total_seconds()),
    }
    return tokens.sign(settings.secrets, claims)
