"""Stable codes of signing up in words a person reads, in the language of the request."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from registry.tenants import words


def problem_text(problem: str) -> str:
    """What is wrong with an input and how to put it right."""
    own = {
        "several": _("Several regions have this name. Choose the one you mean."),
        "unknown": _("This is not in Kemendagri's list. Check it, or write to the maintainers."),
        "region": _("Write the name of your city or regency, or its Kemendagri code."),
        "code-needed": _("Write the Kemendagri code as well, for example 64.74."),
        "office": _("Write the name of the office in 3 to 120 characters."),
        "position": _("Write your position in 3 to 120 characters."),
        "mail": _("Write an e-mail address, for example diskominfo@bontangkota.go.id."),
        "phone": _("Write a telephone number with its area code, for example 0548 123456 or +62 548 123456."),
        "proof": _("Choose how you show that you speak for the office."),
        "not-official": _("This is no address below go.id. Write the official one, or choose another proof."),
        "too-many-letters": _("Use at most 120 characters."),
        "letter-in-future": _("The date of the letter lies in the future."),
        "letter-too-old": _("The letter is older than five years. Upload one that still holds."),
        "text": _("Write 3 to 2,000 characters."),
        "check": _("The office is not proven yet: say in 3 to 500 characters how you checked it."),
    }
    return own.get(problem) or words.problem_text(problem)


def state_name(state: str) -> str:
    return {
        "waiting": _("waiting for the maintainers"),
        "asked": _("waiting for the city"),
        "admitted": _("admitted"),
        "declined": _("declined"),
    }.get(state, state)


def proof_name(proof: str) -> str:
    return {
        "mail": _("Official e-mail address, confirmed by a link"),
        "letter": _("Letter of assignment"),
        "other": _("The maintainers check it themselves"),
    }.get(proof, proof)


def lacking_name(name: str) -> str:
    return {
        "contact_office": _("office"),
        "head": _("head of the office"),
        "mail": _("official e-mail"),
        "phone": _("telephone"),
        "contact_name": _("position of the applicant"),
        "proof": _("proof of office"),
    }.get(name, name)


def lacking_names(names: Iterable[str]) -> str:
    return ", ".join(lacking_name(name) for name in names)


def act_name(kind: str) -> str:
    """What a note of the conversation tells, after the name of who did it."""
    return {
        "applied": _("sent the application"),
        "asked": _("asked back"),
        "answered": _("sent an answer"),
        "admitted": _("admitted the city"),
        "declined": _("declined the application"),
        "reapplied": _("applied again"),
        "proved": _("confirmed the official address"),
        "checked": _("checked the office"),
        "corrected": _("corrected the contact"),
        "letter": _("uploaded the letter of assignment"),
    }.get(kind, kind)


def step_name(step: int) -> str:
    return {
        1: _("Your region"),
        2: _("The office"),
        3: _("The person who applies"),
        4: _("Look over and send"),
    }[step]
