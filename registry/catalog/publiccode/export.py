"""publiccode.yml as the registry hands it out: the publisher's file with the facts that only the registry knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from registry.catalog.publiccode.rewriting import rewrite


def exported(text: str, users: Sequence[str], version: str = "", day: date | None = None) -> str:
    """``text`` with ``usedBy`` set to ``users``, whatever it said itself, and the newest release as version and date.

    Nothing proves a list that is typed by hand (see the standard's own discussion of ``usedBy``), and versions in a
    file go stale between releases; without a release both stay as they are.
    """
    changes: dict[str, Any] = {"usedBy": list(users)}
    if version:
        changes["softwareVersion"] = version
    if version and day:
        changes["releaseDate"] = day.isoformat()
    return rewrite(text, changes)
