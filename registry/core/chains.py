"""Lines tied to each other: whoever kept one can tell whether a longer list still holds everything before it."""

from __future__ import annotations

import hashlib

START = "0" * 64
"""What the first line follows."""


class BrokenChainError(ValueError):
    """A line is not what the ones before make it; the message says where, in plain English for the console."""


def tied(before: str, body: str) -> str:
    """The chain of a line: SHA-256 (hex) of the chain of the line before, a line's end, and the line's own text."""
    return hashlib.sha256(f"{before}\n{body}".encode()).hexdigest()
