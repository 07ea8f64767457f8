"""Kinds of agreements and steps towards them in words, in the language of the request."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

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
    return {"memorandum": _("Memorandum of the mayors"), "pks": _("Cooperation agreement (PKS)")}.get(kind, kind)


def step_text(step: str) -> tuple[str, str]:
    """Heading and explanation of a code of `rules.next_step`."""
    heading, text = STEPS[step]
    return str(heading), str(text)
