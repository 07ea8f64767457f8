"""What both sides are told of an agreement: the city's admins, and the maintainers, each with the way to their page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from registry.accounts.models import User
from registry.accounts.notices import rules as notices
from registry.accounts.notices.service import Notice, tell
from registry.core.db import db
from registry.tenants import rules as roles
from registry.tenants.agreements import rules
from registry.tenants.agreements.models import Agreement
from registry.tenants.agreements.words import day_text, kind_name, side_name
from registry.tenants.models import City, Membership

Words = Callable[[], tuple[str, Sequence[str]]]
"""Subject and paragraphs, asked under the reader's language."""


def proposed(city: City, found: Agreement) -> None:
    _both(city, found, "agreement.proposed", lambda: (
        _("Proposed: %(name)s with %(city)s", **_named(city, found)),
        [_("Look at the text. When it is signed on paper, note the signature of your side and add the scan.")],
    ))  # fmt: skip


def withdrawn(city: City, found: Agreement, why: str) -> None:
    _both(city, found, "agreement.proposed", lambda: (
        _("Taken back to the draft: %(name)s with %(city)s", **_named(city, found)),
        [_("The proposal was taken back. Signatures noted so far no longer count. The reason:"), notices.quoted(why)],
    ))  # fmt: skip


def signed(city: City, found: Agreement, side: str) -> None:
    both = bool(found.publisher_signed_on and found.partner_signed_on)
    _both(city, found, "agreement.signed", lambda: (
        _("Signed by both sides: %(name)s with %(city)s", **_named(city, found)) if both
        else _("Signed by %(side)s: %(name)s with %(city)s", side=side_name(side), **_named(city, found)),
        [_("It is in force from %(day)s.", day=day_text(found.starts_on)) if both
         else _("The signature of the other side is still missing.")],
    ))  # fmt: skip


def begun(city: City, found: Agreement) -> None:
    next_thing = rules.PKS if found.kind == rules.MEMORANDUM else ""
    _both(city, found, "agreement.active", lambda: (
        _("In force: %(name)s with %(city)s", **_named(city, found)),
        [_("It is in force from %(start)s to %(end)s.", start=day_text(found.starts_on), end=day_text(found.ends_on)),
         _("Next comes the PKS between the two heads of Diskominfo.") if next_thing
         else _("The city may fork and deploy what the agreement covers.")],
    ))  # fmt: skip


def expiring(city: City, found: Agreement, left: int) -> None:
    _both(city, found, "agreement.expiring", lambda: (
        _("Ends in %(n)d days: %(name)s with %(city)s", n=left, **_named(city, found)),
        [_("The last day is %(day)s.", day=day_text(found.ends_on)), _after(found),
         _("Draft its renewal now: it says what this one says, and holds right after it.")],
    ))  # fmt: skip


def expired(city: City, found: Agreement) -> None:
    _both(city, found, "agreement.expired", lambda: (
        _("Expired: %(name)s with %(city)s", **_named(city, found)),
        [_("The last day was %(day)s.", day=day_text(found.ends_on)), _after(found),
         _("A renewal opens everything again.")],
    ))  # fmt: skip


def terminated(city: City, found: Agreement, why: str) -> None:
    _both(city, found, "agreement.terminated", lambda: (
        _("Ended early: %(name)s with %(city)s", **_named(city, found)),
        [_("From %(day)s on it no longer holds.", day=day_text(found.terminates_on)), _after(found), _("The reason:"),
         notices.quoted(why)],
    ))  # fmt: skip


def kept(city: City, found: Agreement, why: str) -> None:
    _both(city, found, "agreement.active", lambda: (
        _("It does not end early after all: %(name)s with %(city)s", **_named(city, found)),
        [_("It is in force until %(day)s, as it was signed. The reason:", day=day_text(found.ends_on)),
         notices.quoted(why)],
    ))  # fmt: skip


def suspended(city: City, reason: str, words: str, names: Sequence[str]) -> None:
    _city(city, "agreement.terminated", lambda: (
        _("The plugins of %(city)s are closed for citizens", city=city.name),
        [_("The maintainers closed: %(names)s. The reason:", names=", ".join(names)), notices.quoted(reason),
         _("Citizens read:"), notices.quoted(words),
         _("Data and settings are untouched; the maintainers can open them again.")],
    ))  # fmt: skip


def resumed(city: City, names: Sequence[str]) -> None:
    _city(city, "agreement.active", lambda: (
        _("The plugins of %(city)s are open again", city=city.name),
        [_("Opened again: %(names)s.", names=", ".join(names) or "–")],
    ))  # fmt: skip


def _after(found: Agreement) -> str:
    if found.kind == rules.PKS:
        return _("Without it there are no new forks and no new plugins or upgrades. What runs goes on running.")
    return _("Without it no PKS can be signed. A PKS in force stays.")


def _named(city: City, found: Agreement) -> dict[str, str]:
    return {"name": f"{kind_name(found.kind)} {found.number}".strip(), "city": city.name}


def _both(city: City, found: Agreement, kind: str, words: Words) -> None:
    path = f"/agreements/{found.id}"
    for people, place in (
        (admins(city), f"/console/{city.slug}{path}"), (maintainers(), f"/programme/cities/{city.slug}{path}"),
    ):  # fmt: skip
        tell(people, lambda place=place: _notice(kind, city, words, place))  # type: ignore[misc]


def _city(city: City, kind: str, words: Words) -> None:
    tell(admins(city), lambda: _notice(kind, city, words, f"/console/{city.slug}/agreements"))


def _notice(kind: str, city: City, words: Words, place: str) -> Notice:
    subject, paragraphs = words()
    return Notice(kind, subject, paragraphs, place, _("Open the agreement"), city.id)


def admins(city: City) -> list[User]:
    return _people(Membership.city_id == city.id, Membership.role == roles.ADMIN)


def maintainers() -> list[User]:
    return _people(Membership.role == roles.MAINTAINER)


def _people(*held: object) -> list[User]:
    wanted = select(Membership).where(*held).order_by(Membership.id)  # type: ignore[arg-type]
    return [one.user for one in db.session.scalars(wanted)]
