"""Somebody leaves a city: what is theirs is shown first, and handed over in the same act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import select

from registry.accounts import service as accounts
from registry.accounts.models import User
from registry.core import audit
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError, NotFoundError
from registry.tenants import rules as policy
from registry.tenants.models import City, Membership
from registry.tenants.people import inviting, rules, service, telling
from registry.tenants.people.models import Invitation
from registry.tenants.people.rules import Held
from registry.tenants.words import problem_text

BELONGINGS = "tenants.belongings"

Belonging = Callable[[City, User], str | None]
"""Of a room above: what else of a city hangs on a person, in words for whoever takes over; None when nothing does."""


@dataclass(frozen=True)
class Leaving:
    """What somebody leaves behind. ``orphans`` are roles nobody else has; ``heirs`` may take them over."""

    user: User
    roles: list[Membership]
    orphans: list[Membership]
    heirs: list[User]
    invitations: list[Invitation]
    tokens: int
    belongings: list[str]
    last_admin: bool


def add_belonging(app: Flask, belonging: Belonging) -> None:
    """Let a room say what else a person has in a city."""
    app.extensions.setdefault(BELONGINGS, []).append(belonging)


def look(city: City, user_id: int) -> Leaving:
    """What would happen. Raises NotFoundError for nobody of this city."""
    held = service.members(city)
    mine = [one for one in held if one.user_id == user_id and one.role != policy.MAINTAINER]
    if not mine:
        raise NotFoundError(_("Nobody of this city is meant by that."))
    user = mine[0].user
    numbers = {one.membership_id for one in rules.orphans(_plain(held, user_id), user_id)}
    orphans = [one for one in mine if one.id in numbers]
    heirs = {one.user_id: one.user for one in held if one.user_id != user_id and one.user.active}
    told = [belonging(city, user) for belonging in current_app.extensions.get(BELONGINGS, [])]
    return Leaving(
        user, mine, orphans, sorted(heirs.values(), key=lambda one: one.name.casefold()), _invitations(city, user),
        0 if _stays(held, user_id) else len(accounts.tokens_of(user)), [one for one in told if one],
        any(one.role == policy.ADMIN for one in orphans),
    )  # fmt: skip


def leave(city: City, user_id: int, heirs: Mapping[int, int]) -> Leaving:
    """All roles of a person in the city end at once; ``heirs`` names who takes over which: membership → person.

    The last admin names an heir, and an heir has a role in the city already: somebody new is invited and accepts
    first. Raises NotFoundError, InvalidError, ConflictError.
    """
    service.lock(city)
    found = look(city, user_id)
    known = {one.id: one for one in found.heirs}
    _check(found, heirs, known)
    for role in found.roles:
        if role.id in heirs:
            _hand_over(city, role, known[heirs[role.id]])
    for invitation in found.invitations:
        inviting.end(city, inviting.waiting(city, invitation.id))
    telling.dismissed(city, found.user, [(one.role, one.plugin) for one in found.roles])
    for role in found.roles:
        service.drop(city, role)
    audit.record("member.leave", found.user.email, tenant_id=city.id)
    return found


def _hand_over(city: City, role: Membership, heir: User) -> None:
    if service.holds(city, heir, role.role, role.plugin):
        return
    service.add_member(city, heir, role.role, role.plugin, role.opd_id)
    audit.record("member.hand-over", role.user.email, tenant_id=city.id, role=role.role, plugin=role.plugin,
                 heir=heir.email)  # fmt: skip
    telling.appointed(city, heir, role.role, role.plugin, audit.actor().name)


def _check(found: Leaving, heirs: Mapping[int, int], known: Mapping[int, User]) -> None:
    mine = {one.id for one in found.roles}
    for membership_id, heir_id in heirs.items():
        if membership_id not in mine or heir_id not in known:
            message = _("Only somebody with a role in this city can take over: invite the person first.")
            raise InvalidError(message, [Finding(f"heir-{membership_id}", message)])
    last = [one for one in found.orphans if one.role == policy.ADMIN and one.id not in heirs]
    if last:
        message = problem_text("last-admin")
        raise ConflictError(message, [Finding(f"heir-{last[0].id}", message)])


def _plain(held: list[Membership], leaver: int) -> list[Held]:
    """Whoever may no longer sign in answers for nothing."""
    alive = [one for one in held if one.user.active or one.user_id == leaver]
    return [Held(one.id, one.user_id, one.role, one.plugin) for one in alive]


def _stays(held: list[Membership], user_id: int) -> bool:
    """A maintainer of the programme is one still; cities do not decide that."""
    return any(one.user_id == user_id and one.role == policy.MAINTAINER for one in held)


def _invitations(city: City, user: User) -> list[Invitation]:
    mine = (Invitation.tenant_id == city.id, Invitation.inviter_id == user.id, Invitation.state == rules.OPEN)
    return list(db.session.scalars(select(Invitation).where(*mine, Invitation.role != policy.MAINTAINER)))
