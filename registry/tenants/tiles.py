"""The provinces as tiles of one size: where each lies roughly, drawn by us, so that no borders are borrowed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from registry.tenants.provinces import PROVINCES

SIZE, GAP = 36, 3
PLACES: dict[str, tuple[int, int, str]] = {
    "11": (0, 0, "AC"), "12": (1, 1, "SU"), "13": (1, 2, "SB"), "14": (2, 2, "RI"), "15": (2, 3, "JA"),
    "16": (3, 3, "SS"), "17": (2, 4, "BE"), "18": (3, 4, "LA"), "19": (4, 3, "BB"), "21": (3, 1, "KR"),
    "31": (4, 5, "JK"), "32": (4, 6, "JB"), "33": (5, 6, "JT"), "34": (5, 7, "YO"), "35": (6, 6, "JI"),
    "36": (3, 5, "BT"), "51": (7, 6, "BA"), "52": (8, 6, "NB"), "53": (9, 6, "NT"), "61": (5, 2, "KB"),
    "62": (5, 3, "KT"), "63": (6, 3, "KS"), "64": (6, 2, "KI"), "65": (6, 1, "KU"), "71": (9, 1, "SA"),
    "72": (8, 2, "ST"), "73": (8, 4, "SN"), "74": (9, 3, "SG"), "75": (8, 1, "GO"), "76": (8, 3, "SR"),
    "81": (10, 3, "MA"), "82": (10, 2, "MU"), "91": (13, 2, "PA"), "92": (12, 2, "PB"), "93": (13, 4, "PS"),
    "94": (12, 3, "PT"), "95": (13, 3, "PE"), "96": (11, 2, "PD"),
}  # fmt: skip
"""Column, row and the letters of ISO 3166-2:ID, by the first two digits of Kemendagri's codes."""

WIDTH = (max(column for column, _row, _letters in PLACES.values()) + 1) * (SIZE + GAP) - GAP
HEIGHT = (max(row for _column, row, _letters in PLACES.values()) + 1) * (SIZE + GAP) - GAP
STEPS = (1, 3, 6, 11)
"""From how many cities on a tile is drawn darker; fewer than the first is the lightest."""


@dataclass(frozen=True)
class Tile:
    """``shade`` is 0 (nobody) to 4; ``x`` and ``y`` are its upper left corner."""

    code: str
    name: str
    letters: str
    x: int
    y: int
    count: int
    shade: int


def tiles(counts: Mapping[str, int]) -> list[Tile]:
    """Every province, west to east; ``counts`` by the first two digits of a code."""
    found = [_tile(code, counts.get(code, 0)) for code in PROVINCES]
    return sorted(found, key=lambda one: (one.x, one.y))


def shade(count: int) -> int:
    return sum(count >= step for step in STEPS)


def legend() -> list[tuple[int, str]]:
    """Each shade and the numbers it stands for."""
    bounded = [(number, _span(low, high - 1)) for number, (low, high) in enumerate(pairwise(STEPS), 1)]
    return [(0, "0"), *bounded, (len(STEPS), f"≥ {STEPS[-1]}")]


def _span(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}–{high}"


def _tile(code: str, count: int) -> Tile:
    column, row, letters = PLACES[code]
    return Tile(code, PROVINCES[code], letters, column * (SIZE + GAP), row * (SIZE + GAP), count, shade(count))
