"""What people are told about their roles, each in the own language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_babel import force_locale
from flask_babel import gettext as _

from registry.accounts.links import letters
from registry.accounts.models import User
from registry.accounts.notices.service import Notice, tell
from registry.core.clock import now
from registry.tenants.models import City
from registry.tenants.people.models import Invitation
from registry.tenants.words import role_name

CONSOLES = "/console/"


def role_text(role: str, plugin: str = "") -> str:
    """A role in one phrase."""
    return _("%(role)s %(plugin)s", role=role_name(role), plugin=plugin) if plugin else role_name(role)


def place(city: City) -> str:
    return f"/console/{city.slug}/people"


def offer(city: City, found: Invitation) -> str:
    """One sentence: who offers what to whoever reads it."""
    told = {"role": role_text(found.role, found.plugin), "city": city.name, "who": found.inviter}
    if found.inviter:
        return _("%(who)s offers you a role in %(city)s: %(role)s.", **told)
    return _("You are offered a role in %(city)s: %(role)s.", **told)


def invite(city: City, found: Invitation, address: str, language: str) -> None:
    """The mail with the link."""
    with force_locale(language):
        days = max(1, (found.expires_at - now()).days)
        said = [offer(city, found),
                _("Lumbung is the registry of apps that cities share. The link works once, for %(n)d days. You set a "
                  "password there, or sign in with the account you have.", n=days)]  # fmt: skip
        subject = _("Invitation of %(city)s to Lumbung", city=city.name)
        ending = _("If you do not know what this is about, do nothing: without you no role is given.")
        letters.write(found.email, language, subject, said, address, _("See the invitation"), ending, city.id)


def appointed(city: City, user: User, role: str, plugin: str, who: str) -> None:
    def made() -> Notice:
        what = role_text(role, plugin)
        return Notice(
            "person.appointed", _("Your role in %(city)s: %(role)s", city=city.name, role=what),
            [_("%(who)s gave you this role: %(role)s.", who=who, role=what),
             _("You can give it up on the page of your roles.")],
            CONSOLES, _("See your roles"), city.id,
        )  # fmt: skip

    tell([user], made)


def dismissed(city: City, user: User, roles: Sequence[tuple[str, str]]) -> None:
    def made() -> Notice:
        said = [_("You no longer have this role: %(role)s.", role=role_text(*one)) for one in roles]
        return Notice("person.dismissed", _("Your roles in %(city)s", city=city.name), said, CONSOLES,
                      _("See your roles"), city.id)  # fmt: skip

    tell([user], made)


def accepted(city: City, found: Invitation, by: User, inviter: User) -> None:
    def made() -> Notice:
        what = role_text(found.role, found.plugin)
        return Notice(
            "person.accepted", _("%(name)s accepted the invitation", name=by.name),
            [_("%(name)s (%(email)s) has the role now: %(role)s.", name=by.name, email=by.email, role=what)],
            place(city) if found.role != "maintainer" else "/programme/people", _("See the people"), city.id,
        )  # fmt: skip

    tell([inviter], made)


def missing(city: City, people: Iterable[User], lines: Sequence[tuple[str, Sequence[str]]]) -> None:
    """``lines``: each plugin with the roles nobody has."""

    def made() -> Notice:
        said = [f"{plugin}: {', '.join(role_name(role) for role in roles)}" for plugin, roles in lines]
        return Notice(
            "person.missing", _("Nobody answers for plugins of %(city)s", city=city.name),
            [_("Each plugin needs an administrator and an operator of the unit that works with it. Missing are:"),
             *said],
            f"{place(city)}/plugins", _("Appoint somebody"), city.id,
        )  # fmt: skip

    tell(people, made)
