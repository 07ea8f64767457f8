"""How a variant differs from its original: feature by feature, and in what a city decides by. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry.catalog import rules

MAX_FEATURES = 200


@dataclass(frozen=True)
class Sheet:
    """What is compared of one app: its features in one language, and plain facts by name."""

    features: Sequence[str]
    facts: Mapping[str, str]


@dataclass(frozen=True)
class Difference:
    """From an original to its variant: ``kept`` in the variant's words, ``added``, ``left_out`` in the original's.

    ``facts`` are those that differ, by name: the original's and the variant's.
    """

    kept: tuple[str, ...]
    added: tuple[str, ...]
    left_out: tuple[str, ...]
    facts: Mapping[str, tuple[str, str]]


def sheet(facts: Mapping[str, Any], language: str, **plain: str) -> Sheet:
    """Of an app's publiccode.yml, in the language asked for where there is one."""
    features = rules.description(facts, [language])[1].get("features")
    kept = [str(one) for one in features][:MAX_FEATURES] if isinstance(features, list) else []
    return Sheet(kept, plain)


def difference(original: Sheet, variant: Sheet) -> Difference:
    """Features are the same when they read the same but for case, accents, punctuation and spaces."""
    before = {normal(feature): feature for feature in original.features}
    after = {normal(feature): feature for feature in variant.features}
    names = [*original.facts, *(name for name in variant.facts if name not in original.facts)]
    pairs = {name: (original.facts.get(name, ""), variant.facts.get(name, "")) for name in names}
    return Difference(
        kept=tuple(feature for key, feature in after.items() if key in before),
        added=tuple(feature for key, feature in after.items() if key not in before),
        left_out=tuple(feature for key, feature in before.items() if key not in after),
        facts={name: pair for name, pair in pairs.items() if pair[0] != pair[1]},
    )


def normal(feature: str) -> str:
    """A feature as it is compared."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", feature) if not unicodedata.combining(one))
    return " ".join(re.findall(r"\w+", plain.casefold()))
