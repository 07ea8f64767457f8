"""Second factors of a person: what there is, what a code is worth, what is taken away, and who must have one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import delete, select

from registry.accounts import service as accounts
from registry.accounts import throttle
from registry.accounts.factors import codes, recovery, words
from registry.accounts.factors.models import CodeApp, Passkey, RecoveryCode
from registry.accounts.models import User
from registry.core import audit
from registry.core.db import db
from registry.core.errors import ConflictError, NotFoundError

ASKERS = "accounts.second_factor_askers"
REQUIRED = "required"

Asker = Callable[[User], bool]
"""Of a room above: whether this person has a role that needs a second factor."""


@dataclass(frozen=True)
class Held:
    """What a person has. ``codes_left`` counts recovery codes: they are no factor of their own."""

    code_app: CodeApp | None
    passkeys: list[Passkey]
    codes_left: int

    def __bool__(self) -> bool:
        return self.code_app is not None or bool(self.passkeys)

    @property
    def count(self) -> int:
        return (self.code_app is not None) + len(self.passkeys)


def demand_by(app: Flask, asker: Asker) -> None:
    """Let a room say who must have a second factor."""
    app.extensions.setdefault(ASKERS, []).append(asker)


def required_for(user: User) -> bool:
    """Whether this installation and this person's roles ask for one."""
    if current_app.extensions["lumbung"].second_factor != REQUIRED:
        return False
    return any(asker(user) for asker in current_app.extensions.get(ASKERS, []))


def held(user: User) -> Held:
    app = db.session.get(CodeApp, user.id)
    keys = db.session.scalars(select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.id))
    return Held(app, list(keys), recovery.left(user))


def has_any(user: User) -> bool:
    app = select(CodeApp.user_id).where(CodeApp.user_id == user.id)
    key = select(Passkey.user_id).where(Passkey.user_id == user.id)
    return db.session.scalar(select(app.exists() | key.exists())) or False


def holders(user_ids: Collection[int]) -> set[int]:
    """Those of them who have a second factor."""
    apps = select(CodeApp.user_id).where(CodeApp.user_id.in_(user_ids))
    return set(db.session.scalars(apps.union(select(Passkey.user_id).where(Passkey.user_id.in_(user_ids)))))


def take_code(user: User, code: str, address: str) -> bool:
    """Whether this is the person's one-time code or an unused recovery code; either is used up by it.

    Raises TooManyError when throttled, as passwords are. The caller commits whatever the outcome, so that failures are
    counted.
    """
    for kind, name in _counted(user, address):
        throttle.demand_room(kind, name)
    if codes.take(user, code) or recovery.take(user, code):
        throttle.forget("factor", str(user.id))
        return True
    for kind, name in _counted(user, address):
        throttle.count(kind, name)
    return False


def remove_code_app(user: User) -> None:
    """Raises NotFoundError, and ConflictError for the last factor of somebody who must have one."""
    mine = held(user)
    if mine.code_app is None:
        raise NotFoundError(_("You have no app for codes here."))
    _check_may_lose(user, mine)
    db.session.delete(mine.code_app)
    _removed(user, mine, "app")


def remove_passkey(user: User, passkey_id: int) -> str:
    """Answers its name. Raises NotFoundError, and ConflictError for the last factor of somebody who must have one."""
    mine = held(user)
    found = next((key for key in mine.passkeys if key.id == passkey_id), None)
    if found is None:
        raise NotFoundError(_("You have no such passkey."))
    _check_may_lose(user, mine)
    db.session.delete(found)
    _removed(user, mine, found.name)
    return found.name


def reset(user: User, tenant_id: int | None = None) -> None:
    """Take every factor and recovery code away and end every session, so that the person can set them up anew.

    For somebody who lost everything; who may ask for it is the caller's to check. ``tenant_id`` is the city whose admin
    did it.
    """
    for table in (CodeApp, Passkey, RecoveryCode):
        db.session.execute(delete(table).where(table.user_id == user.id))
    db.session.expire_all()
    accounts.end_sessions(user)
    audit.record("factor.reset", user.email, tenant_id=tenant_id)
    words.tell_reset(user, audit.actor().name)


def _check_may_lose(user: User, mine: Held) -> None:
    if mine.count == 1 and required_for(user):
        raise ConflictError(_("Your role needs a second factor. Add another one first, then remove this one."))


def _removed(user: User, mine: Held, what: str) -> None:
    if mine.count == 1:
        db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    db.session.flush()
    audit.record("factor.remove", user.email, what=what)
    words.tell_removed(user, what, last=mine.count == 1)


def _counted(user: User, address: str) -> tuple[tuple[str, str], ...]:
    return ("factor", str(user.id)), ("factor-address", address)
