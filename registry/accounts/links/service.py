"""Links that open something once, for whoever reads the mail they were sent in."""

from __future__ import annotations

import secrets as random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, current_app
from sqlalchemy import delete, func, or_, select, update

from registry.accounts.links import rules, words
from registry.accounts.links.models import Link
from registry.accounts.models import User
from registry.core import secrets
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import NotFoundError
from registry.core.mail import checked_address

ACTS = "accounts.links"

Accept = Callable[[Link, User | None], str | None]
"""What a room above does when somebody presses the button of a link's page, inside the open unit of work: the person
is who is signed in (of an invitation always somebody). Answers the local path to go on to, or None. What it refuses
(RefusalError) leaves the link unused.
"""

Describe = Callable[[Link], str]
"""One sentence for the link's page: who invites to what, what the address is confirmed for."""


@dataclass(frozen=True)
class Act:
    accept: Accept
    describe: Describe


def on_accept(app: Flask, purpose: str, accept: Accept, describe: Describe | None = None) -> None:
    """Say what a link of this purpose does. A purpose has one room that answers for it; the last one wins."""
    app.extensions.setdefault(ACTS, {})[purpose] = Act(accept, describe or (lambda _link: ""))


def act_of(purpose: str) -> Act:
    """Raises NotFoundError when no room answers for this purpose."""
    found: Act | None = current_app.extensions.get(ACTS, {}).get(purpose)
    if found is None:
        raise NotFoundError(words.unknown())
    return found


def make(
    purpose: str, email: str, days: int, subject: str = "", user: User | None = None, lives: timedelta | None = None
) -> str:
    """A new link of `rules.PLACES`; answers the address to put into the mail, which is kept nowhere.

    It lives ``days``, 1 to 30, or exactly ``lives``. Older links about the same stay until one is used or `withdraw`
    ends them. Raises InvalidError for an address nobody can write to, ValueError for a purpose or a time of no kind.
    """
    span = lives or timedelta(days=days)
    if not timedelta() < span <= timedelta(days=rules.MAX_DAYS):
        raise ValueError(f"a link lives at most {rules.MAX_DAYS} days, not {span}")
    text = random.token_urlsafe(32)
    link = Link(
        purpose=purpose, digest=secrets.digest(text), email=checked_address(email).lower(), subject=subject,
        user_id=user.id if user else None, expires_at=now() + span,
    )  # fmt: skip
    db.session.add(link)
    db.session.flush()
    return f"{current_app.extensions['lumbung'].origin}{rules.PLACES[purpose]}{text}"


def open_link(text: str, purpose: str) -> Link:
    """The link, unused still. Raises NotFoundError that says why it opens nothing and what to do."""
    known = rules.TEXT.fullmatch(text) is not None
    wanted = (Link.digest == secrets.digest(text), Link.purpose == purpose)
    link = db.session.scalar(select(Link).where(*wanted)) if known else None
    if link is None or (link.user is not None and not link.user.active):
        raise NotFoundError(words.unknown())
    if problem := rules.problem(link.used_at, link.expires_at, now()):
        raise NotFoundError(words.ended(problem, purpose))
    return link


def use(link: Link) -> None:
    """Once: of two who press at the same moment one gets NotFoundError. Other links about the same end with it."""
    ours = (Link.id == link.id, Link.used_at.is_(None), Link.expires_at > now())
    if db.session.scalar(update(Link).where(*ours).values(used_at=now()).returning(Link.id)) is None:
        raise NotFoundError(words.ended(rules.USED, link.purpose))
    withdraw(link.purpose, link.email, link.subject)


def withdraw(purpose: str, email: str, subject: str = "") -> int:
    """Links of this purpose, address and subject no longer open anything; answers how many that were."""
    same = (Link.purpose == purpose, Link.email == email.strip().lower(), Link.subject == subject)
    ended = update(Link).where(*same, Link.used_at.is_(None)).values(used_at=now()).returning(Link.id)
    return len(db.session.scalars(ended).all())


def forget_old() -> None:
    """Links that ended long ago go."""
    long_ago = now() - rules.KEPT
    db.session.execute(delete(Link).where(or_(Link.expires_at < long_ago, Link.used_at < long_ago)))


def waiting(purpose: str, subject: str) -> int:
    """How many links about this can still be used."""
    same = (Link.purpose == purpose, Link.subject == subject, Link.used_at.is_(None), Link.expires_at > now())
    return db.session.scalar(select(func.count()).select_from(Link).where(*same)) or 0
