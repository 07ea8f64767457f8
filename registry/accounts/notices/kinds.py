"""What people can be told of. Every room adds the kinds it tells; a person chooses by group how to hear of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

MAIL, DAILY, APP, OFF = "mail", "daily", "app", "off"
"""Ways to hear of something: in the app and by mail at once, or once a day; in the app alone; not at all."""
WAYS = (MAIL, DAILY, APP, OFF)


@dataclass(frozen=True)
class Group:
    """``why`` ends the sentence "You are told because …"; a ``fixed`` one always comes by mail at once."""

    label: LazyString
    why: LazyString
    fixed: bool = False


@dataclass(frozen=True)
class Kind:
    label: LazyString
    group: str


GROUPS: Mapping[str, Group] = {
    "security": Group(
        _l("Security"),
        _l("it concerns the safety of your account or of a plugin of your city"),
        fixed=True,
    ),
    "agreements": Group(_l("Agreements and handovers"), _l("you answer for your city's agreements or decide on them")),
    "joining": Group(_l("Cities that join"), _l("you signed up a city or decide who is admitted")),
    "people": Group(_l("People and roles"), _l("your role in a city changes or you appoint people")),
    "assistance": Group(_l("Requests for assistance"), _l("you asked for assistance or give it")),
    "questions": Group(_l("Questions and answers"), _l("you asked a question about an app or may answer it")),
    "releases": Group(_l("Releases of apps"), _l("your city has a fork of the app or runs it")),
    "proposals": Group(_l("Proposals"), _l("a proposal concerns you or your city")),
    "repositories": Group(_l("Repositories"), _l("you decide about your city's forks")),
    "plugins": Group(_l("Plugins and connections"), _l("you answer for plugins that your city runs")),
}
"""In the order in which people see them."""

KINDS: Mapping[str, Kind] = {
    "account.password": Kind(_l("Password"), "security"),
    "account.factor": Kind(_l("Second factor"), "security"),
    "account.session": Kind(_l("Signing in"), "security"),
    "account.token": Kind(_l("Token"), "security"),
    "account.identity": Kind(_l("Signing in elsewhere"), "security"),
    "release.security": Kind(_l("Release that closes a security hole"), "security"),
    "agreement.proposed": Kind(_l("Agreement proposed"), "agreements"),
    "agreement.signed": Kind(_l("Agreement signed"), "agreements"),
    "agreement.active": Kind(_l("Agreement in force"), "agreements"),
    "agreement.expiring": Kind(_l("Agreement expires"), "agreements"),
    "agreement.expired": Kind(_l("Agreement expired"), "agreements"),
    "agreement.terminated": Kind(_l("Agreement terminated"), "agreements"),
    "handover.issued": Kind(_l("Handover"), "agreements"),
    "city.applied": Kind(_l("City signed up"), "joining"),
    "city.asked": Kind(_l("Question about a sign-up"), "joining"),
    "city.answered": Kind(_l("Answer about a sign-up"), "joining"),
    "city.admitted": Kind(_l("City admitted"), "joining"),
    "city.declined": Kind(_l("City declined"), "joining"),
    "person.invited": Kind(_l("Invitation"), "people"),
    "person.accepted": Kind(_l("Invitation accepted"), "people"),
    "person.appointed": Kind(_l("Role given"), "people"),
    "person.dismissed": Kind(_l("Role taken back"), "people"),
    "person.missing": Kind(_l("Nobody answers for a plugin"), "people"),
    "assistance.asked": Kind(_l("Assistance asked for"), "assistance"),
    "assistance.answered": Kind(_l("Assistance answered"), "assistance"),
    "assistance.closed": Kind(_l("Assistance ended"), "assistance"),
    "question.asked": Kind(_l("Question"), "questions"),
    "question.answered": Kind(_l("Answer"), "questions"),
    "release.out": Kind(_l("New release"), "releases"),
    "release.withdrawn": Kind(_l("Release withdrawn"), "releases"),
    "app.retired": Kind(_l("App retired"), "releases"),
    "proposal.said": Kind(_l("Proposal"), "proposals"),
    "fork.going": Kind(_l("Fork that goes for good"), "repositories"),
    "repository.faults": Kind(_l("Repositories with faults"), "repositories"),
    "plugin.alert": Kind(_l("Alert"), "plugins"),
    "wave.city": Kind(_l("Upgrade by the programme"), "plugins"),
    "wave.programme": Kind(_l("Wave of upgrades"), "plugins"),
    "webhook.off": Kind(_l("Webhook"), "plugins"),
}
"""``noun.verb`` by which a notice says what it is about; what is told is never changed in meaning, only added to."""


def group_of(kind: str) -> Group:
    return GROUPS[KINDS[kind].group]
