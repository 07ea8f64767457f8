"""The words an entry is found by, as they are kept in the database: one line for each place they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from registry.catalog.search.lexicon import words

LINES = ("name", "title", "summary", "features", "text")
MAX_WORDS = 4_000
"""Different words of one line; the longest description the standard allows has about 1,500."""


def terms(slug: str, facts: Mapping[str, Any]) -> str:
    """Of a parsed publiccode.yml, all languages together: the words of each of ``LINES``, each word once."""
    texts = [known for known in facts.get("description", {}).values() if isinstance(known, Mapping)]
    lines: dict[str, Iterable[str]] = {
        "name": [slug, str(facts.get("name", ""))],
        "title": [str(known.get("localisedName") or "") for known in texts],
        "summary": [str(known.get("shortDescription") or "") for known in texts],
        "features": [str(feature) for known in texts for feature in known.get("features") or ()],
        "text": [str(known.get("longDescription") or "") for known in texts],
    }
    return "\n".join(_line(lines[name]) for name in LINES)


def _line(parts: Iterable[str]) -> str:
    return " ".join(list(dict.fromkeys(words(" ".join(parts).replace("\0", " "))))[:MAX_WORDS])
