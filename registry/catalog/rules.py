"""What the catalog decides without asking anybody: fields of national apps, versions, languages, words to search."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from packaging.version import InvalidVersion, Version

VERSION = re.compile(r"[0-9][0-9A-Za-z.+-]{0,39}")
MAX_WORDS = 60_000

FIELDS: Mapping[str, frozenset[str]] = {
    "planning": frozenset({"enterprise-project-management", "erp"}),
    "budgeting": frozenset({"budgeting"}),
    "procurement": frozenset({"procurement"}),
    "performance": frozenset({"talent-management", "compliance-management"}),
    "monitoring": frozenset({"business-intelligence", "financial-reporting"}),
    "archives": frozenset({"document-management"}),
    "personnel": frozenset({"hr", "employee-management", "payroll", "applicant-tracking"}),
    "complaints": frozenset(
        {"feedback-and-reviews-management", "customer-service-and-support", "whistleblowing", "help-desk"}
    ),
}
"""The eight fields of Perpres 95/2018 Pasal 63(3), where a national *aplikasi umum* exists or is due, each with the
categories of publiccode.yml that usually mean it."""

HEADING = re.compile(r"(#{1,6})\s+(.*)")


@dataclass(frozen=True)
class Filters:
    """Of the list; "" filters nothing."""

    maturity: str = ""
    licence: str = ""
    category: str = ""

    def fits(self, maturity: str, licence: str, categories: Sequence[str]) -> bool:
        return (
            self.maturity in ("", maturity)
            and self.licence in ("", licence)
            and (not self.category or self.category in categories)
        )

    def without(self, name: str) -> Filters:
        return Filters(**{**self.__dict__, name: ""})


def national_fields(categories: Iterable[str]) -> tuple[str, ...]:
    """Codes of the fields an app falls in, in the order of the law."""
    given = set(categories)
    return tuple(field for field, meant in FIELDS.items() if meant & given)


def version_key(version: str) -> tuple[int, Version | str]:
    """Sorts versions: PEP 440 order (1.0.0-rc.1 < 1.0.0 < 1.10.0); what is no version comes before all of them."""
    try:
        return 1, Version(version)
    except InvalidVersion:
        return 0, version


def is_version(text: str) -> bool:
    return bool(VERSION.fullmatch(text)) and version_key(text)[0] == 1


def is_stable(version: str) -> bool:
    number = version_key(version)[1]
    return isinstance(number, Version) and not number.is_prerelease


def newest(versions: Iterable[str]) -> str | None:
    """The highest stable version, else the highest of all."""
    return max(versions, key=lambda version: (is_stable(version), version_key(version)), default=None)


def description(facts: Mapping[str, Any], languages: Sequence[str]) -> tuple[str, Mapping[str, Any]]:
    """The language and texts to show: the first language wished, as written or by its base, then English, then any."""
    known: Mapping[str, Mapping[str, Any]] = facts.get("description") or {}
    for wish in (*languages, "en"):
        for tag, texts in known.items():
            if tag.lower() == wish.lower() or tag.lower().split("-")[0] == wish.lower().split("-")[0]:
                return tag, texts
    return next(iter(known.items()), ("", {}))


def searchable(slug: str, facts: Mapping[str, Any]) -> tuple[str, str, str]:
    """``summary``, ``words`` and ``near`` of an app: what it is, all it says of itself, what misspelling meets."""
    texts = [known for known in facts.get("description", {}).values() if isinstance(known, Mapping)]
    short = [str(known.get("shortDescription", "")) for known in texts]
    names = [slug, facts["name"], *(known.get("localisedName") or "" for known in texts)]
    words = [str(known.get("longDescription", "")) for known in texts]
    words += [feature for known in texts for feature in known.get("features") or ()]
    words += [category.replace("-", " ") for category in facts.get("categories") or ()]
    near = " ".join([*names, *short]).lower()
    return _clean([*names, *short])[:MAX_WORDS], _clean(words)[:MAX_WORDS], _clean([near])[:4000]


def _clean(parts: Iterable[str]) -> str:
    return " ".join(" ".join(part.split()) for part in parts if part).replace("\0", "")


def count_facets(rows: Sequence[tuple[str, str, Sequence[str]]], filters: Filters) -> dict[str, list[tuple[str, int]]]:
    """How many apps each choice would leave, given the other filters: by facet, most frequent first.

    ``rows`` are (maturity, licence, categories) of the apps that match the words.
    """
    counts: dict[str, Counter[str]] = {"maturity": Counter(), "licence": Counter(), "category": Counter()}
    others = {facet: filters.without(facet) for facet in counts}
    for maturity, licence, categories in rows:
        values = {"maturity": [maturity], "licence": [licence], "category": list(dict.fromkeys(categories))}
        for facet, counter in counts.items():
            if others[facet].fits(maturity, licence, categories):
                counter.update(values[facet])
    return {facet: sorted(counter.items(), key=lambda item: (-item[1], item[0])) for facet, counter in counts.items()}


def changes_of(changelog: str, version: str) -> str:
    """The section of a change log that tells of one version: from the heading naming it to the next of its level.

    "" when no heading names it.
    """
    kept: list[str] = []
    level = 0
    for line in changelog.splitlines():
        heading = HEADING.match(line)
        if level and heading and len(heading[1]) <= level:
            break
        if level:
            kept.append(line)
        elif heading and re.search(rf"(?<![\w.]){re.escape(version)}(?![\w.])", heading[2]):
            level = len(heading[1])
    return "\n".join(kept).strip()
