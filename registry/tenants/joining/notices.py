"""Who is told of an application: the maintainers of what comes from a city, its admins of what is decided."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from registry.accounts.models import User
from registry.accounts.notices.rules import quoted
from registry.accounts.notices.service import Notice, tell
from registry.core.db import db
from registry.tenants import rules as policy
from registry.tenants.models import City, Membership


def applied(city: City) -> None:
    def make() -> Notice:
        return Notice(
            "city.applied", _("%(city)s applies to join", city=city.name),
            [_("%(office)s applies for %(city)s (%(code)s, %(province)s).", office=city.contact_office or "–",
               city=city.name, code=city.code, province=city.province)],
            link=_review(city), action=_("Look at the application"), tenant_id=city.id,
        )  # fmt: skip

    tell(_maintainers(), make)


def received(city: City, applicant: User) -> None:
    def make() -> Notice:
        return Notice(
            "city.applied", _("The application of %(city)s has arrived", city=city.name),
            [_("The maintainers in Bandung look at it, as a rule within a week, and write to you. Where it stands, and "
               "what they ask, is always on your city's console.")],
            link=_own(city), action=_("See where it stands"), tenant_id=city.id,
        )  # fmt: skip

    tell([applicant], make)


def asked(city: City, text: str) -> None:
    def make() -> Notice:
        return Notice(
            "city.asked", _("A question about the application of %(city)s", city=city.name),
            [_("The maintainers ask:"), quoted(text), _("The application waits for your answer.")],
            link=_own(city), action=_("Answer"), tenant_id=city.id,
        )  # fmt: skip

    tell(_admins(city), make)


def answered(city: City, text: str) -> None:
    def make() -> Notice:
        return Notice(
            "city.answered", _("%(city)s has answered", city=city.name), [_("The city writes:"), quoted(text)],
            link=_review(city), action=_("Look at the application"), tenant_id=city.id,
        )  # fmt: skip

    tell(_maintainers(), make)


def admitted(city: City) -> None:
    def make() -> Notice:
        return Notice(
            "city.admitted", _("%(city)s is admitted to the programme", city=city.name),
            [_("Welcome. Next comes the memorandum of the two mayors: the console shows how.")],
            link=f"/console/{city.slug}/", action=_("Open the console"), tenant_id=city.id,
        )  # fmt: skip

    tell(_admins(city), make)


def declined(city: City, reason: str) -> None:
    def make() -> Notice:
        return Notice(
            "city.declined", _("The application of %(city)s was declined", city=city.name),
            [_("The maintainers give this reason:"), quoted(reason),
             _("When the reason is gone, apply again from your console: nothing has to be filled in twice.")],
            link=_own(city), action=_("Read it and apply again"), tenant_id=city.id,
        )  # fmt: skip

    tell(_admins(city), make)


def _own(city: City) -> str:
    return f"/console/{city.slug}/application"


def _review(city: City) -> str:
    return f"/programme/applications/{city.slug}"


def _maintainers() -> list[User]:
    wanted = select(User).join(Membership, Membership.user_id == User.id).join(City, City.id == Membership.city_id)
    mine = wanted.where(City.publisher, Membership.role.in_(policy.PERMISSIONS["programme.manage"]))
    return list(db.session.scalars(mine.order_by(User.id).distinct()))


def _admins(city: City) -> list[User]:
    wanted = select(User).join(Membership, Membership.user_id == User.id)
    mine = wanted.where(Membership.city_id == city.id, Membership.role == policy.ADMIN)
    return list(db.session.scalars(mine.order_by(User.id).distinct()))
