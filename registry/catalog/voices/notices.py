"""Who is written to of questions and answers: at most one message per app and hour to each side, whatever happens.

The first question is told at once, in the transaction that asks it; what comes within the hour after waits and goes
together (`registry.catalog.voices.jobs`). Each person reads it in his own language.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import Select, and_, func, or_, select

from registry.accounts.models import User
from registry.catalog.models import App
from registry.catalog.voices.models import Question
from registry.config import Settings
from registry.core import mail
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import InvalidError
from registry.core.logs import logger
from registry.tenants import rules as policy
from registry.tenants.models import City, Membership

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
    for person in _maintainers():
        _write_questions(person, app, told)
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
        for person in _askers(city_id, author_id):
            _write_answers(person, app, told)
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


def _maintainers() -> list[User]:
    """Who may answer: whoever the programme lets publish."""
    roles = policy.PERMISSIONS[ANSWERS]
    wanted = select(User).join(Membership, Membership.user_id == User.id).join(City, City.id == Membership.city_id)
    wanted = wanted.where(City.publisher, Membership.role.in_(roles), User.active).order_by(User.id).distinct()
    return list(db.session.scalars(wanted.limit(mail.MAX_RECIPIENTS)))


def _askers(city_id: int, author_id: int | None) -> list[User]:
    wanted = select(User).join(Membership, Membership.user_id == User.id)
    wanted = wanted.where(Membership.city_id == city_id, User.active).order_by(User.id).distinct()
    author = list(db.session.scalars(wanted.where(User.id == author_id))) if author_id else []
    return author or list(db.session.scalars(wanted.where(Membership.role == policy.ADMIN).limit(mail.MAX_RECIPIENTS)))


def _write_questions(person: User, app: App, told: Sequence[Question]) -> None:
    with force_locale(person.language or "id"):
        subject = _("A question about %(app)s waits for your answer", app=app.name[:80])
        parts = [_quoted(_("%(city)s asks:", city=one.city.name), one.text, one) for one in told[:MAX_TOLD]]
        closing = _("You are written to because you may answer. All that wait: %(place)s",
                    place=f"{_origin()}/programme/questions")  # fmt: skip
        _send(person, subject, parts, closing)


def _write_answers(person: User, app: App, told: Sequence[Question]) -> None:
    with force_locale(person.language or "id"):
        subject = _("Your question about %(app)s is answered", app=app.name[:80])
        parts = [_quoted(_("You asked:"), one.text, one, _("The answer:"), one.answer) for one in told[:MAX_TOLD]]
        _send(person, subject, parts, _("You are written to because you asked for your city."))


def _quoted(opening: str, text: str, question: Question, *more: str) -> str:
    """What others wrote is marked line by line, so that none of it passes for ours."""
    said = [opening, _marked(text)]
    if more:
        said += [more[0], _marked(more[1])]
    return "\n".join([*said, f"{_origin()}/apps/{question.app.slug}#q{question.id}"])


def _marked(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.splitlines())


def _send(person: User, subject: str, parts: Sequence[str], closing: str) -> None:
    try:
        mail.send([person.email], subject, "\n\n".join([*parts, closing]) + "\n")
    except InvalidError as refusal:  # the question itself stays on the pages
        logger.warning("question not mailed", reason=refusal.message)


def _origin() -> str:
    settings: Settings = current_app.extensions["lumbung"]
    return settings.origin
