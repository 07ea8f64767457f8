"""Kinds of agreements and steps towards them in words, in the language of the request."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from registry.tenants.agreements import settings
from registry.tenants.agreements.contents import PKS, PUBLISHER, Conditions
from registry.tenants.agreements.rules import AMENDMENT, RENEWAL

STEPS = {
    "wait-admission": (
        _l("Waiting to be admitted"),
        _l("The maintainers in Bandung look at your application and write to you."),
    ),
    "declined": (
        _l("The application was declined"),
        _l("Read the reason, then talk to the maintainers: a declined city can still be admitted."),
    ),
    "start-memorandum": (
        _l("Start with the memorandum"),
        _l("The two mayors agree to work together. Draft it here with its number and term."),
    ),
    "propose-memorandum": (
        _l("Propose the memorandum"),
        _l("The draft is ready when it has a number and a term. Then propose it to both sides."),
    ),
    "partner-signs-memorandum": (
        _l("Your mayor signs the memorandum"),
        _l("Note the signature here as soon as it is on paper."),
    ),
    "publisher-signs-memorandum": (
        _l("Bandung signs the memorandum"),
        _l("Your side has signed. The maintainers note the other signature."),
    ),
    "wait-memorandum": (
        _l("The memorandum starts soon"),
        _l("Both sides have signed; it is in force from its first day."),
    ),
    "start-pks": (
        _l("Now the PKS"),
        _l("The heads of both Diskominfo agree on the details and the term. Draft it here."),
    ),
    "propose-pks": (
        _l("Propose the PKS"),
        _l("The draft is ready when it has a number and a term. Then propose it to both sides."),
    ),
    "partner-signs-pks": (
        _l("The head of Diskominfo of the city signs the PKS"),
        _l("Note the signature here as soon as it is on paper."),
    ),
    "publisher-signs-pks": (
        _l("Bandung signs the PKS"),
        _l("Your side has signed. The maintainers note the other signature."),
    ),
    "wait-pks": (_l("The PKS starts soon"), _l("Both sides have signed; it is in force from its first day.")),
    "adopt": (
        _l("Everything is signed: choose your first app"),
        _l("Look through the catalog, fork what you need, and switch it on."),
    ),
}
"""The next step towards adopting apps: a heading, and what to do."""


def kind_name(kind: str) -> str:
    """As the programme calls it (`settings.Programme`): the name of a kind of paper, the same in every language."""
    label = settings.programme().label(kind)
    return f"{label} (PKS)" if kind == PKS and "PKS" not in label else label


def title_of(kind: str, relation: str) -> str:
    """The kind, and whether it is an addendum or a renewal."""
    name = kind_name(kind)
    if relation == AMENDMENT:
        return _("Addendum to %(name)s", name=name)
    return _("Renewal of %(name)s", name=name) if relation == RENEWAL else name


def side_name(side: str) -> str:
    return _("the publisher") if side == PUBLISHER else _("the city")


def day_text(day: date | None) -> str:
    """*23 November 2026*, in the reader's language; a dash for none."""
    return format_date(day, "long") if day else "–"


def assistance_text(code: str) -> str:
    return {
        "none": _("No help: the city installs and runs the apps itself"),
        "installation": _("Help until an app is installed"),
        "operation": _("Help with installing and while the apps run"),
    }.get(code, code)


def condition_texts(held: Conditions, apps: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    """What was agreed, line by line: heading, text, and whether the registry itself holds everybody to it."""
    scope = _("Every app in the catalog") if held.apps is None else ", ".join(apps.get(one, one) for one in held.apps)
    lines = [
        (_("Apps"), scope, True),
        (_("Passing on"), _("The city may publish its own variants") if held.variants
         else _("The city may not publish variants or pass the apps on"), True),
        (_("Commercial use"), _("Allowed") if held.commercial
         else _("Not allowed: for government affairs only"), False),
        (_("Attribution"), _("The owner's name and a link to the original stay visible") if held.attribution
         else _("The owner need not be named"), False),
        (_("Assistance"), assistance_text(held.assistance), False),
    ]  # fmt: skip
    return [*lines, (_("Further terms"), held.more, False)] if held.more else lines


def step_text(step: str) -> tuple[str, str]:
    """Heading and explanation of a code of `rules.next_step`."""
    heading, text = STEPS[step]
    return str(heading), str(text)
