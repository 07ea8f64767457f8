"""An app that shows one-time codes: its secret is made, proved by a code, and each code is taken once."""

from __future__ import annotations

import pyotp
import segno
from flask import current_app
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from registry.accounts.factors import rules, words
from registry.accounts.factors.models import CodeApp
from registry.accounts.models import User
from registry.core import audit
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import Finding, InvalidError
from registry.core.secrets import SecretUnreadableError, Vault, open_vault


def new_secret() -> str:
    """160 bits in base 32, as RFC 4226 recommends."""
    return pyotp.random_base32()


def address(user: User, secret: str) -> str:
    """What the QR code says: ``otpauth://totp/…``."""
    issuer = f"Lumbung ({current_app.extensions['lumbung'].registry_host})"
    return pyotp.TOTP(secret, interval=rules.STEP).provisioning_uri(name=user.email, issuer_name=issuer)


def picture(text: str) -> Markup:
    """A QR code as inline SVG; beside it the same must stand as text."""
    drawn = segno.make(text, error="m").svg_inline(omitsize=True, border=3, dark="#07291f", light="#fff")
    label = Markup('<svg role="img" aria-label="{}" ').format(_("QR code for your app"))
    return label + Markup(drawn.removeprefix("<svg "))  # noqa: S704 drawn by us


def add(user: User, secret: str, code: str) -> None:
    """Keep the secret, proved by a code of it; one of before is replaced. Raises InvalidError for a wrong code."""
    step = rules.step_of(secret, rules.tidy(code), now())
    if step is None:
        message = _("This code does not fit. Take the newest one, and check that the clock of your phone is right.")
        raise InvalidError(message, [Finding("code", message)])
    values = {"secret": _vault().seal(secret), "last_step": step, "created_at": now(), "used_at": None}
    row = insert(CodeApp).values(user_id=user.id, **values)
    db.session.execute(row.on_conflict_do_update(index_elements=["user_id"], set_=values))
    audit.record("factor.add", user.email, what="app")
    words.tell_added(user, words.APP)


def take(user: User, code: str) -> bool:
    """Whether this is a code of the person's app; of two that come at the same moment one is taken."""
    found = db.session.get(CodeApp, user.id)
    wanted = rules.tidy(code)
    if found is None or not rules.ONE_TIME.fullmatch(wanted):
        return False
    try:
        step = rules.step_of(_vault().open(found.secret), wanted, now())
    except SecretUnreadableError:
        return False
    if step is None:
        return False
    newer = (CodeApp.user_id == user.id, CodeApp.last_step < step)
    taken = update(CodeApp).where(*newer).values(last_step=step, used_at=now()).returning(CodeApp.user_id)
    return db.session.scalar(taken) is not None


def _vault() -> Vault:
    return open_vault(current_app.extensions["lumbung"].secrets)
