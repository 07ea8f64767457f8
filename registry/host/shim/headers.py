"""What may pass between client and plugin: identity comes from the shim alone, answers stay on their own
origin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, MutableMapping
from typing import Any

Header = tuple[str, str]

PERSON_COOKIE = "__Host-lumbung"
RESERVED_COOKIES = frozenset({PERSON_COOKIE.lower(), "lumbung_session", "session_lumbung"})
MAX_COOKIES, MAX_COOKIE, MAX_COOKIE_BYTES = 30, 4096, 16_384
"""Of one answer: a browser sends them all back, and a request's headers may have 32 KB."""
MAX_HEADERS, MAX_HEADER = 100, 8190

_NAME = re.compile(r"HTTP_[A-Z0-9_]+")
_IDENTITY = re.compile(
    r"HTTP_(X_(LUMBUNG|REMOTE|AUTH|AUTHENTICATED|WEBAUTH|SANDSTORM|CLIENT_CERT|SSL)(_.*)?"
    r"|(X_)?(.*_)?(USER|USERNAME|USER_ID|USERID|EMAIL|TENANT|ROLE|ROLES|GROUP|GROUPS|PERSON|IDENTITY)"
    r"|REMOTE_.*|SSL_CLIENT.*|PROXY)"
)
_NOT_IDENTITY = frozenset({"HTTP_HOST"})
_HOP = frozenset({"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"})
_REFUSED = frozenset(
    {"x-sendfile", "alt-svc", "strict-transport-security", "service-worker-allowed", "public-key-pins", "server",
     "clear-site-data", "nel", "report-to", "reporting-endpoints", "set-cookie2"}
)  # fmt: skip
"""They reach beyond the plugin's origin (Clear-Site-Data: cookies go for the whole registrable domain), outlive it, or
tell outsiders who visits."""

_REFUSED_PREFIXES = ("x-accel-", "x-lumbung-", "x-lighttpd-")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NAME_OUT = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_STATUS = re.compile(r"[2-5][0-9][0-9] [ -~\xa0-\xff]*")
_CALL = "lumbung "


def strip_identity(environ: MutableMapping[str, Any]) -> None:
    """Remove everything by which a client could pose as somebody, in every spelling WSGI knows.

    Names with characters other than letters, digits and hyphens are removed too: frameworks disagree on them.
    """
    for key in list(environ):
        if key.startswith("HTTP_"):
            if not _NAME.fullmatch(key) or (_IDENTITY.fullmatch(key) and key not in _NOT_IDENTITY):
                del environ[key]
        elif key.startswith(("REMOTE_USER", "REMOTE_GROUP", "X_REMOTE_", "AUTH_TYPE", "SSL_CLIENT")):
            del environ[key]
    for hop in ("HTTP_CONNECTION", "HTTP_TE", "HTTP_UPGRADE", "HTTP_KEEP_ALIVE", "HTTP_TRAILER"):
        environ.pop(hop, None)


def take_cookie(environ: MutableMapping[str, Any]) -> str | None:
    """Remove the person's token from the Cookie header and return it; None without one, or with several."""
    kept, found = [], []
    for part in str(environ.get("HTTP_COOKIE", "")).split(";"):
        name, _, value = part.strip().partition("=")
        if name.strip().lower() == PERSON_COOKIE.lower():
            found.append((name, value))
        elif part.strip():
            kept.append(part.strip())
    if kept:
        environ["HTTP_COOKIE"] = "; ".join(kept)
    else:
        environ.pop("HTTP_COOKIE", None)
    return found[0][1] if len(found) == 1 and found[0][0] == PERSON_COOKIE else None


def take_call(environ: MutableMapping[str, Any]) -> str | None:
    """Remove a sibling's token (``Authorization: Lumbung …``) and return it; other schemes are the plugin's own."""
    given = str(environ.get("HTTP_AUTHORIZATION", ""))
    if not given.strip().lower().startswith(_CALL.strip()):
        return None
    del environ["HTTP_AUTHORIZATION"]
    return given.strip()[len(_CALL) :].strip()


def clean_status(status: str) -> str:
    """The plugin's status, or 502 for one that is none: 101 would hand over the connection, a line break the answer."""
    return status if _STATUS.fullmatch(status) else "502 Bad Gateway"


def clean_answer(headers: Iterable[Header], revision: int) -> list[Header]:
    """The plugin's headers without those that reach beyond its origin, and with ours."""
    answer: list[Header] = []
    cookies = cookie_bytes = 0
    for name, value in headers:
        if len(answer) >= MAX_HEADERS or not _allowed(name, value):
            continue
        if name.lower() == "set-cookie":
            cookies, cookie_bytes = cookies + 1, cookie_bytes + len(value)
            if cookies > MAX_COOKIES or cookie_bytes > MAX_COOKIE_BYTES:
                continue
        answer.append((name, value))
    if not any(name.lower() == "x-content-type-options" for name, _ in answer):
        answer.append(("X-Content-Type-Options", "nosniff"))
    answer.append(("X-Lumbung-Revision", str(revision)))
    return answer


def _allowed(name: str, value: str) -> bool:
    low = name.lower()
    if len(value) > MAX_HEADER or not _NAME_OUT.fullmatch(name) or _CONTROL.search(value.replace("\t", " ")):
        return False
    if low in _HOP or low in _REFUSED or low.startswith(_REFUSED_PREFIXES):
        return False
    return low != "set-cookie" or _cookie_allowed(value)


def _cookie_allowed(value: str) -> bool:
    first, *attributes = value.split(";")
    name = first.partition("=")[0].strip().lower()
    if not name or name in RESERVED_COOKIES or len(value) > MAX_COOKIE:
        return False  # one without a name comes back as whatever its value spells
    return not any(attribute.partition("=")[0].strip().lower() == "domain" for attribute in attributes)
