"""Where in a bundle something was seen, in no language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """``what`` is a name in the code or of a kind (``os.system``, ``private key``); a whole file has no ``line``."""

    path: str
    line: int | None = None
    what: str = ""
