"""The form is sent: the city, its first admin and the application are made together, or not at all."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from registry.accounts import sign_outs
from registry.accounts.models import User
from registry.core import audit, scope
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError
from registry.tenants import rules as policy
from registry.tenants.joining import notices, proving, regions, rules, service
from registry.tenants.joining.models import CityApplication, JoinDraft
from registry.tenants.joining.words import problem_text
from registry.tenants.models import City, Membership
from registry.tenants.people import service as people
from registry.tenants.provinces import PROVINCES


@dataclass(frozen=True)
class SignUp:
    """Everything the form asks."""

    city: service.Application
    head: str
    mail: str
    phone: str
    proof: str
    proof_mail: str = ""


def of_draft(draft: JoinDraft) -> SignUp:
    """What a draft says whose steps are all in order (`drafts.check`)."""
    answers = draft.answers
    found = answers["found"]
    city = service.Application(
        found["code"], found["name"], answers["slug"], answers["timezone"],
        contact_office=answers["contact_office"], contact_name=answers["contact_name"],
    )  # fmt: skip
    proof = answers["proof"]
    mail = (answers.get("proof_mail") or answers["mail"]) if proof == "mail" else ""
    return SignUp(city, answers.get("head", ""), answers["mail"], answers["phone"], proof, mail.lower())


def submit(wanted: SignUp, applicant: User) -> City:
    """Send an application in the open unit of work; the applicant becomes the city's first admin.

    The session goes into the city's scope. Raises InvalidError, or ConflictError when the region or the name in
    addresses was taken meanwhile.
    """
    _check(wanted)
    codes = regions.codes_of(wanted.city.code)
    same = db.session.scalar(select(City).where(City.code.in_(codes)).with_for_update())
    if same is not None and same.state == "declined":
        city, known = _again(same, wanted.city), True
    elif same is not None:
        message = _("%(city)s has signed up with this already.", city=same.name)
        raise ConflictError(message, [Finding("code", message)])
    else:
        city, known = service.apply_city(wanted.city), False
    scope.enter_city(city.id)
    _make_admin(city, applicant)
    found = _application(city, wanted, applicant)
    service.note(found, "reapplied" if known else "applied")
    if found.proof == "mail":
        proving.send_link(city, found)
    notices.applied(city)
    notices.received(city, applicant)
    return city


def _check(wanted: SignUp) -> None:
    """The rules of all steps, and that the region is in the list where there is one."""
    said = {"contact_office": wanted.city.contact_office, "contact_name": wanted.city.contact_name,
            "head": wanted.head, "mail": wanted.mail, "phone": wanted.phone, "email": wanted.mail,
            "proof": wanted.proof, "proof_mail": wanted.proof_mail}  # fmt: skip
    problems = [*rules.contact_problems(said), *rules.person_problems(said)]
    if regions.any_list() and rules.code_problem(wanted.city.code) is None:
        found = regions.find(wanted.city.code)
        if found.region is None or found.former:
            problems.insert(0, ("code", "unknown"))
    findings = [Finding(field, problem_text(problem)) for field, problem in problems]
    if findings:
        raise InvalidError(findings[0].message, findings)


def _again(city: City, wanted: service.Application) -> City:
    """A declined city has nothing yet: who applies now may say everything anew."""
    holder = db.session.scalar(select(City).where(City.slug == wanted.slug, City.id != city.id))
    if holder:
        message = _("%(city)s has signed up with this already.", city=holder.name)
        raise ConflictError(message, [Finding("slug", message)])
    city.code, city.province, city.name, city.slug = wanted.code, PROVINCES[wanted.code[:2]], wanted.name, wanted.slug
    city.timezone, city.contact_office, city.contact_name = wanted.timezone, wanted.contact_office, wanted.contact_name
    city.state, city.state_reason = "applied", ""
    audit.record("city.reapply", city.slug, tenant_id=city.id)
    return city


def _make_admin(city: City, applicant: User) -> None:
    """Alone: people of an earlier, declined application have no business with this one."""
    for member in db.session.scalars(select(Membership).where(Membership.city_id == city.id)).all():
        if member.user_id != applicant.id:
            db.session.delete(member)
            sign_outs.record(member.user_id, city.id)
            audit.record("member.remove", member.user.email, tenant_id=city.id, role=member.role, plugin=member.plugin)
    held = (Membership.city_id == city.id, Membership.user_id == applicant.id, Membership.role == policy.ADMIN)
    if db.session.scalar(select(Membership).where(*held)) is None:
        people.add_member(city, applicant, policy.ADMIN)


def _application(city: City, wanted: SignUp, applicant: User) -> CityApplication:
    found = service.application_of(city)
    if found is None:
        found = CityApplication(tenant_id=city.id, version=0, round=1)
        db.session.add(found)
    elif found.applicant_id != applicant.id:
        found.round += 1
        _forget_letter(found)
    found.version, found.state, found.applicant_id = found.version + 1, rules.WAITING, applicant.id
    found.head, found.mail, found.phone = wanted.head, wanted.mail, wanted.phone
    found.proof, found.proof_mail = wanted.proof, wanted.proof_mail
    found.proven_at, found.proven_by, found.proven_how = None, "", ""
    found.sent_at = found.changed_at = now()
    db.session.flush()
    return found


def _forget_letter(found: CityApplication) -> None:
    """It named people of an office that was not believed; who applies now has no business with it."""
    found.letter_digest = found.letter_name = found.letter_kind = found.letter_number = ""
    found.letter_size, found.letter_on = 0, None
