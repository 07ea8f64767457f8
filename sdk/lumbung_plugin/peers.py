"""What siblings of the same city tell in a form this library knows, read and checked.

A sibling is another city's variant as often as it is the original: what it answers is believed field by field.
"""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lumbung_plugin import siblings
from lumbung_plugin.kpi import Figure, Good
from lumbung_plugin.outside import SiblingAway

CAPABILITY = "kpi.read"
MAX_FIGURES = 50
SECONDS = 10.0
GOOD: dict[object, Good] = {"up": "up", "down": "down"}


def figures_of(app: str, *, seconds: float = SECONDS) -> list[Figure]:
    """The figures `app` serves at its `/_kpi`; those that are no figures are left out. Waits at most
    `seconds`.

    Needs `uses = ["app:kpi.read"]` and consent. Raises NotGranted, SiblingAway (also when it answers an error or
    something else than figures: `code` is "sibling-unclear"), QuotaUsed, OutsideError; each has `words`.
    """
    reply = siblings.ask(app, CAPABILITY, seconds=seconds)
    try:
        told = reply.json() if reply.status == 200 else None
    except (ValueError, RecursionError):
        told = None
    listed = told.get("figures") if isinstance(told, Mapping) else None
    if not isinstance(listed, list):
        raise SiblingAway(f"{app} answers {reply.status} and no figures", "sibling-unclear")
    read = (_figure(one) for one in listed[:MAX_FIGURES])
    return [figure for figure in read if figure is not None]


def _figure(told: Any) -> Figure | None:
    if not isinstance(told, Mapping):
        return None
    name, value, at = _text(told.get("name"), 40), told.get("value"), _moment(told.get("at"))
    if not name or isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    label = told.get("label")
    label_id, label_en = (_text(label.get(key), 80) for key in ("id", "en")) if isinstance(label, Mapping) else ("", "")
    good = told.get("good")
    direction: Good = GOOD.get(good, "") if isinstance(good, str) else ""
    return Figure(name, value, _text(told.get("unit"), 20), label_id, label_en, at, direction)


def _text(told: Any, longest: int) -> str:
    return told[:longest] if isinstance(told, str) and told.isprintable() else ""


def _moment(told: Any) -> datetime | None:
    """A time with its zone; nothing else can be compared with others."""
    try:
        at = datetime.fromisoformat(told)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else None
