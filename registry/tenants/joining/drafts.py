"""Forms of signing up on their way: kept on the server, found by an account or by the link mailed to the applicant."""

from __future__ import annotations

import secrets as random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, select

from registry.accounts import service as accounts
from registry.accounts.models import User
from registry.config import Settings
from registry.core import mail, secrets
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError, TooManyError
from registry.tenants.joining import naming, regions, rules
from registry.tenants.joining.models import JoinDraft
from registry.tenants.joining.words import problem_text
from registry.tenants.models import City
from registry.tenants.rules import ZONES, slug_problem

KEPT = timedelta(days=30)
"""After the last time it was saved."""
MAX_ANSWER = 200
BETWEEN_MAILS = timedelta(minutes=1)


def begin(user: User | None) -> tuple[JoinDraft, str]:
    """An empty draft, and the text that opens it again: only its digest is kept."""
    text = random.token_urlsafe(24)
    draft = JoinDraft(digest=secrets.digest(text), user_id=user.id if user else None, answers={})
    db.session.add(draft)
    db.session.flush()
    return draft, text


def find(text: str, user: User | None) -> JoinDraft | None:
    """The draft this text opens, else that of the account; a found one goes to the account that has none yet."""
    own = _living(JoinDraft.user_id == user.id) if user else None
    held = _living(JoinDraft.digest == secrets.digest(text)) if 0 < len(text) <= 64 else None
    return held if held and held.user_id in (None, user.id if user else None) else own


def claim(draft: JoinDraft, user: User) -> None:
    """Keep the draft under the account: an older one of the same account gives way."""
    if draft.user_id is None:
        db.session.execute(delete(JoinDraft).where(JoinDraft.user_id == user.id))
        draft.user_id = user.id


def save(draft: JoinDraft, step: int, given: Mapping[str, str]) -> None:
    """Keep what was typed in a step, right or wrong; what other steps hold stays."""
    typed = {name: " ".join(str(given.get(name) or "").split())[:MAX_ANSWER] for name in rules.STEPS[step]}
    before = dict(draft.answers)
    if step == 1 and any(typed[name] != before.get(name, "") for name in ("region", "code", "name")):
        before = {name: value for name, value in before.items() if name not in ("found", "former")}
        typed |= {name: "" for name in ("slug", "timezone") if typed[name] == draft.answers.get(name)}
    draft.answers, draft.saved_at = {**before, **typed}, now()


def check(draft: JoinDraft, step: int) -> list[Finding]:
    """What is wrong in a step; the first step also settles which region is meant, its address and its time zone."""
    if step == 1:
        return _check_region(draft)
    answers: dict[str, str] = draft.answers
    problems = rules.contact_problems(answers) if step == 2 else rules.person_problems(answers) if step == 3 else []
    return [Finding(field, problem_text(problem)) for field, problem in problems]


def first_open(draft: JoinDraft | None) -> int:
    """The first step that still needs something."""
    if draft is None:
        return 1
    return next((step for step in (1, 2, 3) if not _looks_done(draft, step)), rules.LAST)


def _looks_done(draft: JoinDraft, step: int) -> bool:
    return bool(draft.answers.get("found")) if step == 1 else not check(draft, step)


def _check_region(draft: JoinDraft) -> list[Finding]:
    answers = dict(draft.answers)
    findings = _settle(answers) if regions.any_list() else _believe(answers)
    if not findings:
        answers["slug"] = answers.get("slug") or _free_slug(answers["found"]["name"], answers["found"]["code"])
        answers["timezone"] = answers.get("timezone") or naming.zone_of(answers["found"]["code"])
        findings = _taken(answers)
    if findings:
        answers.pop("found", None)
    draft.answers = answers
    return findings


def _settle(answers: dict[str, Any]) -> list[Finding]:
    """By the list: the region that is meant."""
    found = regions.find(str(answers.get("region") or ""))
    if found.region is None:
        return [Finding("region", problem_text(found.problem if answers.get("region") else "region"))]
    region = found.region
    answers["found"] = {"code": region.code, "name": region.name, "province": region.province}
    answers["former"] = found.former
    return []


def _believe(answers: dict[str, Any]) -> list[Finding]:
    """Without a list: any code of the right form and any name."""
    code, name = str(answers.get("code") or "").strip(), str(answers.get("name") or "")
    problem = rules.code_problem(code)
    findings = [Finding("code", problem_text(problem))] if problem else []
    if not (naming.plain(name) and 3 <= len(name) <= 80):
        findings.append(Finding("name", problem_text("name")))
    if not findings:
        answers["found"] = {"code": code, "name": naming.full_name(name, code), "province": ""}
    return findings


def _taken(answers: Mapping[str, Any]) -> list[Finding]:
    """That the region signed up already, or the address is wrong or another city's."""
    found: dict[str, str] = answers["found"]
    slug, field = str(answers["slug"]), "region" if regions.any_list() else "code"
    codes = regions.codes_of(found["code"])
    same = db.session.scalar(select(City).where(City.code.in_(codes)))
    if same and same.state != "declined":
        told = _("%(city)s has signed up. Ask its admin for a role, or write to the maintainers.", city=same.name)
        return [Finding(field, told)]
    problem = slug_problem(slug) or (None if answers["timezone"] in ZONES else "zone")
    if problem:
        return [Finding("timezone" if problem == "zone" else "slug", problem_text(problem))]
    holder = db.session.scalar(select(City).where(City.slug == slug))
    if holder and holder is not same:
        return [Finding("slug", _("%(city)s has this name in addresses. Choose another.", city=holder.name))]
    return []


def _free_slug(name: str, code: str) -> str:
    """The plain name; a kabupaten beside the kota of that name, or any that is taken, says what it is."""
    own = db.session.scalar(select(City.slug).where(City.code == code))
    if own:
        return own
    short, long = naming.slug_of(name), naming.slug_of(name, code)
    taken = db.session.scalar(select(City.id).where(City.slug == short))
    return long if taken or slug_problem(short) else short


def mail_link(draft: JoinDraft, text: str, address: str, remote: str) -> str:
    """Send the link that opens the draft; answers with the text it has now (a new one where none was at hand).

    Raises InvalidError for an address we cannot write to, TooManyError.
    """
    if not rules.is_mail(address):
        raise InvalidError(problem_text("mail"), [Finding("address", problem_text("mail"))])
    if draft.mailed_at and draft.mailed_at > now() - BETWEEN_MAILS:
        raise TooManyError(_("The link is on its way already. Wait a minute before you ask for another."), 60)
    for counted in (remote, address.lower()):
        accounts.count_sign_up(counted)
    if secrets.digest(text) != draft.digest:
        text = random.token_urlsafe(24)
        draft.digest = secrets.digest(text)
    draft.mailed_to, draft.mailed_at = address, now()
    settings: Settings = current_app.extensions["lumbung"]
    body = _(
        "You began to sign your city up for the app-sharing programme. Go on here, on any device:\n\n%(link)s\n\n"
        "The link works for %(days)d days after you last saved. Whoever has it can read and change the form: pass it "
        "on only to colleagues. If this was not you, ignore this message.",
        link=f"{settings.origin}/join/continue/{text}", days=KEPT.days,
    )  # fmt: skip
    mail.send([address], _("Your city's application: go on where you left"), body + "\n")
    return text


def hold(draft: JoinDraft) -> None:
    """Until the open unit of work ends nobody else sends or changes it. Raises ConflictError when it is gone."""
    known = select(JoinDraft).where(JoinDraft.id == draft.id).with_for_update()
    if db.session.scalar(known.execution_options(populate_existing=True)) is None:
        raise ConflictError(_("This application was sent a moment ago."))


def throw_away(draft: JoinDraft) -> None:
    db.session.delete(draft)


def forget_old() -> None:
    """Drafts nobody touched for `KEPT`."""
    db.session.execute(delete(JoinDraft).where(JoinDraft.saved_at < now() - KEPT))


def _living(condition: object) -> JoinDraft | None:
    wanted = select(JoinDraft).where(condition, JoinDraft.saved_at >= now() - KEPT)  # type: ignore[arg-type]
    return db.session.scalar(wanted)
