"""What the catalog decides without asking anybody: fields of national apps, versions, languages, needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from packaging.version import InvalidVersion, Version

from registry.hosting.plain import Manifest

VERSION = re.compile(r"[0-9][0-9A-Za-z.+-]{0,39}")
LARGE = 256 * 2**20
"""Bytes of memory above which an app is no small guest any more."""

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


NEEDS = ("postgresql", "mail", "internet", "siblings", "clock", "memory-large")
"""Codes of `needs_of`."""


def needs_of(manifest: Manifest) -> tuple[str, ...]:
    """Codes of what a release takes beside a place to run: what a city may lack, or not want."""
    asked = {
        "postgresql": manifest.store == "postgresql",
        "mail": manifest.mail,
        "internet": bool(manifest.egress),
        "siblings": bool(manifest.uses),
        "clock": bool(manifest.tasks),
        "memory-large": manifest.limits.memory > LARGE,
    }
    return tuple(code for code, needed in asked.items() if needed)


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
