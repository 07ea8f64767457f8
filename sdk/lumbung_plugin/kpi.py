"""What the plugin says of its work: numbers the city sees beside its other figures. No personal data here."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lumbung_plugin import outside

Good = Literal["up", "down", ""]


@dataclass(frozen=True)
class Figure:
    """One number. `name` has small letters, digits, `.`, `_` and `-` (`laporan.baru`); `at` needs a timezone.

    The last value of each day is kept; at most 50 names per plugin. `good` says which direction is better, `""` when
    neither is.
    """

    name: str
    value: float
    unit: str = ""
    label_id: str = ""
    label_en: str = ""
    at: datetime | None = None
    good: Good = ""


def report(*figures: Figure) -> bool:
    """Tell the city; True when it was taken, False when the plugin runs alone. Raises Refused, OutsideError."""
    body = json.dumps([_told(figure) for figure in figures]).encode()
    try:
        outside.checked(outside.ask("POST", "/kpi", body, {"Content-Type": "application/json"}))
    except outside.Alone:
        return False
    return True


def _told(figure: Figure) -> dict[str, object]:
    told: dict[str, object] = {"name": figure.name, "value": figure.value, "unit": figure.unit}
    told["label"] = {"id": figure.label_id, "en": figure.label_en}
    if figure.at is not None:
        told["at"] = figure.at.isoformat()
    return told
