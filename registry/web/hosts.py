"""Whose address was asked: the registry's, a city's portal, or a plugin the edge could not reach.

A city's host is turned into an inner path before routing: ``/_portal/{city}/…`` and ``/_plugin/{city}/{name}/…``.
Nobody outside can ask for those paths.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from registry.config import HOST_NAME, Settings

LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
NUMBERS = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){3}")
"""An IPv4 address names no city: who asks by number means the registry."""
LINK = re.compile(rf"\.\./plugins/({LABEL.pattern})/({LABEL.pattern})\.sock")
"""Where a city's own host name leads: the plugin host makes it for names whose owner was checked."""
INNER = ("/_portal", "/_plugin", "/_nowhere")
OPEN_EVERYWHERE = ("/healthz", "/readyz", "/metrics")
"""Asked by whoever watches the process, by whatever name they know it."""


def init_app(app: Flask) -> None:
    settings: Settings = app.extensions["lumbung"]
    outer = app.wsgi_app
    if isinstance(outer, ProxyFix):
        outer.app = Dispatch(outer.app, settings)
    else:
        app.wsgi_app = Dispatch(outer, settings)  # type: ignore[method-assign]


class Dispatch:
    """WSGI middleware; works on the host that the proxy was asked for, so it stands inside of ProxyFix."""

    def __init__(self, app: Callable[..., Iterable[bytes]], settings: Settings) -> None:
        self.app, self.settings = app, settings

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        environ["lumbung.path"] = path
        inner = inner_path(environ.get("HTTP_HOST", ""), path, self.settings)
        if inner in OPEN_EVERYWHERE or inner.startswith("/_nowhere"):
            # A name nobody has need not even be a name: routing would stumble over it.
            environ["HTTP_HOST"] = self.settings.registry_host
        environ["PATH_INFO"] = inner
        return self.app(environ, start_response)


def inner_path(host: str, path: str, settings: Settings) -> str:
    """The path routing sees for a request to ``host``; ``/_nowhere/…`` is not found."""
    clean = path if path.startswith("/") else f"/{path}"
    if clean in OPEN_EVERYWHERE:
        return clean
    name = _name(host)
    if name == settings.registry_host or NUMBERS.fullmatch(name):
        return f"/_nowhere{clean}" if clean.startswith(INNER) else clean
    own = _own_domain(name, settings)
    if own:
        return f"/_plugin/{own[0]}/{own[1]}{clean}"
    labels = name.removesuffix(f".{settings.plugin_domain}").split(".") if _is_below(name, settings) else []
    if not labels or len(labels) > 2 or not all(LABEL.fullmatch(label) for label in labels):
        return f"/_nowhere{clean}"
    if len(labels) == 1:
        return clean if clean.startswith("/static/") else f"/_portal/{labels[0]}{clean}"
    plugin, city = labels
    return f"/_plugin/{city}/{plugin}{clean}"


def _name(host: str) -> str:
    return host.partition(":")[0].rstrip(".").lower()


def _own_domain(name: str, settings: Settings) -> tuple[str, str] | None:
    """City and plugin of a city's own host name. The link is there also while the plugin is off."""
    if not name or len(name) > settings.longest_domain or not HOST_NAME.fullmatch(name):
        return None
    try:
        link = LINK.fullmatch(os.readlink(settings.domain_socket(name)))
    except OSError:
        return None
    return (link.group(1), link.group(3)) if link else None


def _is_below(name: str, settings: Settings) -> bool:
    return name.endswith(f".{settings.plugin_domain}")
