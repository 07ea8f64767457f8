"""How a person enters a plugin's origin: a one-time code, exchanged there for a short-lived signed token.

The plugin's origin first gives the browser a state, in a cookie; the code is good with that state only. So nobody can
make another person enter as oneself, and a code that is overseen opens nothing.
"""

from __future__ import annotations

import re
import secrets as random
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from joserfc import jwt
from joserfc.jwk import OKPKey
from sqlalchemy import delete

from registry.accounts.models import User
from registry.config import Settings
from registry.core import audit, secrets
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ForbiddenError
from registry.hosting.models import EntryCode
from registry.tenants import rules as tenant_rules
from registry.tenants.models import City, Membership, Opd

COOKIE = "__Host-lumbung"
STATE_COOKIE = "__Host-lumbung_entry"
STATE = re.compile(r"[A-Za-z0-9_-]{22}")
CODE_LIFE = timedelta(minutes=1)
STATE_LIFE = timedelta(minutes=10)
"""Time to sign in at the registry on the way."""

TOKEN_LIFE = timedelta(minutes=15)


@dataclass(frozen=True)
class PluginRole:
    """What a person is in one plugin: administrator or operator, and of which OPD."""

    role: str
    opd: str = ""


def role_in_plugin(memberships: list[Membership], city: City, plugin: str) -> PluginRole | None:
    """The strongest role: a city admin administers every plugin of the city. Needs the city's scope for the OPD."""
    mine = [one for one in memberships if one.city_id == city.id]
    if any(one.role == tenant_rules.ADMIN for one in mine):
        return PluginRole(tenant_rules.ADMINISTRATOR)
    for wanted in (tenant_rules.ADMINISTRATOR, tenant_rules.OPERATOR):
        for one in mine:
            if one.role == wanted and one.plugin == plugin:
                opd = db.session.get(Opd, one.opd_id) if one.opd_id else None
                return PluginRole(wanted, opd.name if opd else "")
    return None


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
            expires_at=now() + CODE_LIFE,
        )
    )
    return code


def redeem(settings: Settings, city: City, plugin: str, code: str, state: str) -> str:
    """The token for the cookie of this origin; the code is spent. Raises ForbiddenError."""
    known = (EntryCode.digest == _digest(code, state), EntryCode.city_id == city.id, EntryCode.plugin == plugin)
    spent = delete(EntryCode).where(*known, EntryCode.expires_at > now())
    row = db.session.execute(spent.returning(EntryCode.user_id, EntryCode.role, EntryCode.opd)).one_or_none()
    if row is None:
        raise ForbiddenError(_("This link was used already or is too old. Go to the page again."))
    user = db.session.get_one(User, row.user_id)
    audit.act_as(audit.Actor(user.id, user.name))
    audit.record("plugin.enter", f"{plugin}.{city.slug}", city.id, role=row.role)
    return sign(settings, city, plugin, user, PluginRole(row.role, row.opd))


def _digest(code: str, state: str) -> str:
    return secrets.digest(f"{code}.{state}")


def sign(settings: Settings, city: City, plugin: str, user: User, held: PluginRole) -> str:
    """An EdDSA token (RFC 8037) good for one deployment only."""
    issued = int(now().timestamp())
    claims = {
        "iss": settings.origin,
        "aud": f"{plugin}.{city.slug}",
        "sub": str(user.id),
        "name": user.name,
        "role": held.role,
        "opd": held.opd or None,
        "iat": issued,
        "exp": issued + int(TOKEN_LIFE.total_seconds()),
    }
    key = OKPKey.import_key(secrets.signing_key(settings.secrets))
    return jwt.encode({"alg": "EdDSA"}, claims, key, algorithms=["EdDSA"])
