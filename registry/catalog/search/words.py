"""What facets, their values and sorts are called, in the visitor's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import get_locale
from flask_babel import gettext as _

from registry.catalog import labels
from registry.catalog.search import classes


def facet(name: str) -> str:
    titles = {
        "dimension": _("Smart-city dimension"), "affair": _("Government affair"), "audience": _("For whom"),
        "category": _("Category"), "maturity": _("Maturity"), "licence": _("Licence"), "runtime": _("Runtime"),
        "needs": _("What it takes"), "rating": _("Safety rating"), "publisher": _("Published by"),
        "used": _("In use"), "released": _("Releases"),
    }  # fmt: skip
    return titles[name]


def value(facet: str, code: str, publishers: Mapping[str, str]) -> str:
    """Of a facet's value; a code nobody knows is its own name. ``publishers`` names cities by slug."""
    if facet == "needs":
        return need(code)
    if facet in ("dimension", "affair"):
        return classes.name(facet, code, str(get_locale()))
    named: dict[str, Callable[[str], str]] = {
        "category": labels.category, "maturity": labels.maturity, "audience": audience,
        "publisher": lambda slug: publishers.get(slug, slug), "used": lambda _code: _("used by at least one city"),
        "released": lambda _code: _("has a tested release"), "rating": lambda grade: _("grade %(grade)s", grade=grade),
    }  # fmt: skip
    return named[facet](code) if facet in named else code


def need(code: str) -> str:
    """``postgresql`` is what needs it, ``-postgresql`` what runs without."""
    names = {
        "postgresql": _("needs a PostgreSQL database"), "-postgresql": _("runs without PostgreSQL"),
        "mail": _("sends mail"), "-mail": _("sends no mail"),
        "internet": _("asks servers elsewhere"), "-internet": _("asks no server elsewhere"),
        "siblings": _("works with other apps of the city"), "-siblings": _("stands alone"),
        "clock": _("works by the clock, too"), "-clock": _("does nothing by the clock"),
        "memory-large": _("takes more than 256 MB of memory"), "-memory-large": _("makes do with 256 MB of memory"),
    }  # fmt: skip
    return names.get(code, code)


def audience(code: str) -> str:
    """A scope of publiccode.yml."""
    names = {
        "agriculture": _("agriculture"), "culture": _("culture"), "defence": _("defence"),
        "education": _("education"), "emergency-services": _("emergency services"), "employment": _("employment"),
        "energy": _("energy"), "environment": _("environment"),
        "finance-and-economic-development": _("finance and economic development"),
        "foreign-affairs": _("foreign affairs"), "government": _("government"), "healthcare": _("health care"),
        "infrastructures": _("infrastructure"), "justice": _("justice"), "local-authorities": _("local authorities"),
        "manufacturing": _("manufacturing"), "research": _("research"),
        "science-and-technology": _("science and technology"), "security": _("security"), "society": _("society"),
        "sport": _("sport"), "tourism": _("tourism"), "transportation": _("transport"), "welfare": _("welfare"),
    }  # fmt: skip
    return names.get(code, code)


def sort(code: str) -> str:
    names = {"best": _("best match"), "newest": _("newest first"), "used": _("most used"), "name": _("by name")}
    return names[code]
