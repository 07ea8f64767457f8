"""Answers that cost nothing while the catalog is as it was: a tag of its version stands for all the bytes.

The tag is strong: it is made of the catalog's version (`registry.catalog.state`), the address, the installation's own
origin and the programme's code that writes the answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Response, current_app, request

from registry.catalog.state import Version
from registry.core.clock import now

YOUNG = timedelta(seconds=10)
"""Last-Modified knows seconds only: a change this fresh could be followed by another of the same second."""

FRESHNESS = "public, no-cache"
"""Anybody may keep it, and asks before using it again."""

SHARED = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Last-Modified"}
"""Pages of other sites may read it: it is the same for everybody, whoever is signed in."""


def _code() -> str:
    room = Path(__file__).parent.parent
    parts = (path.read_bytes() for path in sorted(room.rglob("*.py")))
    return hashlib.sha256(b"".join(parts)).hexdigest()


CODE = _code()


def tag(version: Version, address: str | None = None) -> str:
    """Of what is asked for now, or of an ``address`` of its own."""
    asked = address if address is not None else f"{request.path}?{request.query_string.decode('latin-1')}"
    origin = current_app.extensions["lumbung"].origin
    return hashlib.sha256("\0".join((str(version), asked, origin, CODE)).encode()).hexdigest()[:32]


def modified(version: Version) -> datetime | None:
    """What Last-Modified may say; None while it would promise too much."""
    return version.changed_at if now() - version.changed_at >= YOUNG else None


def unchanged(version: Version) -> Response | None:
    """The answer 304 when who asks has these bytes already."""
    if not _is_known(version):
        return None
    return finished(Response(status=304), version)


def finished(response: Response, version: Version) -> Response:
    """With its tag and how long it may be kept."""
    response.set_etag(tag(version))
    response.headers["Cache-Control"] = FRESHNESS
    response.headers.update(SHARED)
    since = modified(version)
    if since is not None:
        response.last_modified = since
    return response


def answer(version: Version | None, make: Callable[[], dict[str, Any]]) -> Any:
    """For the API: 304, or what ``make`` gives with its tag. No tag when nobody can say of which version it is."""
    if version is None:
        return make()
    return unchanged(version) or (make(), 200, headers(version))


def headers(version: Version) -> dict[str, str]:
    """The same for an answer that somebody else puts together."""
    made = finished(Response(), version).headers
    return {name: made[name] for name in ("ETag", "Cache-Control", "Last-Modified", *SHARED) if name in made}


def _is_known(version: Version) -> bool:
    if request.method not in ("GET", "HEAD"):
        return False
    known = request.if_none_match
    if known:
        return not known.star_tag and known.contains_weak(tag(version))
    since, mine = request.if_modified_since, modified(version)
    return since is not None and mine is not None and mine.replace(microsecond=0) <= since
