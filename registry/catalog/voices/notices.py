"""Who is written to of questions and answers: at most one message per app and hour to each side, whatever happens.

The first question is told at once, in the transaction that asks it; what comes within the hour after waits and goes
together (`registry.catalog.voices.jobs`). Each person reads it in his own language.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, groupby

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Select, and_, func, or_, select

from registry.accounts.models import User
from registry.accounts.notices.rules import Notice, quoted
from registry.accounts.notices.service import tell
from registry.catalog.models import App
from registry.catalog.voices.models import Question
from registry.config import Settings
from registry.core import mail
from registry.core.clock import now
from registry.core.db import db
from registry.tenants import rules as policy
from registry.tenants.answering import deciding
from registry.tenants.models import Membership

QUIET = timedelta(hours=1)
MAX_TOLD = 20
"""Questions in one message; the page has them all."""

ANSWERS = "app.publish"
_STANDS = (Question.withdrawn_at.is_(None), Question.hidden_at.is_(None))
_NEW_QUESTION = (*_STANDS, Question.told_at.is_(None))
_NEW_ANSWER = (
    *_STANDS, Question.answer != "", Question.answer_withdrawn_at.is_(None),
    or_(Question.answer_told_at.is_(None), Question.answer_told_at < Question.answered_at),
)  # fmt: skip


def tell_publisher(app: App) -> None:
    """Of questions nobody was told of yet, in the open unit of work; nothing within an hour of the last message."""
    last = select(func.max(Question.told_at)).where(Question.app_id == app.id)
    _lock(app)
    if _is_quiet(last):
        return
    wanted = select(Question).where(Question.app_id == app.id, *_NEW_QUESTION).order_by(Question.id)
    told = list(db.session.scalars(wanted))
    if not told:
        return
    tell(deciding(ANSWERS), partial(_asked, app, told))
    for question in told:
        question.told_at = now()


def tell_askers(app: App) -> None:
    """Of answers, each to who asked, or to the admins of a city he left; each hears once in an hour."""
    _lock(app)
    wanted = select(Question).where(Question.app_id == app.id, *_NEW_ANSWER)
    found = db.session.scalars(wanted.order_by(Question.city_id, Question.author_id, Question.id))
    for (city_id, author_id), group in groupby(found.all(), lambda one: (one.city_id, one.author_id)):
        last = select(func.max(Question.answer_told_at)).where(
            Question.app_id == app.id, Question.city_id == city_id, Question.author_id.is_not_distinct_from(author_id)
        )
        if _is_quiet(last):
            continue
        told = list(group)
        tell(_askers(city_id, author_id), partial(_answered, app, told))
        for question in told:
            question.answer_told_at = now()


def apps_to_tell() -> list[int]:
    """Ids of those with a question or an answer that nobody was told of yet."""
    waits = select(Question.app_id).where(or_(and_(*_NEW_QUESTION), and_(*_NEW_ANSWER)))
    return list(db.session.scalars(waits.distinct()))


def _lock(app: App) -> None:
    """Of two at the same time the second sees that the first has written; rows that name the app are not held up."""
    db.session.execute(select(App.id).where(App.id == app.id).with_for_update(key_share=True))


def _is_quiet(last: Select[datetime | None]) -> bool:
    told = db.session.scalar(last)
    return told is not None and told > now() - QUIET


def _askers(city_id: int, author_id: int | None) -> list[User]:
    wanted = select(User).join(Membership, Membership.user_id == User.id)
    wanted = wanted.where(Membership.city_id == city_id, User.active).order_by(User.id).distinct()
    author = list(db.session.scalars(wanted.where(User.id == author_id))) if author_id else []
    return author or list(db.session.scalars(wanted.where(Membership.role == policy.ADMIN).limit(mail.MAX_RECIPIENTS)))


def _asked(app: App, told: Sequence[Question]) -> Notice:
    parts = [_quoted(_("%(city)s asks:", city=one.city.name), one.text, one) for one in told[:MAX_TOLD]]
    return Notice(
        "question.asked", _("A question about %(app)s waits for your answer", app=app.name[:80]),
        list(chain.from_iterable(parts)), "/programme/questions", _("Open the questions that wait"),
    )  # fmt: skip


def _answered(app: App, told: Sequence[Question]) -> Notice:
    parts = [_quoted(_("You asked:"), one.text, one, _("The answer:"), one.answer) for one in told[:MAX_TOLD]]
    return Notice(
        "question.answered", _("Your question about %(app)s is answered", app=app.name[:80]),
        list(chain.from_iterable(parts)), f"/apps/{app.slug}#q{told[0].id}", _("Read the answer"), told[0].city_id,
    )  # fmt: skip


def _quoted(opening: str, text: str, question: Question, *more: str) -> list[str]:
    """What others wrote is marked line by line, so that none of it passes for ours."""
    said = [opening, quoted(text)]
    if more:
        said += [more[0], quoted(more[1])]
    return [*said, f"{_origin()}/apps/{question.app.slug}#q{question.id}"]


def _origin() -> str:
    settings: Settings = current_app.extensions["lumbung"]
    return settings.origin
