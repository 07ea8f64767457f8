"""Smart-city dimensions and government affairs: what they are called, and which an entry belongs to."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from registry.catalog.models import App
from registry.catalog.search.lexicon import words
from registry.core.errors import Finding, InvalidError

FILE = Path(__file__).with_name("classes.toml")


@dataclass(frozen=True)
class Class:
    """``phrases`` are words of names and short descriptions that tell it, each surrounded by spaces."""

    code: str
    names: Mapping[str, str]
    scopes: frozenset[str]
    categories: frozenset[str]
    phrases: tuple[str, ...]

    def fits(self, scopes: set[str], categories: set[str], text: str) -> bool:
        told = self.scopes & scopes or self.categories & categories
        return bool(told) or any(phrase in text for phrase in self.phrases)


@lru_cache(maxsize=1)
def _file() -> dict[str, dict[str, Class]]:
    held = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {kind: {code: _class(code, told) for code, told in held[kind].items()} for kind in ("dimension", "affair")}


def _class(code: str, told: Mapping[str, Any]) -> Class:
    phrases = tuple(f" {' '.join(words(phrase))} " for phrase in told.get("words", ()))
    return Class(
        code,
        {"id": told["id"], "en": told["en"]},
        frozenset(told.get("scopes", ())),
        frozenset(told.get("categories", ())),
        phrases,
    )


def dimensions() -> Mapping[str, Class]:
    return _file()["dimension"]


def affairs() -> Mapping[str, Class]:
    return _file()["affair"]


def name(kind: str, code: str, language: str) -> str:
    """Of a dimension or an affair; a code nobody knows is its own name."""
    known = _file()[kind].get(code)
    return known.names.get(language, known.names["en"]) if known else code


def classified(facts: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Codes of the dimensions and of the affairs a publiccode.yml speaks of, in the order of the file."""
    scopes = set((facts.get("intendedAudience") or {}).get("scope") or ())
    categories = set(facts.get("categories") or ())
    texts = [known for known in facts.get("description", {}).values() if isinstance(known, Mapping)]
    told = [str(facts.get("name", "")), *(str(known.get(key) or "") for known in texts for key in SHORT)]
    text = f" {' '.join(words(' '.join(told)))} "
    found = [[one.code for one in kind.values() if one.fits(scopes, categories, text)] for kind in _file().values()]
    return found[0], found[1]


SHORT = ("localisedName", "shortDescription")


def set_classes(app: App, dimensions: Iterable[str], affairs: Iterable[str]) -> None:
    """By a maintainer's hand; stays when the app is published again. Raises InvalidError for a code nobody knows."""
    chosen = {"dimension": list(dict.fromkeys(dimensions)), "affair": list(dict.fromkeys(affairs))}
    unknown = [(kind, code) for kind, codes in chosen.items() for code in codes if code not in _file()[kind]]
    if unknown:
        findings = [Finding(kind, _("%(code)s is not on the list.", code=code[:60])) for kind, code in unknown]
        raise InvalidError(_("Choose dimensions and affairs from the list."), findings)
    app.dimensions, app.affairs, app.classed_by_hand = chosen["dimension"], chosen["affair"], True


def classify(app: App) -> None:
    """From what the app says of itself, unless somebody chose."""
    if not app.classed_by_hand:
        app.dimensions, app.affairs = classified(app.facts)
