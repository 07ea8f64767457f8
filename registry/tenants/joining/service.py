"""A city signs up, is asked back, and is admitted or declined: each act noted with who, when and why, and audited.

Of two who act at the same moment one is first; the other names a version that is past and reads what happened.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from registry.core import audit, scope
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError
from registry.tenants import rules as policy
from registry.tenants.joining import notices, rules
from registry.tenants.joining.models import ApplicationNote, CityApplication
from registry.tenants.joining.words import act_name, problem_text
from registry.tenants.models import City
from registry.tenants.provinces import PROVINCES
from registry.tenants.service import reason_of, refuse

STATES = {"applied": rules.WAITING, "admitted": rules.ADMITTED, "declined": rules.DECLINED}
"""Of a city whose application nobody wrote down: it came from an archive, or before there were any."""


@dataclass(frozen=True)
class Application:
    """What a city tells when it signs up; the province follows from the code."""

    code: str
    name: str
    slug: str
    timezone: str = "Asia/Jakarta"
    color: str = "#0b5c4a"
    contact_office: str = ""
    contact_name: str = ""


@dataclass(frozen=True)
class Contact:
    """Of the office that answers for the city."""

    contact_office: str
    head: str
    mail: str
    phone: str


def apply_city(wanted: Application) -> City:
    """A city that waits to be admitted. Raises InvalidError, or ConflictError when code or slug is taken."""
    refuse(
        ("code", rules.code_problem(wanted.code)),
        ("slug", policy.slug_problem(wanted.slug)),
        ("color", policy.color_problem(wanted.color)),
        ("timezone", None if wanted.timezone in policy.ZONES else "zone"),
        ("name", None if 3 <= len(wanted.name.strip()) <= 80 else "name"),
    )
    _refuse_taken(wanted)
    city = City(**asdict(wanted), province=PROVINCES[wanted.code[:2]], state="applied")
    try:
        with db.session.begin_nested():
            db.session.add(city)
    except IntegrityError:
        _refuse_taken(wanted)
        raise
    audit.record("city.apply", city.slug, tenant_id=city.id, code=city.code)
    return city


def _refuse_taken(wanted: Application) -> None:
    same = select(City).where(or_(City.code == wanted.code, City.slug == wanted.slug))
    for taken in db.session.scalars(same):
        field = "code" if taken.code == wanted.code else "slug"
        message = _("%(city)s has signed up with this already.", city=taken.name)
        raise ConflictError(message, [Finding(field, message)])


def application_of(city: City) -> CityApplication | None:
    """None for a city that never filled in the form."""
    wanted = select(CityApplication).where(CityApplication.tenant_id == city.id)
    return db.session.scalar(wanted.execution_options(populate_existing=True))


def notes_of(city: City, since: int = 0) -> list[ApplicationNote]:
    """What was done and said, oldest first; ``since`` leaves out what an earlier applicant was told."""
    mine = select(ApplicationNote).where(ApplicationNote.tenant_id == city.id, ApplicationNote.round >= since)
    return list(db.session.scalars(mine.order_by(ApplicationNote.at, ApplicationNote.id)))


def ask(city: City, text: str, seen: int | None = None) -> None:
    """A question of the maintainers to the city."""
    said, found = text_of(text), lock(city, "ask", seen)
    found.state = rules.ASKED
    note(found, "asked", said)
    audit.record("city.ask", city.slug, tenant_id=city.id)
    notices.asked(city, said)


def answer(city: City, text: str, seen: int | None = None) -> None:
    """What the city answers, or adds by itself."""
    said, found = text_of(text), lock(city, "answer", seen)
    found.state = rules.WAITING
    note(found, "answered", said)
    audit.record("city.answer", city.slug, tenant_id=city.id)
    notices.answered(city, said)


def correct(city: City, contact: Contact, seen: int | None = None) -> None:
    """The city puts its contact right while nothing is decided."""
    given = {name: " ".join(value.split()) for name, value in asdict(contact).items()}
    findings = [Finding(field, problem_text(problem)) for field, problem in rules.contact_problems(given)]
    if findings:
        raise InvalidError(findings[0].message, findings)
    found = lock(city, "correct", seen)
    before = {name: getattr(city if name == "contact_office" else found, name) for name in given}
    city.contact_office = given["contact_office"]
    found.head, found.mail, found.phone = given["head"], given["mail"], given["phone"]
    changed = [name for name, value in given.items() if value != before[name]]
    note(found, "corrected", ", ".join(f"{before[name] or '–'} → {given[name] or '–'}" for name in changed))
    audit.record("city.correct", city.slug, tenant_id=city.id, keys=changed)


def check(city: City, how: str, seen: int | None = None) -> None:
    """A maintainer vouches for the office: by a call, a letter, or in person."""
    said, found = reason_of(how), lock(city, "check", seen)
    _vouch(city, found, said)


def admit(city: City, seen: int | None = None, how: str = "") -> None:
    """Let an applied or declined city in. An office that is not proven yet is vouched for by ``how`` it was checked.

    Raises InvalidError without that, ConflictError when it is decided already.
    """
    found = lock(city, "admit", seen)
    if is_form(found) and found.proven_at is None:
        if not 3 <= len(how.strip()) <= 500:
            raise InvalidError(problem_text("check"), [Finding("how", problem_text("check"))])
        _vouch(city, found, how.strip())
    city.state, city.state_reason, found.state = "admitted", "", rules.ADMITTED
    note(found, "admitted")
    audit.record("city.admit", city.slug, tenant_id=city.id)
    notices.admitted(city)


def decline(city: City, reason: str, seen: int | None = None) -> None:
    """Turn an application down; the city reads the reason, and may apply again."""
    said, found = reason_of(reason), lock(city, "decline", seen)
    city.state, city.state_reason, found.state = "declined", said, rules.DECLINED
    note(found, "declined", said)
    audit.record("city.decline", city.slug, tenant_id=city.id, reason=said)
    notices.declined(city, said)


def reapply(city: City, text: str, seen: int | None = None) -> None:
    """A declined city asks to be looked at again."""
    said, found = text_of(text), lock(city, "reapply", seen)
    city.state, city.state_reason, found.state, found.sent_at = "applied", "", rules.WAITING, now()
    note(found, "reapplied", said)
    audit.record("city.reapply", city.slug, tenant_id=city.id)
    notices.applied(city)


def lock(city: City, act: str, seen: int | None) -> CityApplication:
    """The application, held until the open unit of work ends, its version counted up.

    A session without a scope (a command, an import) goes into the city's. Raises ConflictError when somebody acted
    since the version ``seen``, or when the act is out of turn.
    """
    if scope.current() == scope.NOBODY:
        scope.enter_city(city.id)
    db.session.refresh(city, with_for_update=True)
    found = application_of(city)
    if found is None:
        found = CityApplication(tenant_id=city.id, version=0, round=1, state=STATES[city.state], proof="other")
        db.session.add(found)
    if seen is not None and found.version != seen:
        raise ConflictError(_meanwhile(city))
    if not rules.may(act, found.state):
        raise ConflictError(_out_of_turn(city, found.state))
    found.version, found.changed_at = found.version + 1, now()
    db.session.flush()
    return found


def note(found: CityApplication, kind: str, text: str = "") -> None:
    who = audit.actor()
    db.session.add(
        ApplicationNote(tenant_id=found.tenant_id, round=found.round, actor_id=who.id, actor=who.name, kind=kind,
                        text=text)
    )  # fmt: skip


def is_form(found: CityApplication) -> bool:
    """Whether the city filled in the form: others were let in by an operator or before there was one."""
    return found.mail != ""


def text_of(text: str) -> str:
    """A question or an answer as it is kept. Raises InvalidError."""
    said = text.replace("\r\n", "\n").strip()
    if not 3 <= len(said) <= 2000:
        raise InvalidError(problem_text("text"), [Finding("text", problem_text("text"))])
    return said


def _vouch(city: City, found: CityApplication, how: str) -> None:
    found.proven_at, found.proven_by, found.proven_how = now(), audit.actor().name, how
    note(found, "checked", how)
    audit.record("city.check", city.slug, tenant_id=city.id, reason=how)


def _meanwhile(city: City) -> str:
    last = notes_of(city)[-1:]
    who, what = (last[0].actor, act_name(last[0].kind)) if last else ("Lumbung", "–")
    return _("Meanwhile %(who)s %(what)s. Read it, then decide again.", who=who, what=what)


def _out_of_turn(city: City, state: str) -> str:
    return {
        rules.ADMITTED: _("%(city)s is admitted already.", city=city.name),
        rules.DECLINED: _("%(city)s is declined: it can apply again, or be admitted after all.", city=city.name),
    }.get(state, _("The application of %(city)s is still being looked at.", city=city.name))
