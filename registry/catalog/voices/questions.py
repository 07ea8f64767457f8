"""Questions of cities and the answers of maintainers: asked, edited, withdrawn, brought back.

Who changes a question or its answer names the version he saw. What is withdrawn can be brought back by who wrote it.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager

from registry.accounts.models import User
from registry.catalog.models import App
from registry.catalog.voices import notices, rules
from registry.catalog.voices.models import Question
from registry.catalog.voices.service import MAX_SHOWN, bound, checked, lock_city, yesterday
from registry.core import audit
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, ForbiddenError, NotFoundError
from registry.tenants import access
from registry.tenants import rules as policy
from registry.tenants.models import City

WAITING, ANSWERED, ALL = "waiting", "answered", "all"
STATES = (WAITING, ANSWERED, ALL)
MAX_WORDS, MAX_LISTED = 80, 1_000


def questions_of(app: App) -> list[Question]:
    """Newest first, the hidden and the withdrawn ones among them."""
    wanted = select(Question).where(Question.app_id == app.id).order_by(Question.id.desc())
    return list(db.session.scalars(wanted.limit(MAX_SHOWN)))


def wanted(state: str, words: str = "") -> Select[Question]:
    """Of all apps, for who answers: those that wait with the oldest first, others newest first.

    ``words`` are a part of the question or of the app's name.
    """
    found = select(Question).join(App, App.id == Question.app_id).options(contains_eager(Question.app))
    if words := words.replace("\0", ""):
        found = found.where(
            or_(Question.text.icontains(words, autoescape=True), App.name.icontains(words, autoescape=True))
        )
    if state == WAITING:
        return found.where(*Question.waiting()).order_by(Question.id)
    if state == ANSWERED:
        found = found.where(Question.answer != "", Question.answer_withdrawn_at.is_(None))
        found = found.where(Question.withdrawn_at.is_(None), Question.hidden_at.is_(None))
    return found.order_by(Question.id.desc())


def listed(state: str, words: str) -> list[Question]:
    """The first of them."""
    return list(db.session.scalars(wanted(state, words).limit(MAX_LISTED)).unique())


def find_question(app: App, question_id: int) -> Question:
    """Raises NotFoundError."""
    wanted = select(Question).where(Question.app_id == app.id, Question.id == question_id)
    found = db.session.scalar(wanted) if 0 < question_id < 2**63 else None
    if found is None:
        raise NotFoundError(_("There is no such question."))
    return found


def is_own(question: Question) -> bool:
    """Whether the person who asks may change it: who wrote it and still works for the city, and the city's admins."""
    mine = [one for one in access.memberships() if one.city_id == question.city_id]
    return any(one.role == policy.ADMIN or one.user_id == question.author_id for one in mine)


def visible(found: Sequence[Question], may_moderate: bool) -> list[Question]:
    """Those the person who asks may see: a withdrawn one by who asked, and, when it is answered, by who answers."""
    return [one for one in found if not one.withdrawn_at or is_own(one) or (may_moderate and one.answer)]


def own_question(app: App, question_id: int) -> Question:
    """Raises NotFoundError, ForbiddenError."""
    found = find_question(app, question_id)
    if not is_own(found):
        raise ForbiddenError(_("Only who asked, or an admin of %(city)s, may change this.", city=found.city.name))
    return found


def ask(app: App, city: City, person: User, text: str) -> Question:
    """Raises InvalidError, TooManyError."""
    text = checked("text", text, rules.QUESTION)
    lock_city(city)
    bound(city, select(func.count()).where(Question.city_id == city.id, Question.created_at > yesterday()))
    question = Question(app_id=app.id, city_id=city.id, author_id=person.id, text=text)
    db.session.add(question)
    db.session.flush()
    audit.record("question.ask", _subject(question), city.id)
    notices.tell_publisher(app)
    return question


def edit(question: Question, text: str, seen: int) -> None:
    """While nobody answered it. Raises InvalidError, ConflictError."""
    text = checked("text", text, rules.QUESTION)
    _hold(question, seen)
    _must_stand(question)
    if question.answered:
        raise ConflictError(_("This question is answered: ask another one instead."))
    audit.record("question.edit", _subject(question), question.city_id, before=question.text)
    question.text, question.edited_at = text, now()


def withdraw(question: Question) -> None:
    """At any time, also when it is answered; `restore` brings it back. Raises ConflictError."""
    _lock(question)
    if question.withdrawn_at:
        raise ConflictError(_("This question is withdrawn already."))
    question.version += 1
    question.withdrawn_at = now()
    audit.record("question.withdraw", _subject(question), question.city_id)


def restore(question: Question) -> None:
    """Undo `withdraw`. Raises ConflictError."""
    _lock(question)
    if not question.withdrawn_at:
        raise ConflictError(_("This question is not withdrawn."))
    question.version += 1
    question.withdrawn_at = None
    audit.record("question.restore", _subject(question), question.city_id)
    notices.tell_publisher(question.app)


def answer(question: Question, text: str, seen: int) -> None:
    """Answer, or answer anew; the words before are in the log. Raises InvalidError, ConflictError."""
    text = checked("answer", text, rules.ANSWER)
    _hold(question, seen)
    _must_stand(question)
    before = {"before": question.answer} if question.answer else {}
    audit.record("question.answer", _subject(question), question.app.publisher_id, **before)
    if not question.answered:
        question.answered_at, question.answer_edited_at, question.answer_withdrawn_at = now(), None, None
    elif question.answer != text:
        question.answer_edited_at = now()
    question.answer = text
    db.session.flush()
    notices.tell_askers(question.app)


def withdraw_answer(question: Question) -> None:
    """The question waits again; the words are kept for who answers anew. Raises ConflictError."""
    _lock(question)
    if not question.answered:
        raise ConflictError(_("No answer stands there."))
    question.version += 1
    question.answer_withdrawn_at = now()
    audit.record("question.withdraw-answer", _subject(question), question.app.publisher_id)


def _lock(question: Question) -> None:
    """Whoever comes second waits, then sees what the first one did."""
    db.session.refresh(question, with_for_update={"of": Question})


def _hold(question: Question, seen: int) -> None:
    _lock(question)
    if question.version != seen:
        raise ConflictError(_meanwhile(question))
    question.version += 1


def _meanwhile(question: Question) -> str:
    if question.withdrawn_at:
        return _("%(city)s withdrew this question meanwhile.", city=question.city.name)
    if question.answered:
        return _("Somebody answered this question, or changed the answer, meanwhile. Read what stands there now.")
    return _("Somebody changed this question meanwhile. Read what stands there now.")


def _must_stand(question: Question) -> None:
    if question.withdrawn_at:
        raise ConflictError(_("This question is withdrawn."))
    if question.hidden_at:
        raise ConflictError(_("This question was hidden: %(reason)s", reason=question.hidden_reason))


def _subject(question: Question) -> str:
    return f"{question.app.slug} {question.id}"
