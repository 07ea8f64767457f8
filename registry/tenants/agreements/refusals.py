"""Why an act on an agreement is refused, and what was done instead, in the language of the request."""

from __future__ import annotations

from flask_babel import gettext as _

from registry.core.errors import ConflictError, Finding, InvalidError
from registry.tenants import words
from registry.tenants.agreements.contents import MAX_APPS, MAX_TERMS

OUT_OF_TURN = frozenset({"not-draft", "not-proposed", "signed-already", "memorandum-first", "ended"})
"""Codes that no other input would put right: somebody else was first, or something else comes before."""


def problem_text(problem: str) -> str:
    """What is wrong and how to put it right."""
    return {
        "long-line": _("Write this on one line of at most 160 characters."),
        "long-terms": _("Write the further terms in at most %(n)d characters.", n=MAX_TERMS),
        "nip": _("A NIP has 18 digits. Leave it empty when you do not want to give it."),
        "assistance": _("Choose how far the publisher helps."),
        "no-apps": _("Choose 1 to %(n)d apps, or all apps.", n=MAX_APPS),
        "unknown-app": _("This app is not in the catalog. Choose from the list."),
        "outside": _("An addendum holds within the term of what it changes. Choose a day in that term."),
        "signer": _("This office may not sign here: give the number of its power of attorney, or another office."),
        "ended": _("This agreement has ended already."),
        "in-past": _("It can end today at the earliest."),
        "label": _("Write the name in 3 to 80 characters."),
        "days": _("Give one to six different days between 1 and 365, for example 90, 30, 7."),
        "signers": _("Give at most twelve beginnings of offices, one on each line."),
        "closed-words": _("Tell citizens in 10 to 500 characters why the plugins are closed and whom to ask."),
    }.get(problem) or words.problem_text(problem)


def refuse(*checks: tuple[str, str | None]) -> None:
    """Raise InvalidError with a finding for each (field, problem code) that has a problem; ConflictError when one of
    them is out of turn.
    """
    for _field, problem in checks:
        if problem in OUT_OF_TURN:
            raise ConflictError(problem_text(problem))
    findings = [Finding(field, problem_text(problem)) for field, problem in checks if problem]
    if findings:
        raise InvalidError(findings[0].message, findings)


def act_text(act: str) -> str:
    """What was done to an agreement: what stands in its timeline."""
    return {
        "draft": _("Drafted"),
        "edit": _("Draft changed"),
        "propose": _("Proposed"),
        "withdraw": _("Taken back to the draft"),
        "sign": _("Signature noted"),
        "begin": _("In force"),
        "remind": _("Reminded of the end"),
        "expire": _("Expired"),
        "terminate": _("Ended early"),
        "keep": _("Early end taken back"),
        "renew": _("Renewal drafted"),
        "amend": _("Addendum drafted"),
        "scan": _("Signed scan added"),
        "import": _("Brought in from an archive"),
    }.get(act, act)
