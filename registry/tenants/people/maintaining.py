"""Maintainers of the programme: people of the publisher, appointed by one another."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import func, select

from registry.accounts.models import User
from registry.core.db import db
from registry.core.errors import ConflictError, NotFoundError
from registry.tenants import rules as policy
from registry.tenants.models import City, Membership
from registry.tenants.people import inviting, rules, service, telling
from registry.tenants.people.inviting import Done, Wanted
from registry.tenants.people.models import Invitation

ROLES = (policy.MAINTAINER,)


def maintainers(publisher: City) -> list[Membership]:
    held = select(Membership).where(Membership.city_id == publisher.id, Membership.role == policy.MAINTAINER)
    return list(db.session.scalars(held.join(User).order_by(User.name)))


def invite(publisher: City, email: str, name: str = "", by: User | None = None) -> Done:
    """Offer the role; it is accepted by the link even by people of the publisher. Raises as `inviting.invite` does."""
    return inviting.invite(publisher, Wanted(email, policy.MAINTAINER, name), by, ROLES)


def invitations(publisher: City) -> list[Invitation]:
    """Those nobody has answered."""
    ours = (Invitation.tenant_id == publisher.id, Invitation.role == policy.MAINTAINER)
    wanted = select(Invitation).where(*ours, Invitation.state == rules.OPEN).order_by(Invitation.id)
    return list(db.session.scalars(wanted))


def dismiss(publisher: City, membership_id: int) -> Membership:
    """Raises NotFoundError, and ConflictError for the last maintainer who can sign in."""
    service.lock(publisher)
    found = service.member(publisher, membership_id)
    if found.role != policy.MAINTAINER:
        raise NotFoundError(_("This is no maintainer."))
    others = select(func.count()).select_from(Membership).join(User).where(
        Membership.city_id == publisher.id, Membership.role == policy.MAINTAINER, Membership.user_id != found.user_id,
        User.active,
    )  # fmt: skip
    if not db.session.scalar(others):
        raise ConflictError(_("The programme keeps at least one maintainer. Invite another, who accepts first."))
    telling.dismissed(publisher, found.user, [(policy.MAINTAINER, "")])
    service.drop(publisher, found)
    return found
