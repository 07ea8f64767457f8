"""``[needs]`` of lumbung.toml: what an app takes beside a machine, said before anybody adopts it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from registry.catalog.inspection import values

BUDGETS = ("none", "small", "medium", "large")
LANGUAGES = ("id", "en")
TEXT = (10, 400)
"""Characters of one answer in one language: a sentence or three, no leaflet."""


def _told(value: object) -> dict[str, str]:
    if not isinstance(value, dict) or set(value) != set(LANGUAGES):
        raise values.ValueProblemError(_('Write it in both languages: people.id = "…" and people.en = "…".'))
    texts = {tag: " ".join(text.split()) if isinstance(text, str) else "" for tag, text in value.items()}
    if not all(TEXT[0] <= len(text) <= TEXT[1] and text.isprintable() for text in texts.values()):
        message = _("Each language takes %(least)d to %(most)d printable characters.", least=TEXT[0], most=TEXT[1])
        raise values.ValueProblemError(message)
    return texts


KEYS: Mapping[str, Callable[[object], Any]] = {
    "budget": values.choice(*BUDGETS),
    "people": _told,
    "infrastructure": _told,
    "data": _told,
}


def missing(table: Mapping[str, object]) -> list[str]:
    """What the table lacks, in words for its author: who reads half of the needs would believe them whole."""
    lacking = [key for key in KEYS if key not in table]
    return [_("Say also: %(keys)s. The table is whole or not there.", keys=", ".join(lacking))] if lacking else []
