"""Ten codes on paper, each good for one time, for the day everything else is gone."""

from __future__ import annotations

import secrets as random

from sqlalchemy import delete, func, select, update

from registry.accounts.factors import rules, words
from registry.accounts.factors.models import RecoveryCode
from registry.accounts.models import User
from registry.core import audit, secrets
from registry.core.clock import now
from registry.core.db import db


def renew(user: User) -> list[str]:
    """Ten new codes, shown this once; those of before no longer work."""
    made = ["".join(random.choice(rules.LETTERS) for _letter in range(16)) for _code in range(rules.RECOVERY_CODES)]
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    db.session.add_all(RecoveryCode(user_id=user.id, digest=secrets.digest(code)) for code in made)
    db.session.flush()
    audit.record("factor.codes", user.email)
    return [rules.written(code) for code in made]


def take(user: User, code: str) -> bool:
    """Whether this is an unused code of the person: it is used now, and the person is told."""
    wanted = rules.tidy(code)
    if not rules.RECOVERY.fullmatch(wanted):
        return False
    ours = (RecoveryCode.user_id == user.id, RecoveryCode.digest == secrets.digest(wanted))
    used = update(RecoveryCode).where(*ours, RecoveryCode.used_at.is_(None)).values(used_at=now())
    if db.session.scalar(used.returning(RecoveryCode.id)) is None:
        return False
    audit.record("factor.recover", user.email)
    words.tell_recovered(user, left(user))
    return True


def left(user: User) -> int:
    unused = (RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0
