"""What a token may be used for, and which scope each part of the API asks for. One table, asked at one place."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, g, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from registry.core.errors import ForbiddenError

READ, EVERYTHING = "read", "everything"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

SCOPES: Mapping[str, LazyString] = {
    READ: _l("Read what you may read, change nothing"),
    "forks": _l("Push to your city's forks, sync them, propose changes"),
    "plugins": _l("Run your city's plugins: deploy, configure, upgrade, back up"),
    "choosing": _l("Shortlist, questions and declarations about apps"),
    "people": _l("People and their roles"),
    "agreements": _l("The city's sign-up, agreements, handovers and assistance"),
    "catalog.publish": _l("Publish apps and releases, push to originals"),
    "programme": _l("Decide for the programme: admit cities, waves of upgrades"),
    EVERYTHING: _l("Everything you may do, the account and other tokens too"),
}
"""A token does what its holder may do, within its scopes. In the order in which people choose."""

TOLD = (
    "A person's token: it does what the person may do, within its scopes. Each operation names those that will do; "
    f'`{EVERYTHING}` always does. Another token is refused with 403 and `error="insufficient_scope"`. Scopes: '
    + ", ".join(f"`{scope}`" for scope in SCOPES)
)
"""In the API's own document."""

AREAS: Mapping[str, str] = {
    "api_following": "forks",
    "api_proposals": "forks",
    "api_repositories": "forks",
    "api_serving": "forks",
    "api_storage": "forks",
    "api_forge.create_fork": "forks",
    "api_hosting": "plugins",
    "api_operations": "plugins",
    "api_backups": "plugins",
    "api_connect": "plugins",
    "api_monitor": "plugins",
    "api_choosing": "choosing",
    "api_voices": "choosing",
    "api_people": "people",
    "api_joining": "agreements",
    "api_agreements": "agreements",
    "api_handovers": "agreements",
    "api_assistance": "agreements",
    "api_forge": "catalog.publish",
    "api_proving": "catalog.publish",
    "api_trust": "catalog.publish",
    "api_file.describe_app": "catalog.publish",
    "api_following.mark_security": "catalog.publish",
    "api_serving.create_app_token": "catalog.publish",
    "api_serving.revoke_app_token": "catalog.publish",
    "api_operations.start_wave": "programme",
    "api_operations.change_wave": "programme",
    "api_joining.ask": "programme",
    "api_joining.check": "programme",
    "api_joining.admit": "programme",
    "api_joining.decline": "programme",
    "api_joining.take_in": "programme",
    "api_joining.renumber": "programme",
    "api_programme": "programme",
    "api_people.invite_maintainer": "programme",
    "api_people.resend_to_maintainer": "programme",
    "api_people.withdraw_from_maintainer": "programme",
    "api_people.dismiss_maintainer": "programme",
    "api_people.list_maintainers": "programme",
}
"""Blueprint, or one of its endpoints → the scope that changes things there. What is not named asks for everything:
the account itself, a city's own sign-in, whole archives, webhooks, and what is new and nobody thought of.
"""

PUBLIC = frozenset({"api_catalog", "api_file", "api_trust", "api_proposals", "api_tenants", "api-docs",
                    "software_catalog", "software_catalog_rest", "software-catalog-api-docs"})  # fmt: skip
"""Reading here is free for everybody, so for every token; as is all of git's (which asks by itself for a push), to have
a publiccode.yml checked, and to end the very token.
"""
FREE = frozenset({"api_file.check", "api_accounts.OneAccountToken"})


class ScopeNeededError(ForbiddenError):
    """The holder may, this token may not. RFC 6750, 3.1: the answer names the ``scope`` that would do."""

    code = "scope-needed"

    def __init__(self, scope: str) -> None:
        told = _("This token may not do that: it needs the scope “%(scope)s”. Make one with it on your account page.",
                 scope=scope)  # fmt: skip
        super().__init__(told)
        self.headers = {"WWW-Authenticate": f'Bearer realm="Lumbung", error="insufficient_scope", scope="{scope}"'}


def init_app(app: Flask) -> None:
    app.before_request(_guard)


def needed(endpoint: str, method: str) -> tuple[str, ...]:
    """Any one of these scopes will do; none is asked for when there are none. `EVERYTHING` always does."""
    blueprint = endpoint.partition(".")[0]
    if endpoint in FREE or (method in SAFE and blueprint in PUBLIC):
        return ()
    area = AREAS.get(endpoint) or AREAS.get(blueprint) or EVERYTHING
    return (READ, area) if method in SAFE else (area,)


def demand(scope: str) -> None:
    """Raises ScopeNeededError when the request came with a token that has neither this scope nor everything."""
    held = of_request()
    if held is not None and scope not in held and EVERYTHING not in held:
        raise ScopeNeededError(scope)


def of_request() -> frozenset[str] | None:
    """The scopes of the token that was shown; None for a browser's session and for a visitor."""
    token = g.get("token")
    return None if token is None else frozenset(token.scopes)


def _guard() -> None:
    """At the door of the API, whatever is behind it. git asks by itself: reading there is free."""
    held = of_request()
    if held is None or request.endpoint is None or request.blueprint == "git":
        return
    wanted = needed(request.endpoint, request.method)
    if wanted and EVERYTHING not in held and held.isdisjoint(wanted):
        raise ScopeNeededError(wanted[0])
