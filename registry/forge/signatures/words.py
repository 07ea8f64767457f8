"""What is said of a signature, in the visitor's language."""

from __future__ import annotations

from flask_babel import format_date
from flask_babel import gettext as _

from registry.forge.signatures.rules import (
    BAD,
    EXPIRED,
    HERE,
    KNOWN,
    REVOKED,
    UNCHECKED,
    UNKNOWN,
    UNSIGNED,
    VERIFIED,
    Mark,
)

TONES = {VERIFIED: "ok", HERE: "ok", KNOWN: "info", UNKNOWN: "muted", UNCHECKED: "muted", UNSIGNED: "muted",
         REVOKED: "warn", EXPIRED: "warn", BAD: "bad"}  # fmt: skip
ICONS = {VERIFIED: "check-circle", HERE: "check-circle", BAD: "exclamation-circle"}


def tone(mark: Mark) -> str:
    return TONES[mark.state]


def icon(mark: Mark) -> str:
    return ICONS.get(mark.state, "key")


def label(mark: Mark) -> str:
    """A few words; with the name of who signed, for the author's name beside it is whatever somebody wrote."""
    return {
        VERIFIED: _("Verified: %(person)s", person=mark.person), KNOWN: _("Signed: %(person)s", person=mark.person),
        HERE: _("Made here"), UNKNOWN: _("Signed, key unknown"),
        BAD: _("Signature does not hold"), REVOKED: _("Key revoked"), EXPIRED: _("Key expired"),
        UNSIGNED: _("Not signed"), UNCHECKED: _("Not checked"),
    }[mark.state]  # fmt: skip


def sentence(mark: Mark) -> str:
    """All of it in one sentence or two."""
    if mark.state == REVOKED:
        return _revoked(mark)
    if mark.state == UNCHECKED:
        return _unchecked(mark.reason)
    return {
        VERIFIED: _("Signed by %(person)s, who may change this repository.", person=mark.person),
        HERE: _("Made through this registry for the person named, and signed with the registry's key."),
        KNOWN: _("Signed by %(person)s, who may not change this repository now.", person=mark.person),
        UNKNOWN: _("The signature is by a key that nobody here has added to the own account."),
        BAD: _("The signature is not of this content, or cannot be read: do not trust what it says."),
        EXPIRED: _("Signed with a key of %(person)s that has expired or was revoked by its owner.", person=mark.person),
        UNSIGNED: _("Nobody signed this; that is usual and says nothing bad."),
    }[mark.state]


def _revoked(mark: Mark) -> str:
    told = {"person": mark.person, "day": format_date(mark.revoked_at) if mark.revoked_at else ""}
    if mark.before:
        return _(
            "Signed with a key of %(person)s that was revoked on %(day)s. It says it was made before that; "
            "but whoever signs chooses this date.",
            **told,
        )
    return _("Signed with a key of %(person)s after that was revoked on %(day)s.", **told)


def _unchecked(reason: str) -> str:
    words = {
        "no-gpgv": _("Signatures of OpenPGP cannot be checked here: gpgv is not installed."),
        "x509": _("It is signed with a certificate (X.509), which is not checked here."),
        "slow": _("Checking this signature took too long. Try again in a moment."),
        "many": _("Too many signatures of OpenPGP on one page: open it by itself."),
    }
    return words.get(reason, _("It is too large to be checked here."))
