"""Codes of webhooks in words for people."""

from __future__ import annotations

from flask_babel import gettext as _


def event(code: str) -> str:
    names = {
        "app.published": _("an app is new in the catalog"),
        "app.updated": _("what an app says of itself changed"),
        "app.deprecated": _("an app is no longer developed"),
        "release.published": _("a release is published"),
        "release.yanked": _("a release is withdrawn"),
        "ping": _("a trial"),
    }
    return names.get(code, code)


def state(code: str) -> str:
    names = {"queued": _("on its way"), "delivered": _("delivered"), "failed": _("given up")}
    return names.get(code, code)


def problem(code: str, status: int | None = None) -> str:
    """Why a message did not arrive, or an address is refused; "" for none."""
    told = {
        "": "",
        "malformed": _("This is not an address a message can be sent to."),
        "scheme": _("Only https:// addresses are told."),
        "userinfo": _("Leave the user name and password out of the address: the signature proves who sends."),
        "port": _("Only the usual port of https (443) is used."),
        "no-host": _("There is no host of this name in the DNS."),
        "private": _("This host is not on the public internet."),
        "connect": _("The server did not accept the connection, or ended it."),
        "tls": _("The server's certificate is not trusted, or does not fit its name."),
        "timeout": _("The server took too long."),
        "broken": _("What the server answered is not HTTP."),
        "redirect": _("The server sends on to another address (%(status)s): register that one.", status=status),
        "status": _("The server answered %(status)s: only an answer from 200 to 299 counts.", status=status),
        "secret": _("This is no secret of a webhook."),
        "off": _("The webhook was switched off before it was sent."),
    }
    return told.get(code, code)


def off_reason(code: str) -> str:
    told = {
        "person": _("Switched off by a person."),
        "imported": _("It came from another installation: look at the address, renew the secret, then switch it on."),
        "failing": _("Switched off: nothing could be delivered for three days. Mend the receiver, then switch it on."),
        "gone": _("Switched off: the receiver said that it is gone for good (410)."),
    }
    return told.get(code, "")
