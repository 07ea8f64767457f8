"""What goes wrong with a provider, and what is told about identities, in words."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask_babel import gettext as _

from registry.accounts.notices.rules import Notice

SECURITY = "/account/sign-in-ways"


def host_of(issuer: str) -> str:
    """How people know a provider."""
    return urlsplit(issuer).hostname or issuer


def refusal(code: str, email: str) -> str:
    """Why somebody does not come in, and what to do."""
    return {
        "unknown": _("Nobody here has the address %(email)s. Ask your city's admin to invite you.", email=email or "?"),
        "closed": _("This account is closed. Ask your city's admin."),
        "left": _("You have no role in this city any more. Ask its admin, or sign in with your password."),
        "stranger": _("Nobody with the address %(email)s has a role in this city. Ask its admin to invite you, or sign "
                      "in with your password.", email=email),
        "elsewhere": _(
            "Your account has roles outside this city, too. Sign in with your password and link this sign-in under "
            "“Your account”, if you want it to open those doors as well."
        ),
        "domain": _(
            "This sign-in is not believed about addresses like %(email)s. Ask the admin to allow its domain, or sign "
            "in with your password.",
            email=email,
        ),
        "not-verified": _(
            "Your address there is not confirmed, so it proves nothing here. Confirm it there, or sign in with your "
            "password."
        ),
        "other-address": _("The invitation went to another address than %(email)s. Open an account with a password, "
                           "or sign in there as the one who is invited.", email=email or "?"),
        "not-a-member": _("You have no role in this city, so its sign-in is not for you."),
    }[code]  # fmt: skip


def problem(step: str, code: str) -> str:
    """What is wrong with a provider, for the admin who sets it up."""
    if code in _NETWORK:
        return str(_NETWORK[code]())
    return {
        "discovery": discovery_problem,
        "keys": lambda _code: _("It gives no keys we can use: RSA, EC or Ed25519 for signatures are needed."),
        "code": client_problem,
        "token": token_problem,
        "userinfo": lambda _code: _("What it tells of the person is about somebody else."),
    }[step](code)


_NETWORK = {
    "malformed": lambda: _("This is no address."),
    "scheme": lambda: _("The address must begin with https://."),
    "userinfo": lambda: _("The address must not hold a name or a password."),
    "port": lambda: _("Only the usual port is asked. The operator can allow another (LUMBUNG_OIDC_HOSTS)."),
    "no-host": lambda: _("There is no machine of this name."),
    "private": lambda: _("It is not on the public internet. The operator can allow it (LUMBUNG_OIDC_HOSTS)."),
    "connect": lambda: _("Nobody answers there."),
    "tls": lambda: _("Its certificate is not valid."),
    "timeout": lambda: _("It took too long to answer."),
    "broken": lambda: _("It broke off its answer."),
    "status": lambda: _("There is nothing of the kind at this address. Is the issuer written exactly as it says?"),
    "answer": lambda: _("Its answer is not what OpenID Connect asks for."),
}


def discovery_problem(code: str) -> str:
    return {
        "issuer": _("It calls itself by another name. Write the issuer letter by letter as it does."),
        "endpoints": _("It does not name https addresses for signing in, tokens and keys."),
        "no-code": _("It does not offer the code flow."),
        "no-pkce": _("It does not offer PKCE with S256."),
        "algorithms": _("It signs with none of the algorithms we accept."),
        "methods": _("It takes a client's secret neither in a header nor in a form."),
    }[code]


def client_problem(code: str) -> str:
    if code in ("invalid_client", "unauthorized_client"):
        return _("It does not know this client, or the secret is wrong.")
    if code == "invalid_grant":
        return _("It did not take its own code again. Sign in once more.")
    return _("It refused: %(code)s.", code=code)


def token_problem(code: str) -> str:
    """For whoever signs in: the admin finds the code in the log."""
    return _("What it says of you cannot be trusted (%(code)s). Try again; if it stays so, tell your admin.", code=code)


def linked(issuer: str, email: str) -> Notice:
    host = host_of(issuer)
    return Notice(
        "account.identity",
        _("Your account can be entered through %(host)s now", host=host),
        [_("Whoever signs in there as %(email)s is you here.", email=email or "?"),
         _("If it was not you who wanted this, unlink it, change your password and tell your city's admin.")],
        SECURITY, _("See how you sign in"),
    )  # fmt: skip


def unlinked(issuer: str) -> Notice:
    host = host_of(issuer)
    return Notice(
        "account.identity",
        _("Your account can no longer be entered through %(host)s", host=host),
        [_("Sign in with your password, or set one at “Forgot your password?”.")],
        SECURITY, _("See how you sign in"),
    )  # fmt: skip


def outgrown() -> Notice:
    return Notice(
        "account.identity",
        _("You work for another city now, too: your other sessions and your tokens have ended"),
        [_("Until now a city's own sign-in was enough to be you here. It does not open the new city, so nothing it "
           "opened before goes on either. Sign in again where you need to, and make new tokens for what goes on.")],
        SECURITY, _("See how you sign in"),
    )  # fmt: skip
