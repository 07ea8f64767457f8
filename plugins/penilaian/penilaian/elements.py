"""The nine elements of service, their questions and the table of grades, as `data/unsur.json` gives them."""

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

DATA = Path(__file__).parent / "data" / "unsur.json"


@dataclass(frozen=True)
class Element:
    """One element (unsur), in both languages: each text is (Indonesian, English). Answers stand from 1 to 4."""

    code: str
    name: tuple[str, str]
    question: tuple[str, str]
    answers: tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class Grade:
    """A row of the table of grades: the quality's letter from `least` on."""

    letter: str
    least: Decimal
    most: Decimal
    words: tuple[str, str]


def _load() -> tuple[str, tuple[Element, ...], tuple[Grade, ...]]:
    told = json.loads(DATA.read_text(encoding="utf-8"))
    elements = tuple(
        Element(
            one["code"],
            (one["name"], one["name_en"]),
            (one["question"], one["question_en"]),
            (tuple(one["answers"]), tuple(one["answers_en"])),
        )
        for one in told["elements"]
    )
    grades = tuple(
        Grade(one["letter"], Decimal(one["from"]), Decimal(one["to"]), (one["words"], one["words_en"]))
        for one in told["grades"]
    )
    return told["source"], elements, grades


SOURCE, ELEMENTS, GRADES = _load()
