"""The values of config.schema.json, checked once more and bounded: the file may be edited by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from antrian.rules import clock_minutes

RANGES: dict[str, tuple[int, int]] = {
    "days_ahead": (0, 60),
    "per_visitor": (1, 10),
    "last_minutes": (0, 120),
    "nearly": (1, 20),
    "refresh_seconds": (5, 120),
    "slot_minutes": (10, 480),
}
CLOCKS = ("open_from", "open_until", "break_from", "break_until")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a city chose; every field has the default that config.schema.json names."""

    place: str = ""
    announcement: str = ""
    days_ahead: int = 7
    per_visitor: int = 2
    last_minutes: int = 10
    nearly: int = 3
    refresh_seconds: int = 10
    open_from: str = "08:00"
    open_until: str = "15:00"
    break_from: str = "12:00"
    break_until: str = "13:00"
    slot_minutes: int = 60


def read(values: Mapping[str, Any]) -> Settings:
    """Settings from the configuration; a value that is absent, of another type or out of range is the default."""
    return Settings(
        **{field.name: values[field.name] for field in fields(Settings) if _usable(field.name, values.get(field.name))}
    )


def _usable(name: str, value: object) -> bool:
    if name in RANGES:
        low, high = RANGES[name]
        return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
    if not isinstance(value, str) or len(value) > 300:
        return False
    return value == "" if name in CLOCKS and clock_minutes(value) is None else True
