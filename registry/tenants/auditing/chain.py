"""The audit log as text: one JSON object a line, each tied to the one before. Pure.

``chain`` is the SHA-256 (hex) of the chain of the line before, a line's end, and the object without its ``chain`` as
JSON with sorted keys, no spaces and nothing escaped that need not be. The first line follows 64 zeros.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from registry.core.chains import START, BrokenChainError, tied

FACTS = ("id", "tenant", "at", "actor_id", "actor", "action", "subject", "detail", "request_id")
MAX_LINE = 1_000_000


@dataclass(frozen=True)
class Head:
    """Where a chain stands: its newest line."""

    number: int
    chain: str


EMPTY = Head(0, START)


def body(number: int, facts: Mapping[str, Any]) -> str:
    """The text a line's chain is made of; ``facts`` has the keys of `FACTS`, ``at`` with a zone."""
    told = {name: facts[name] for name in FACTS}
    told |= {"number": number, "at": moment(facts["at"])}
    return canonical(told)


def canonical(told: Mapping[str, Any]) -> str:
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def line(text: str, chain: str) -> str:
    """A line as it is exported: what was tied, and its chain at the end."""
    return f'{text[:-1]},"chain":"{chain}"}}'


def read(lines: Iterable[str]) -> Iterator[tuple[Head, dict[str, Any]]]:
    """Each line of an exported log and what it tells. Raises BrokenChainError at the first that does not fit."""
    head = EMPTY
    for text in lines:
        number = head.number + 1
        told = _told(number, text)
        chain = told.pop("chain", None)
        if told.get("number") != number:
            raise BrokenChainError(f"line {number} is missing: number {told.get('number')} stands in its place")
        if chain != tied(head.chain, canonical(told)):
            raise BrokenChainError(f"line {number} was changed, or one before it was")
        head = Head(number, chain)
        yield head, told


def _told(number: int, text: str) -> dict[str, Any]:
    try:
        told = json.loads(text) if len(text) <= MAX_LINE else None
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise BrokenChainError(f"line {number} cannot be read")
    return told


def whole(lines: Iterable[str]) -> Head:
    """The newest line of an exported log that holds. Raises BrokenChainError."""
    return grown(EMPTY, lines)


def grown(earlier: Head, lines: Iterable[str]) -> Head:
    """The newest line of a log that still holds the one kept of it. Raises BrokenChainError."""
    head = EMPTY
    for head, _told_there in read(lines):
        if head.number == earlier.number and head.chain != earlier.chain:
            raise BrokenChainError(f"line {head.number} is not the one that was kept")
    if head.number < earlier.number:
        raise BrokenChainError(f"the log ends at line {head.number}; line {earlier.number} was kept of it")
    return head
