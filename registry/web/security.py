"""What every request must be before it is looked at, and headers that keep a page to itself: no foreign script, no
frame around it, no guessing of types.
"""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from flask_babel import gettext as _

from registry.accounts.access import is_program, person
from registry.core.errors import ForbiddenError

POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self' {plugins}; frame-ancestors 'none'"
)
"""Forms may lead to a plugin's host: signing in on the way to one ends there."""

SMALL = 2 * 2**20
"""Bytes of a request that uploads nothing: JSON takes forty times its length in memory, before anybody is asked who
sends it."""

UPLOADS = frozenset({"forge.publish_archive", "api_forge.publish_archive"})
"""Only of people we know, and asked who they are before a byte is read. Git bounds its requests by itself."""

PASSING_BY = "entry.renew"
"""Sends every request on to the plugin it was meant for, which judges it: nothing is done and nothing is read here."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def init_app(app: Flask) -> None:
    app.before_request_funcs.setdefault(None, []).insert(1, _admit)
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.after_request(_harden)


def _admit() -> None:
    """Raises SignInNeededError for a stranger's upload, ForbiddenError for a form that another origin sends.

    To a browser plugins may be of our own site, so its rules for cookies do not tell them apart. Programs bring their
    token along and no origin.
    """
    if request.endpoint in UPLOADS:
        person()
    elif request.endpoint != "git.rpc":
        request.max_content_length = SMALL
    sender = request.headers.get("Origin")
    if sender is None or request.method in SAFE or is_program() or request.endpoint == PASSING_BY:
        return
    if urlsplit(sender).netloc != request.host:
        raise ForbiddenError(_("This form was sent from another site. Open the page here and send it again."))


def csp_nonce() -> str:
    """For the rare ``<style nonce>`` (a city's colour); new for each answer."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    found: str = g.csp_nonce
    return found


def _harden(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if response.mimetype == "text/html":
        headers.setdefault("Content-Security-Policy", _policy())
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Cache-Control", "no-store" if request.method == "POST" else "private, no-cache")
        headers.add("Vary", "Cookie, Accept-Language")
    elif request.endpoint == "static" and "v" in request.args:
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _policy() -> str:
    return POLICY.format(nonce=csp_nonce(), plugins=_plugins())


def _plugins() -> str:
    """Every host below the plugin domain, as a source of the policy."""
    return str(current_app.extensions["lumbung"].portal_origin("*"))
