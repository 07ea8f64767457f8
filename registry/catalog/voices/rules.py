"""What may be said, and how much of it. Pure: values in, a refusal's code or a clean value out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

USE_CASE, EXPERIENCE = (20, 1_000), (0, 2_000)
QUESTION, ANSWER, REASON = (10, 1_000), (2, 2_000), (5, 500)
"""Fewest and most characters of a text."""

MAX_URL = 300
EARLIEST = date(2000, 1, 1)
DAILY = 10
"""Questions a city may ask in 24 hours, and declarations it may write anew, of all apps together."""

_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+", re.IGNORECASE)


@dataclass(frozen=True)
class Said:
    """A declaration as an official writes it."""

    use_case: str
    instance_url: str = ""
    experience: str = ""
    since: date | None = None


def clean(text: str) -> str:
    """Without characters nobody sees, blank lines at most single."""
    lines = ["".join(letter for letter in line if letter.isprintable()).rstrip() for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def length_problem(text: str, bounds: tuple[int, int]) -> str | None:
    if len(text) < bounds[0]:
        return "short"
    return "long" if len(text) > bounds[1] else None


def url_problem(address: str) -> str | None:
    """Why the address of an instance is refused; "" is none at all."""
    if not address:
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return "url"
    if parts.scheme != "https":
        return "https"
    plain = address.isascii() and address.isprintable() and " " not in address and "\\" not in address
    host = parts.hostname or ""
    named = _HOST.fullmatch(host) and not host.rpartition(".")[2].isdigit() and not parts.username
    return None if plain and named and port in (None, 443) and len(address) <= MAX_URL else "url"


def since_problem(since: date | None, today: date) -> str | None:
    return None if since is None or EARLIEST <= since <= today else "since"


def problems(said: Said, today: date) -> dict[str, str]:
    """By field, the code of what is wrong with a declaration."""
    found = {
        "use_case": length_problem(said.use_case, USE_CASE),
        "experience": length_problem(said.experience, EXPERIENCE),
        "instance_url": url_problem(said.instance_url),
        "since": since_problem(said.since, today),
    }
    return {field: code for field, code in found.items() if code}
