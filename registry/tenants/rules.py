"""Who may do what, and what a city's name and colour may be. Pure: values in, a value or a refusal out."""

from __future__ import annotations

import re
from collections.abc import Collection

COLOR = re.compile(r"#[0-9a-f]{6}")
ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
MIN_CONTRAST = 4.5
"""Of white text on a city's colour: WCAG 2.2, 1.4.3."""

SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
MAX_SLUG = 40
RESERVED_SLUGS = frozenset(
    "www api git apps admin console programme static join cities jobs sign-in sign-out enter mail registry "
    "facets verify".split()
)

MAINTAINER, ADMIN, AUDITOR = "maintainer", "admin", "auditor"
ADMINISTRATOR, OPERATOR = "administrator", "operator"
NEED_SECOND_FACTOR = frozenset({MAINTAINER, ADMIN})

PERMISSIONS: dict[str, frozenset[str]] = {
    "city.see": frozenset({ADMIN, AUDITOR, MAINTAINER}),
    "city.edit": frozenset({ADMIN}),
    "people.manage": frozenset({ADMIN}),
    "city.leave": frozenset({ADMIN, AUDITOR, ADMINISTRATOR, OPERATOR}),
    "agreement.see": frozenset({ADMIN, AUDITOR, MAINTAINER}),
    "agreement.act": frozenset({ADMIN}),
    "fork.create": frozenset({ADMIN}),
    "fork.push": frozenset({ADMIN}),
    "fork.manage": frozenset({ADMIN}),
    "plugin.see": frozenset({ADMIN, AUDITOR}),
    "plugin.manage": frozenset({ADMIN}),
    "audit.read": frozenset({ADMIN, AUDITOR}),
    "shortlist.see": frozenset({ADMIN, AUDITOR, ADMINISTRATOR, OPERATOR}),
    "shortlist.write": frozenset({ADMIN, ADMINISTRATOR, OPERATOR}),
    "shortlist.decide": frozenset({ADMIN}),
    "assistance.see": frozenset({ADMIN, AUDITOR, ADMINISTRATOR, OPERATOR}),
    "assistance.write": frozenset({ADMIN, ADMINISTRATOR, OPERATOR}),
    "webhook.see": frozenset({ADMIN, AUDITOR, MAINTAINER}),
    "webhook.manage": frozenset({ADMIN, MAINTAINER}),
    "programme.see": frozenset({MAINTAINER}),
    "programme.manage": frozenset({MAINTAINER}),
    "app.publish": frozenset({MAINTAINER}),
}
"""The whole policy on one page: permission → roles held in the city it is about (the programme: the publisher)."""


def allows(permission: str, roles: Collection[str]) -> bool:
    return not PERMISSIONS[permission].isdisjoint(roles)


def slug_problem(slug: str) -> str | None:
    """Why a city's name in addresses is refused: it becomes a host label, so only what a label may hold."""
    if not SLUG.fullmatch(slug) or len(slug) > MAX_SLUG:
        return "not-a-label"
    return "reserved" if slug in RESERVED_SLUGS else None


def color_problem(color: str) -> str | None:
    """Why a city's colour is refused: the portal writes white on it."""
    if not COLOR.fullmatch(color):
        return "format"
    return "too-light" if 1.05 / (luminance(color) + 0.05) < MIN_CONTRAST else None


def luminance(color: str) -> float:
    """Relative luminance of ``#rrggbb`` after WCAG 2.2, 0 to 1."""
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def may_leave(role: str, admins: int) -> bool:
    """A city keeps at least one admin."""
    return role != ADMIN or admins > 1
