"""Links by mail in words."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _

from registry.accounts.links import letters, rules
from registry.accounts.notices.rules import Notice


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


def send_reset(email: str, language: str, address: str) -> None:
    """Write the mail with a link to a new password."""
    with force_locale(language):
        said = [_("Somebody, probably you, asked for a new password at Lumbung. Set it within an hour; the link works "
                  "once.")]  # fmt: skip
        ending = _("If it was not you, do nothing: your password stays as it is.")
        letters.write(email, language, _("A new password for Lumbung"), said, address, _("Set a new password"), ending)


def password_changed() -> Notice:
    """To whoever's password it was."""
    return Notice(
        "account.password",
        _("Your password was changed"),
        [_("Every session of before has ended; tokens of programs go on."),
         _("If it was not you, set a new one at “Forgot your password?” at once and tell your city's admin.")],
        "/account/security", _("Look at your account's security"),
    )  # fmt: skip


def password_reset() -> Notice:
    """To whom a link by mail gave a new password."""
    return Notice(
        "account.password",
        _("Your password was changed"),
        [_("A link in a mail to you was used for it. Every session, the tokens of programs and the sign-ins you had "
           "linked have ended with the old password: make and link anew what goes on."),
         _("If it was not you, set a new one at “Forgot your password?” at once and tell your city's admin.")],
        "/account/security", _("Look at your account's security"),
    )  # fmt: skip
