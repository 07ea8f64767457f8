"""What names, paths and addresses the forge accepts. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from registry.tenants.rules import slug_problem

GIT_PROTOCOL = re.compile(r"[0-9a-zA-Z]+=[0-9a-zA-Z]+(:[0-9a-zA-Z]+=[0-9a-zA-Z]+)*")
MAX_PATH, MAX_DEPTH, MAX_URL = 1_000, 20, 500
_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+-]{0,199}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")


def is_ref_name(text: str) -> bool:
    """A branch, tag or commit id as people give it; none of git's revision operators."""
    return bool(_REF.fullmatch(text)) and ".." not in text and "//" not in text and not text.endswith((".lock", "/"))


def is_safe_path(path: str) -> bool:
    """A file's path inside a bundle: relative, plain, not into git's own folder."""
    parts = path.split("/")
    if not path or len(path) > MAX_PATH or len(parts) > MAX_DEPTH or "\\" in path:
        return False
    if any(ord(letter) < 32 or 0x7F <= ord(letter) <= 0x9F or 0xD800 <= ord(letter) <= 0xDFFF for letter in path):
        return False
    return all(part not in ("", ".", "..") and part.lower() != ".git" and len(part.encode()) <= 255 for part in parts)


def app_slug(candidates: Collection[str]) -> str | None:
    """The first of the names that makes a host label, spaces and dots become dashes."""
    for name in candidates:
        slug = re.sub(r"[^a-z0-9]+", "-", name.strip().lower().removesuffix(".git")).strip("-")
        if slug_problem(slug) is None:
            return slug
    return None


def url_problem(url: str) -> str | None:
    """Why an address is not imported (a stable code), judged by its text alone."""
    if not url or len(url) > MAX_URL or any(ord(letter) <= 32 or ord(letter) > 126 for letter in url) or "\\" in url:
        return "malformed"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "malformed"
    if parts.scheme != "https":
        return "scheme"
    if "@" in parts.netloc:
        return "userinfo"
    if not parts.hostname or not _HOST.fullmatch(parts.hostname) or parts.query or parts.fragment:
        return "malformed"
    return "port" if port not in (None, 443) else None


def host_of(url: str) -> str:
    """The host of an address `url_problem` found nothing wrong with."""
    return urlsplit(url).hostname or ""
