"""Absolute addresses for what leaves the page: QR codes, copied links, exports."""

import os

from flask import request, url_for


def public_url(endpoint: str, **values: object) -> str:
    """The address of a view as the public sees it.

    Inside Lumbung it is built on `PLUGIN_ORIGIN`, never on the Host header; alone, on the present request.
    """
    path = url_for(endpoint, **values)  # type: ignore[arg-type]
    origin = os.environ.get("PLUGIN_ORIGIN") or request.host_url
    return origin.rstrip("/") + path
