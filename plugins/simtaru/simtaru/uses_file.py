"""`data/uses.csv`: uses of land to start with, and a matrix as an example. The matrix is no law: it serves the
demonstration and a city that wants to see what the file for its own looks like."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from simtaru import classes

FILE = Path(__file__).parent / "data" / "uses.csv"
WORDS = ("T", "B")


@dataclass(frozen=True, slots=True)
class Use:
    """One kind of use, with the example's letter and conditions (Indonesian, English) by stem of the zone's code."""

    code: str
    family: str
    name: str
    name_en: str
    letters: dict[str, str]
    conditions: dict[str, tuple[str, str]]


@lru_cache(maxsize=1)
def uses() -> tuple[Use, ...]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(_use(row) for row in csv.DictReader(lines, delimiter=";"))


def _use(row: dict[str, str]) -> Use:
    stems = {one.stem for one in classes.known().values()}
    conditions = {letter: (row[letter], row[f"{letter}_en"]) for letter in WORDS}
    letters = {stem: row[stem] for stem in stems if row.get(stem)}
    return Use(row["kode"], row["kelompok"], row["nama"], row["nama_en"], letters, conditions)


def example() -> Iterator[tuple[str, str, str, str, str]]:
    """The example as rules: class, code of the use, letter, conditions, conditions in English."""
    for use in uses():
        for one in classes.known().values():
            letter = use.letters.get(one.stem)
            if letter:
                yield one.code, use.code, letter, *use.conditions.get(letter, ("", ""))
