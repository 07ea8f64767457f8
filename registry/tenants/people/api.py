"""``/api/v1/cities/{city}/people`` and what belongs to it: who works for a city, invitations, appointments."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from registry.accounts.access import person
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.tenants.access import enter_city, enter_programme
from registry.tenants.models import Membership
from registry.tenants.people import appointed, inviting, leaving, listing, maintaining, schemas, service
from registry.tenants.people.models import Invitation
from registry.tenants.people.programme_views import DECIDE
from registry.tenants.people.views import MANAGE

blueprint = Blueprint("api_people", __name__, url_prefix="/api/v1", description="People of cities, and their units")
CITY = "/cities/<string:city>"
INVITED = f"{CITY}/invitations/<int:invitation_id>"
ONE = f"{CITY}/people/<int:user_id>/hand-over"


@blueprint.get(f"{CITY}/people")
@blueprint.arguments(schemas.PeopleQuery, location="query")
@blueprint.response(200, schemas.PersonList)
def list_people(query: dict[str, Any], city: str) -> dict[str, Any]:
    """Everybody with a role in the city. For its admins. ``after`` is how many were told before."""
    found = enter_city(city, MANAGE)
    wanted = listing.Wanted(query["q"], query["role"], query["plugin"], query["unit"])
    rows = listing.people(found, wanted).offset(query["after"]).limit(query["limit"] + 1)
    users = list(db.session.scalars(rows))
    people = listing.with_roles(found, users[: query["limit"]])
    more = query["after"] + query["limit"] if len(users) > query["limit"] else None
    return {"items": [_person(one) for one in people], "next": more}


@blueprint.post(f"{CITY}/people")
@blueprint.arguments(schemas.InvitationRequest)
@blueprint.response(201, schemas.InvitationDone)
def invite(wanted: dict[str, Any], city: str) -> dict[str, Any]:
    """Offer a role by mail; somebody with a role in the city has it at once. For the city's admins."""
    found = enter_city(city, MANAGE)
    with unit_of_work():
        done = inviting.invite(found, inviting.Wanted(**wanted), person())
        return {"role": done.member, "invitation": done.invitation and _invitation(done.invitation)}


@blueprint.delete(f"{CITY}/people/<int:membership_id>")
@blueprint.response(204)
def remove_role(city: str, membership_id: int) -> None:
    """Take one role away; the number is the role's. For the city's admins."""
    found = enter_city(city, MANAGE)
    with unit_of_work():
        service.remove_member(found, membership_id)


@blueprint.get(f"{CITY}/invitations")
@blueprint.response(200, schemas.InvitationList)
def list_invitations(city: str) -> dict[str, Any]:
    """Invitations nobody has answered, at most as many as may be open. For the city's admins."""
    found = enter_city(city, MANAGE)
    return {"items": [_invitation(one) for one in db.session.scalars(listing.invitations(found))]}


@blueprint.post(f"{INVITED}/resend")
@blueprint.response(204)
def resend(city: str, invitation_id: int) -> None:
    """A new link by mail; older ones end. For the city's admins."""
    found = enter_city(city, MANAGE)
    with unit_of_work():
        inviting.resend(found, invitation_id, person())


@blueprint.delete(INVITED)
@blueprint.response(204)
def withdraw(city: str, invitation_id: int) -> None:
    """The link opens nothing any more. For the city's admins."""
    found = enter_city(city, MANAGE)
    with unit_of_work():
        inviting.withdraw(found, invitation_id)


@blueprint.get(ONE)
@blueprint.response(200, schemas.LeavingShown)
def look_at_leaving(city: str, user_id: int) -> dict[str, Any]:
    """What somebody would leave behind. For the city's admins; of oneself for everybody with a role."""
    return _leaving(leaving.look(enter_city(city, _permission(user_id)), user_id))


@blueprint.post(ONE)
@blueprint.arguments(schemas.HandOverRequest)
@blueprint.response(200, schemas.LeavingShown)
def hand_over(wanted: dict[str, Any], city: str, user_id: int) -> dict[str, Any]:
    """End all roles of somebody, or one's own, and give them to those who take over, in one act."""
    found = enter_city(city, _permission(user_id))
    heirs = {one["role_id"]: one["person_id"] for one in wanted["heirs"]}
    with unit_of_work():
        told = _leaving(leaving.look(found, user_id))
        leaving.leave(found, user_id, heirs)
        return told


@blueprint.get(f"{CITY}/appointments")
@blueprint.response(200, schemas.AppointmentList)
def list_appointments(city: str) -> dict[str, Any]:
    """Who answers for each plugin, and who is missing. For the city's admins."""
    found = appointed.appointments(enter_city(city, MANAGE))
    return {"items": [_appointed(one) for one in found]}


@blueprint.get("/programme/people")
@blueprint.response(200, schemas.MaintainerList)
def list_maintainers() -> dict[str, Any]:
    """Maintainers of the programme, and who is invited. For maintainers."""
    publisher = enter_programme(DECIDE)
    held = maintaining.maintainers(publisher)
    return {
        "items": [{"id": one.id, "name": one.user.name, "email": one.user.email} for one in held],
        "invitations": [_invitation(one) for one in maintaining.invitations(publisher)],
    }


@blueprint.post("/programme/people")
@blueprint.arguments(schemas.MaintainerRequest)
@blueprint.response(201, schemas.InvitationShown)
def invite_maintainer(wanted: dict[str, Any]) -> dict[str, Any]:
    """Offer the role of a maintainer. For maintainers."""
    publisher = enter_programme(DECIDE)
    with unit_of_work():
        done = maintaining.invite(publisher, wanted["email"], wanted["name"], person())
        return _invitation(done.invitation) if done.invitation else {}


@blueprint.post("/programme/people/invitations/<int:invitation_id>/resend")
@blueprint.response(204)
def resend_to_maintainer(invitation_id: int) -> None:
    """A new link by mail; older ones end. For maintainers."""
    publisher = enter_programme(DECIDE)
    with unit_of_work():
        inviting.resend(publisher, invitation_id, person(), maintaining.ROLES)


@blueprint.delete("/programme/people/invitations/<int:invitation_id>")
@blueprint.response(204)
def withdraw_from_maintainer(invitation_id: int) -> None:
    """The link opens nothing any more. For maintainers."""
    publisher = enter_programme(DECIDE)
    with unit_of_work():
        inviting.withdraw(publisher, invitation_id, maintaining.ROLES)


@blueprint.delete("/programme/people/<int:membership_id>")
@blueprint.response(204)
def dismiss_maintainer(membership_id: int) -> None:
    """Take the role away; at least one maintainer stays. For maintainers."""
    publisher = enter_programme(DECIDE)
    with unit_of_work():
        maintaining.dismiss(publisher, membership_id)


def _permission(user_id: int) -> str:
    return "city.leave" if user_id == person().id else MANAGE


def _person(one: listing.Person) -> dict[str, Any]:
    names = ("id", "name", "email", "active", "signed_in_at")
    return {**{name: getattr(one.user, name) for name in names}, "second_factor": one.has_factor, "roles": one.roles}


def _invitation(one: Invitation) -> dict[str, Any]:
    names = ("id", "email", "name", "role", "plugin", "opd_id", "inviter", "sent_at", "expires_at")
    return {**{name: getattr(one, name) for name in names}, "state": listing.state_of(one)}


def _leaving(found: leaving.Leaving) -> dict[str, Any]:
    return {
        "roles": [_role(one) for one in found.roles], "orphans": [one.id for one in found.orphans],
        "heirs": [one.id for one in found.heirs], "tokens": found.tokens,
        "invitations": [_invitation(one) for one in found.invitations],
    }  # fmt: skip


def _role(one: Membership) -> dict[str, Any]:
    return {"id": one.id, "role": one.role, "plugin": one.plugin, "opd_id": one.opd_id}


def _appointed(one: appointed.Appointed) -> dict[str, Any]:
    return {
        "plugin": one.plugin.name, "opd_id": one.plugin.opd_id, "missing": one.missing,
        "administrators": [held.user.email for held in one.administrators],
        "operators": [held.user.email for held in one.operators],
    }  # fmt: skip
