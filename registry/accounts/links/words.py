"""Links by mail in words."""

from __future__ import annotations

from flask_babel import gettext as _

from registry.accounts.links import rules


def unknown() -> str:
    return _("This link is not one of ours, or it is not whole. Copy it from the mail again, with all its letters.")


def ended(problem: str, purpose: str) -> str:
    """Why a link opens nothing any more, and what to do."""
    what = {
        rules.INVITATION: _("Ask whoever invited you to send a new one."),
        rules.PASSWORD: _("Ask for a new one at “Forgot your password?”."),
        rules.ADDRESS: _("Ask for a new one where you entered the address."),
    }[purpose]
    why = _("This link was used already.") if problem == rules.USED else _("This link has expired.")
    return f"{why} {what}"


def reset_mail(address: str) -> tuple[str, str]:
    """Subject and text of the mail with a link to a new password."""
    text = _(
        "Somebody, probably you, asked for a new password at Lumbung. Set it here within an hour:\n\n%(address)s\n\n"
        "The link works once. If it was not you, do nothing: your password stays as it is.\n",
        address=address,
    )
    return _("A new password for Lumbung"), text
