"""What is kept of a thread for everybody: words that both sides agreed to, and nothing before that.

Either side proposes or changes the words, which takes the other's agreement back. The exact words both agreed to are
kept as a version; what stands on the app's page is always the last of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Select, or_, select

from registry.accounts.models import User
from registry.catalog.assistance import reading, rules, service, telling
from registry.catalog.assistance.models import (
    AssistanceAnswer,
    AssistanceDraft,
    AssistanceRequest,
    AssistanceVersion,
)
from registry.catalog.assistance.words import problem_text
from registry.catalog.models import App
from registry.catalog.voices.service import checked
from registry.core import audit
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError, NotFoundError

MAX_SHOWN = 100
ON_PAGE = 5
KINDS = ("kota ", "kabupaten ", "kab. ")


@dataclass(frozen=True)
class Words:
    """``named``: the city wishes to be named; only its own side decides that. ``seen`` is 0 where nothing stood."""

    question: str
    answer: str
    named: bool = False
    seen: int = 0


def draft_of(request: AssistanceRequest) -> AssistanceDraft | None:
    wanted = select(AssistanceDraft).where(
        AssistanceDraft.tenant_id == request.tenant_id, AssistanceDraft.request_id == request.id
    )
    return db.session.scalar(wanted)


def versions_of(request: AssistanceRequest) -> list[AssistanceVersion]:
    """Newest first."""
    wanted = select(AssistanceVersion).where(
        AssistanceVersion.tenant_id == request.tenant_id, AssistanceVersion.request_id == request.id
    )
    return list(db.session.scalars(wanted.order_by(AssistanceVersion.version.desc())))


def write(request: AssistanceRequest, side: str, person: User, words: Words) -> AssistanceDraft:
    """Propose the words, or change them: this side agrees to them, the other has to.

    What stands on the app's page stays until both agree anew. Raises InvalidError, ConflictError.
    """
    question = checked("question", words.question, rules.QUESTION)
    answer = checked("answer", words.answer, rules.ANSWER)
    service.lock(request)
    if request.answered_at is None:
        raise ConflictError(_("Nobody has answered yet, so there is nothing to keep."))
    draft = draft_of(request)
    _require_seen(draft, words.seen)
    named = words.named if side == rules.CITY else bool(draft and draft.named)
    _require_public(request, question, answer, named)
    if draft is None:
        draft = AssistanceDraft(tenant_id=request.tenant_id, request_id=request.id, version=0)
        db.session.add(draft)
    draft.question, draft.answer, draft.named, draft.updated_at = question, answer, named, now()
    draft.agreed_city = person.name if side == rules.CITY else ""
    draft.agreed_helper = person.name if side == rules.HELPER else ""
    draft.version += 1
    db.session.flush()
    audit.record("assistance.words", service.subject(request), request.tenant_id, side=side)
    telling.tell_words(request, side, agreed=False)
    return draft


def agree(request: AssistanceRequest, side: str, person: User, seen: int, named: bool | None = None) -> None:
    """To the very words of version ``seen``; once both have, they stand on the app's page.

    ``named`` counts from the city only; None leaves it. Raises NotFoundError, ConflictError, InvalidError.
    """
    service.lock(request)
    draft = _standing(request)
    _require_seen(draft, seen)
    if draft.agreed_city if side == rules.CITY else draft.agreed_helper:
        raise ConflictError(_("Your side agreed to these words already."))
    if side == rules.CITY and named is not None:
        _require_public(request, draft.question, draft.answer, named)
        draft.named = named
    if side == rules.CITY:
        draft.agreed_city = person.name
    else:
        draft.agreed_helper = person.name
    audit.record("assistance.agree", service.subject(request), request.tenant_id, side=side, version=draft.version)
    if draft.agreed_city and draft.agreed_helper:
        _publish(request, draft)
        telling.tell_words(request, side, agreed=True)


def withdraw(request: AssistanceRequest, side: str) -> None:
    """Take what stands off the app's page; either side, at any time. Raises NotFoundError, ConflictError."""
    service.lock(request)
    draft = _standing(request)
    answer = db.session.get(AssistanceAnswer, draft.answer_id) if draft.answer_id else None
    if answer is None:
        raise ConflictError(_("Nothing of this request stands on the app's page."))
    last = versions_of(request)[0]
    last.withdrawn_by, last.withdrawn_at = side, now()
    draft.answer_id, draft.agreed_city, draft.agreed_helper = None, "", ""
    draft.version += 1
    db.session.flush()
    db.session.delete(answer)
    audit.record("assistance.withdraw", service.subject(request), request.tenant_id, side=side)


def answers(app: App, words: str = "") -> Select[AssistanceAnswer]:
    """What stands on the app's page, newest first; with ``words`` only what has them all. For everybody."""
    found = select(AssistanceAnswer).where(AssistanceAnswer.app_id == app.id)
    for word in words.replace("\0", "")[: reading.MAX_WORDS].split():
        found = found.where(
            or_(
                AssistanceAnswer.question.icontains(word, autoescape=True),
                AssistanceAnswer.answer.icontains(word, autoescape=True),
            )
        )
    return found.order_by(AssistanceAnswer.agreed_at.desc(), AssistanceAnswer.id.desc())


def answers_of(app: App, words: str = "", most: int = MAX_SHOWN) -> list[AssistanceAnswer]:
    return list(db.session.scalars(answers(app, words).limit(most)))


def _publish(request: AssistanceRequest, draft: AssistanceDraft) -> None:
    standing = db.session.get(AssistanceAnswer, draft.answer_id) if draft.answer_id else None
    version = len(versions_of(request)) + 1
    if standing is None:
        standing = AssistanceAnswer(app_id=request.app_id, demo=request.city.demo)
        db.session.add(standing)
    standing.question, standing.answer, standing.agreed_at = draft.question, draft.answer, now()
    standing.city_id = request.tenant_id if draft.named else None
    standing.version = version
    db.session.flush()
    draft.answer_id = standing.id
    told = {name: getattr(draft, name) for name in ("question", "answer", "named", "agreed_city", "agreed_helper")}
    own = {"tenant_id": request.tenant_id, "request_id": request.id, "version": version}
    db.session.add(AssistanceVersion(agreed_at=standing.agreed_at, **told, **own))
    db.session.flush()


def _standing(request: AssistanceRequest) -> AssistanceDraft:
    found = draft_of(request)
    if found is None:
        raise NotFoundError(_("Nobody has proposed words for the app's page yet."))
    return found


def _require_seen(draft: AssistanceDraft | None, seen: int) -> None:
    if (draft.version if draft else 0) != seen:
        raise ConflictError(_("Somebody changed these words meanwhile. Read what stands there now, then decide."))


def _require_public(request: AssistanceRequest, question: str, answer: str, named: bool) -> None:
    names = {one.author for one in reading.messages(request)}
    if not named:
        names |= {request.city.name, bare_name(request.city.name)}
    texts = {"question": question, "answer": answer}
    wrong = {field: rules.private_problem(text, names) for field, text in texts.items()}
    findings = [Finding(field, problem_text(problem)) for field, problem in wrong.items() if problem]
    if findings:
        raise InvalidError(findings[0].message, findings)


def bare_name(name: str) -> str:
    """Of a city without what it is: people write it so."""
    kind = next((one for one in KINDS if name.casefold().startswith(one)), "")
    return name[len(kind) :]
