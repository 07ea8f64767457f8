"""The city's settings, also outside the application (tasks have none)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lumbung_plugin import settings

BUNDLE = Path(__file__).parents[1]


def chosen() -> Mapping[str, Any]:
    """What the administrator chose, over the defaults of `config.schema.json`."""
    return settings(BUNDLE)
