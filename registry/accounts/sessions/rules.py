"""How long a browser stays signed in, and what is kept of it. Pure: values in, values out."""

from __future__ import annotations

import ipaddress
import re
from datetime import datetime, timedelta

LONGEST, IDLE = timedelta(days=30), timedelta(days=7)
"""Since signing in, and since the browser was last seen. NIST SP 800-63B 7.2 asks for a limit of each kind."""

SEEN_EVERY = timedelta(minutes=5)
"""Not every request writes down that the browser was seen."""

FRESH = timedelta(minutes=15)
"""For so long a delicate act need not be confirmed again."""

MAX_AGENT = 500
BROWSERS = (
    (r"Edg(e|A|iOS)?/", "Edge"), (r"OPR/|Opera", "Opera"), (r"SamsungBrowser/", "Samsung Internet"),
    (r"Firefox/|FxiOS/", "Firefox"), (r"HeadlessChrome/|Chrome/|CriOS/|Chromium/", "Chrome"), (r"Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    (r"iPhone|iPad|iPod", "iOS"), (r"Android", "Android"), (r"Windows", "Windows"), (r"CrOS", "ChromeOS"),
    (r"Mac OS X|Macintosh", "macOS"), (r"Linux|X11", "Linux"),
)  # fmt: skip
"""In this order: later browsers and systems are named in the lines of earlier ones too."""


def is_alive(signed_in_at: datetime, seen_at: datetime, at: datetime) -> bool:
    return at - signed_in_at < LONGEST and at - seen_at < IDLE


def ends_at(signed_in_at: datetime, seen_at: datetime) -> datetime:
    """When the session ends if its browser stays away from now on."""
    return min(signed_in_at + LONGEST, seen_at + IDLE)


def is_fresh(confirmed_at: datetime, at: datetime) -> bool:
    return at - confirmed_at < FRESH


def family(agent: str) -> tuple[str, str]:
    """Browser and system of a ``User-Agent``, each a name or "". A line like it tells nobody anything certain."""
    line = agent[:MAX_AGENT]
    return _first(BROWSERS, line), _first(SYSTEMS, line)


def shortened(address: str) -> str:
    """The network an address lies in: enough to recognise the own place, too little to find a person."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    found = getattr(found, "ipv4_mapped", None) or found
    return str(ipaddress.ip_network(f"{found}/{24 if found.version == 4 else 48}", strict=False))


def _first(patterns: tuple[tuple[str, str], ...], line: str) -> str:
    return next((name for pattern, name in patterns if re.search(pattern, line)), "")
