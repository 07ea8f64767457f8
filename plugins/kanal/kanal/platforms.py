"""The services accounts are kept at, and the one spelling of a handle."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

DATA = Path(__file__).parent / "data" / "platforms.json"
LONGEST = 200


@dataclass(frozen=True)
class Platform:
    """One service; `short` is what stands in its tile, `handle` a pattern of what can be a handle there."""

    code: str
    name: str
    short: str
    hosts: tuple[str, ...]
    profile: str
    handle: str

    def address(self, handle: str) -> str:
        """The public page of an account."""
        return self.profile.format(handle=handle)


PLATFORMS = {
    one["code"]: Platform(**{**one, "hosts": tuple(one["hosts"])})
    for one in json.loads(DATA.read_text(encoding="utf-8"))["platforms"]
}


def handle(platform: str, text: str) -> str | None:
    """The handle in one spelling (`@Diskominfo ` and `https://x.com/diskominfo` are `diskominfo`); None: it is none.

    An address of another service than `platform` is no handle there.
    """
    known, plain = PLATFORMS.get(platform), text.strip()[:LONGEST]
    if known is None:
        return None
    if "/" in plain:
        found = of_address(plain)
        return found[1] if found and found[0] == platform else None
    plain = plain.removeprefix("@")
    return plain.lower() if re.fullmatch(known.handle, plain) else None


def of_address(text: str) -> tuple[str, str] | None:
    """(platform, handle) of an account's address, with or without https://; None when it is none we know."""
    plain = text.strip()[:LONGEST]
    try:
        parts = urlsplit(plain if "://" in plain else f"https://{plain}")
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("mobile.")
    except ValueError:
        return None
    first = parts.path.strip("/").split("/")[0]
    for one in PLATFORMS.values():
        if host in one.hosts and parts.scheme in ("http", "https"):
            found = handle(one.code, first) if first else None
            return (one.code, found) if found else None
    return None


def web_address(text: str) -> str | None:
    """An http(s) address fit to be a link; None for anything else (javascript:, credentials, blanks)."""
    plain = text.strip()
    if len(plain) > 500 or re.search(r"[\s<>\"\x00-\x1f]", plain):
        return None
    try:
        parts = urlsplit(plain)
    except ValueError:
        return None
    return plain if parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc else None
