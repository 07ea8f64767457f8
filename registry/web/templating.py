"""What every template may call: icons, files with a fingerprint, links that know where they are."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, current_app, request, url_for
from flask_login import current_user
from markupsafe import Markup

from registry.accounts.models import User
from registry.tenants import access, rules
from registry.tenants.models import City

STATIC = Path(__file__).parent / "static"
ICONS = STATIC / "vendor" / "icons"
ICON_NAME = re.compile(r"[a-z0-9-]{1,60}")


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        svg_icon=svg_icon, asset=asset, has_endpoint=has_endpoint, is_here=is_here, page_url=page_url, who=who,
        is_maintainer=is_maintainer, has_console=has_console, may=access.may, portal_url=portal_url,
    )  # fmt: skip
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


@lru_cache(maxsize=512)
def svg_icon(name: str, label: str | None = None) -> Markup:
    """A bootstrap-icon as inline SVG: decoration, unless it is given a label. Empty when it is not installed."""
    path = ICONS / f"{name}.svg"
    if not ICON_NAME.fullmatch(name) or not path.is_file():
        return Markup("")
    role = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    inner = re.sub(r"^<svg[^>]*>|</svg>\s*$", "", path.read_text().strip())
    frame = Markup('<svg class="icon" viewBox="0 0 16 16" width="1em" height="1em" fill="currentColor" {}>{}</svg>')
    return frame.format(role, Markup(inner))  # noqa: S704 a file of a pinned package


def asset(path: str) -> str:
    """The address of a static file with a fingerprint of its content, so that it may be cached for long."""
    return url_for("static", filename=path, v=_fingerprint(path))


def _fingerprint(path: str) -> str | None:
    file = STATIC / path
    return _digest(file, file.stat().st_mtime_ns) if file.is_file() else None


@lru_cache(maxsize=256)
def _digest(file: Path, _changed: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def has_endpoint(endpoint: str) -> bool:
    return endpoint in current_app.view_functions


def is_here(endpoint: str, section: str | None = None) -> bool:
    """Whether the page shown is this endpoint, or one whose endpoint begins with its section."""
    here = request.endpoint or ""
    return here == endpoint or bool(section and (here.startswith(section) or here.startswith(f"tenants.{section}")))


def page_url(number: int) -> str:
    """This page's address with another ``page`` in its query."""
    query = [(key, value) for key, value in request.args.items(multi=True) if key != "page"]
    return "?" + urlencode([*query, ("page", str(number))])


def who() -> User | None:
    """The signed-in person, for the header."""
    return current_user._get_current_object() if current_user and current_user.is_authenticated else None


def is_maintainer() -> bool:
    return any(membership.role == rules.MAINTAINER for membership in access.memberships())


def has_console() -> bool:
    """Whether the person has a city to work in."""
    return any(rules.allows("city.see", {membership.role}) for membership in access.memberships())


def portal_url(city: City) -> str:
    return str(current_app.extensions["lumbung"].portal_origin(city.slug)) + "/"
