"""Roles are offered and accepted: nobody gets a first one in a city without having said yes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select

from registry.accounts import service as accounts
from registry.accounts.links import rules as link_rules
from registry.accounts.links import service as links
from registry.accounts.links.models import Link
from registry.accounts.models import User
from registry.core import audit, scope
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError, NotFoundError
from registry.core.mail import checked_address
from registry.tenants import rules as policy
from registry.tenants.models import City, Membership
from registry.tenants.people import rules, service, telling
from registry.tenants.people.models import Invitation
from registry.tenants.people.units import opd

OF_CITY = (*rules.CITY_ROLES, *rules.PLUGIN_ROLES)
"""What a city's admin gives; maintainers are appointed by the programme."""
ALL = (*OF_CITY, policy.MAINTAINER)


@dataclass(frozen=True)
class Wanted:
    """The role that is to be given, and to whom. ``plugin`` belongs to administrators and operators."""

    email: str
    role: str
    name: str = ""
    plugin: str = ""
    opd_id: int | None = None


@dataclass(frozen=True)
class Done:
    """What became of it: a role that holds at once, or an invitation and its link (which is kept nowhere)."""

    member: Membership | None = None
    invitation: Invitation | None = None
    address: str = ""


def invite(city: City, wanted: Wanted, by: User | None = None, roles: Collection[str] = OF_CITY) -> Done:
    """Offer a role by mail; somebody who works for this city already gets it at once, and is told.

    ``roles`` are those the inviter may give. Whether anybody else has an account here is not told to whoever asks.
    Raises InvalidError, NotFoundError for a unit of no city, ConflictError for a role that is held or offered already.
    """
    email = _checked(city, wanted, roles)
    service.lock(city)
    known = accounts.find_by_email(email)
    if known is not None and wanted.role != policy.MAINTAINER and service.roles_of(city, known.id):
        return Done(member=_give(city, known, wanted, by))
    return _offer(city, wanted, email, known, by)


def _give(city: City, user: User, wanted: Wanted, by: User | None) -> Membership:
    made = service.add_member(city, user, wanted.role, wanted.plugin, wanted.opd_id)
    telling.appointed(city, user, wanted.role, wanted.plugin, by.name if by else audit.actor().name)
    return made


def _offer(city: City, wanted: Wanted, email: str, known: User | None, by: User | None) -> Done:
    if known is not None and service.holds(city, known, wanted.role, wanted.plugin):
        raise ConflictError(_("%(name)s has this role already.", name=known.name))
    _check_room(city, email, wanted)
    moment = now()
    made = Invitation(
        tenant_id=city.id, email=email, name=wanted.name.strip(), role=wanted.role, plugin=wanted.plugin,
        opd_id=wanted.opd_id, inviter_id=by.id if by else None, inviter=by.name if by else "", sent=0,
        made_at=moment, sent_at=moment, expires_at=moment + rules.WAITS,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.record("invitation.send", email, tenant_id=city.id, role=wanted.role, plugin=wanted.plugin)
    return Done(invitation=made, address=_send(city, made))


def resend(city: City, invitation_id: int, by: User | None = None, roles: Collection[str] = OF_CITY) -> str:
    """A new link for 14 days more, older ones end; from now on it is the invitation of whoever sends it again.

    Raises NotFoundError, ConflictError.
    """
    found = waiting(city, invitation_id, roles)
    if found.sent >= rules.MAX_SENT:
        message = _("This was sent %(n)d times. Withdraw it and ask whether the address is right.", n=found.sent)
        raise ConflictError(message)
    found.sent_at, found.expires_at = now(), now() + rules.WAITS
    if by is not None:
        found.inviter_id, found.inviter = by.id, by.name
    audit.record("invitation.resend", found.email, tenant_id=city.id, role=found.role, plugin=found.plugin)
    return _send(city, found)


def withdraw(city: City, invitation_id: int, roles: Collection[str] = OF_CITY) -> Invitation:
    """Its links open nothing any more. Raises NotFoundError, ConflictError when it was answered."""
    found = waiting(city, invitation_id, roles)
    end(city, found)
    return found


def end(city: City, found: Invitation) -> None:
    found.state, found.answered_at = rules.WITHDRAWN, now()
    links.withdraw(link_rules.INVITATION, found.email, subject_of(found))
    audit.record("invitation.withdraw", found.email, tenant_id=city.id, role=found.role, plugin=found.plugin)


def waiting(city: City, invitation_id: int, roles: Collection[str] = OF_CITY) -> Invitation:
    """One to these roles that nobody has answered, for an act on it alone. Raises NotFoundError, ConflictError."""
    ours = (Invitation.tenant_id == city.id, Invitation.role.in_(roles))
    wanted = select(Invitation).where(*ours, Invitation.id == invitation_id)
    found = db.session.scalar(wanted.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFoundError(_("There is no such invitation in this city."))
    if found.state == rules.ACCEPTED:
        raise ConflictError(_("%(email)s has accepted meanwhile.", email=found.email))
    if found.state == rules.WITHDRAWN:
        raise ConflictError(_("The invitation to %(email)s was withdrawn meanwhile.", email=found.email))
    return found


def describe(link: Link) -> str:
    """For the link's page (`registry.accounts.links.service.on_accept`)."""
    city, number = _of(link)
    found = db.session.scalar(select(Invitation).where(Invitation.tenant_id == city.id, Invitation.id == number))
    return telling.offer(city, found) if found else ""


def accept(link: Link, user: User | None) -> str | None:
    """Whoever opened the link has the role from now on, and the inviter hears of it."""
    city, number = _of(link)
    if user is None:
        raise NotFoundError(_("Sign in first."))
    service.lock(city)
    found = waiting(city, number, ALL)
    _check_person(found, user)
    _check_inviter(city, found)
    if not service.holds(city, user, found.role, found.plugin):
        service.add_member(city, user, found.role, found.plugin, found.opd_id)
    found.state, found.answered_at = rules.ACCEPTED, now()
    audit.record("invitation.accept", found.email, tenant_id=city.id, role=found.role, plugin=found.plugin)
    inviter = db.session.get(User, found.inviter_id) if found.inviter_id else None
    if inviter is not None:
        telling.accepted(city, found, user, inviter)
    return "/programme/" if found.role == policy.MAINTAINER else "/console/"


def subject_of(found: Invitation) -> str:
    return f"{found.tenant_id}:{found.id}"


def _send(city: City, found: Invitation) -> str:
    accounts.count_sign_up(found.email)
    known = accounts.find_by_email(found.email)
    links.withdraw(link_rules.INVITATION, found.email, subject_of(found))
    address = links.make(link_rules.INVITATION, found.email, rules.WAITS.days, subject_of(found))
    telling.invite(city, found, address, known.language if known else city.locale)
    found.sent += 1
    return address


def _of(link: Link) -> tuple[City, int]:
    """City and number of the invitation; the session enters the city's scope. Raises NotFoundError."""
    city_id, _colon, number = link.subject.partition(":")
    city = db.session.get(City, int(city_id)) if city_id.isdigit() and number.isdigit() else None
    if city is None:
        raise NotFoundError(_("There is no such invitation any more. Ask whoever invited you to send a new one."))
    scope.enter_city(city.id)
    return city, int(number)


def _check_person(found: Invitation, user: User) -> None:
    """A link that was passed on makes nobody else the person who was meant."""
    meant = accounts.find_by_email(found.email)
    other = meant is not None and meant.id != user.id
    if other or (found.role == policy.MAINTAINER and user.email != found.email):
        told = {"email": found.email, "own": user.email}
        message = _(
            "The invitation is for %(email)s, and you are signed in as %(own)s. Sign in as that person.", **told
        )
        raise ConflictError(message)


def _check_inviter(city: City, found: Invitation) -> None:
    """Whoever lost the right to give a role gives none by a link of before. An operator's command names nobody."""
    inviter = db.session.get(User, found.inviter_id) if found.inviter_id else None
    needed = policy.MAINTAINER if found.role == policy.MAINTAINER else policy.ADMIN
    may = inviter is not None and inviter.active and service.holds(city, inviter, needed)
    if found.inviter and not may:
        told = _("%(name)s may no longer invite people to %(city)s. Ask its admins for a new invitation.",
                 name=found.inviter, city=city.name)  # fmt: skip
        raise NotFoundError(told)


def _checked(city: City, wanted: Wanted, roles: Collection[str]) -> str:
    """The address as it is kept. Raises InvalidError, NotFoundError."""
    if wanted.role not in roles or (wanted.role == policy.MAINTAINER and not city.publisher):
        message = _("Choose one of the roles.")
        raise InvalidError(message, [Finding("role", message)])
    service.check_role(wanted.role, wanted.plugin)
    if len(wanted.name) > 120 or not wanted.name.isprintable():
        message = _("Write a name or position of at most %(n)d characters, in one line.", n=120)
        raise InvalidError(message, [Finding("name", message)])
    if wanted.opd_id is not None:
        opd(city, wanted.opd_id)
    return checked_address(wanted.email[:201]).lower()


def _check_room(city: City, email: str, wanted: Wanted) -> None:
    ours = (Invitation.tenant_id == city.id, Invitation.state == rules.OPEN)
    same = (Invitation.email == email, Invitation.role == wanted.role, Invitation.plugin == wanted.plugin)
    if db.session.scalar(select(Invitation.id).where(*ours, *same)) is not None:
        message = _("%(email)s is invited to this role already: send that invitation again.", email=email)
        raise ConflictError(message, [Finding("email", message)])
    if (db.session.scalar(select(func.count()).select_from(Invitation).where(*ours)) or 0) >= rules.MAX_OPEN:
        raise ConflictError(_("%(n)d invitations are open. Withdraw those nobody answers.", n=rules.MAX_OPEN))
