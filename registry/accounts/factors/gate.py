"""Who must have a second factor and shows none gets no further than to setting one up, or to showing it."""

from __future__ import annotations

from flask import Flask, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from registry.accounts import rules as accounts_rules
from registry.accounts.access import is_program, person
from registry.accounts.factors import service
from registry.accounts.sessions import door
from registry.accounts.sessions.door import NotFreshError
from registry.core.errors import ForbiddenError

ROOMS = frozenset({"factors", "sessions"})
OPEN = frozenset({"static", "accounts.account", "accounts.language", "accounts.password", "accounts.sign_out",
                  "accounts.sign_out_everywhere"})  # fmt: skip
"""Besides the pages of these rooms."""


def init_app(app: Flask) -> None:
    app.before_request(_hold)
    app.register_error_handler(NotFreshError, _confirm)


def _hold() -> Response | None:
    if request.blueprint in ROOMS or request.endpoint in OPEN or is_program() or not current_user.is_authenticated:
        return None
    found = door.here()
    if (found and found.strong) or not service.required_for(person()):
        return None
    has = service.has_any(person())
    if request.method not in ("GET", "HEAD"):
        raise ForbiddenError(_("Your role needs a second factor. Set one up, then do this again."))
    page = "factors.confirm" if has else "factors.security"
    return redirect(url_for(page, next=accounts_rules.local_path(request.full_path.rstrip("?"))))


def _confirm(_error: NotFreshError) -> Response:
    """To the page where one confirms, and back; what was sent is not kept."""
    if request.method == "GET":
        return redirect(url_for("factors.confirm", next=request.full_path.rstrip("?")))
    flash(_("Confirm first that it is you, then do it once more."), "info")
    return redirect(url_for("factors.confirm", next=_page_before()), 303)


def _page_before() -> str:
    """The page whose form was sent, when it is one of ours."""
    sent_from = (request.referrer or "").removeprefix(request.host_url.rstrip("/"))
    return accounts_rules.local_path(sent_from, url_for("factors.security"))
