"""What a person is told about the own factors, and what they are called."""

from __future__ import annotations

from flask_babel import gettext as _

from registry.accounts.models import User
from registry.accounts.notices.service import Notice, tell

APP = "app"
SECURITY = "/account/security"


def name_of(what: str) -> str:
    """In the language in force: the app for codes, or a passkey by its name."""
    return _("app for codes") if what == APP else _("passkey “%(name)s”", name=what)


def tell_added(user: User, what: str) -> None:
    def make() -> Notice:
        said = _("From now on you can use this when you sign in: %(what)s.", what=name_of(what))
        return _notice(_("A second factor was added to your account"), said, _advice())

    tell([user], make)


def tell_removed(user: User, what: str, last: bool) -> None:
    def make() -> Notice:
        said = [_("This is no longer asked for or taken when you sign in: %(what)s.", what=name_of(what))]
        if last:
            said.append(_("Your password alone opens your account now."))
        return _notice(_("A second factor was removed from your account"), *said, _advice())

    tell([user], make)


def tell_recovered(user: User, left: int) -> None:
    def make() -> Notice:
        said = _("One of your recovery codes was used. %(n)d of them are left.", n=left)
        return _notice(_("A recovery code was used for your account"), said, _advice())

    tell([user], make)


def tell_codes(user: User) -> None:
    def make() -> Notice:
        said = _("Ten new recovery codes were made. Those of before no longer work.")
        return _notice(_("New recovery codes for your account"), said, _advice())

    tell([user], make)


def tell_reset(user: User, who: str) -> None:
    def make() -> Notice:
        said = _("%(who)s took away every second factor of your account, and every session has ended.", who=who)
        then = _("Sign in with your password and set up a new second factor.")
        return _notice(_("Your second factors were reset"), said, then, _advice())

    tell([user], make)


def _notice(subject: str, *paragraphs: str) -> Notice:
    action = _("Look at the security of your account")
    return Notice("account.factor", subject, paragraphs, link=SECURITY, action=action)


def _advice() -> str:
    return _("If this was not you, change your password at once and tell the people who run Lumbung for you.")
