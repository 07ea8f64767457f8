"""What a comparison says, section by section: the lines in which the apps differ, and what is the same for all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from registry.catalog import labels
from registry.catalog.choosing import words
from registry.catalog.choosing.comparing import Side
from registry.catalog.trust import words as trust
from registry.hosting.plain import Manifest

FIRST, DIFFERENCES, ALL = "first", "differences", "all"
SHOWS = (FIRST, DIFFERENCES, ALL)
"""``show`` in the address: differences before what is the same, which is folded; differences alone; all of it open."""

MOST_NAMED = 6
"""Cities named in a line."""

LONG = 60
"""Letters."""

STORES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class Cell:
    """What one app says to a line. ``figure`` stands before the text, ``badges`` are texts with their tones, ``quiet``
    is said of what is not there, ``care`` of what nobody may overlook.
    """

    text: str = ""
    figure: str = ""
    badges: tuple[tuple[str, str], ...] = ()
    quiet: bool = False
    care: bool = False


@dataclass(frozen=True)
class Row:
    """One line; its cells are in the order of the apps."""

    title: str
    cells: tuple[Cell, ...]

    @property
    def same(self) -> bool:
        """For all, so that it may be folded away; what needs care never is."""
        return len(self.cells) > 1 and len(set(self.cells)) == 1 and not self.cells[0].care

    @property
    def is_long(self) -> bool:
        """Takes the whole width of a phone."""
        return any(len(cell.text) > LONG for cell in self.cells)


@dataclass(frozen=True)
class Section:
    code: str
    title: str
    rows: tuple[Row, ...]

    @property
    def different(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if not row.same)

    @property
    def same(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.same)


def sections(sides: Sequence[Side]) -> tuple[Section, ...]:
    """In the order in which a city asks: what it is, who uses it, what it takes at the city, whether it is sound, and
    what it takes on the host.
    """
    return (
        Section("about", _("What it is"), _rows(sides, _about())),
        Section("users", _("Who uses it"), _rows(sides, {_("Runs now in"): _running})),
        Section("city", _("What it needs at the city"), _rows(sides, _city())),
        Section("trust", _("Safety and health"), _rows(sides, {_("Safety rating"): _rating}) + _health(sides)),
        Section("host", _("What it needs on the host"), _rows(sides, _host())),
    )


Tell = Callable[[Side], Cell]


def _rows(sides: Sequence[Side], tellers: dict[str, Tell]) -> tuple[Row, ...]:
    return tuple(Row(title, tuple(map(tell, sides))) for title, tell in tellers.items())


def _about() -> dict[str, Tell]:
    return {
        _("Maturity"): _maturity,
        _("Newest release"): _release,
        _("National app"): _national,
        _("Licence"): lambda side: Cell(side.app.licence),
        _("Publisher"): lambda side: Cell(side.app.publisher.name),
        _("Languages"): _languages,
    }


def _city() -> dict[str, Tell]:
    return {
        _("People"): lambda side: _told(side, "people"),
        _("Yearly budget beside salaries"): _budget,
        _("At the offices"): lambda side: _told(side, "infrastructure"),
        _("Data to prepare"): lambda side: _told(side, "data"),
    }


def _host() -> dict[str, Tell]:
    return {
        _("Runtime"): _needed(lambda needs: Cell(needs.runtime)),
        _("Data kept in"): _needed(lambda needs: Cell(STORES.get(needs.store, needs.store))),
        _("Memory"): _needed(lambda needs: Cell(labels.size(needs.limits.memory))),
        _("Sends mail"): _needed(lambda needs: _yes_no(needs.mail)),
        _("Reaches the internet"): _needed(lambda needs: _yes_no(bool(needs.egress), ", ".join(needs.egress))),
        _("Works with other apps"): _needed(lambda needs: _yes_no(bool(needs.uses), ", ".join(needs.uses))),
    }


def _not_told() -> Cell:
    return Cell(_("not told"), quiet=True)


def _yes_no(value: bool, more: str = "") -> Cell:
    return Cell(more, _("yes")) if value else Cell(_("no"), quiet=True)


def _maturity(side: Side) -> Cell:
    app = side.app
    told = (labels.maturity(app.maturity), labels.TONES.get(app.maturity, "muted"))
    badges = [(_("being retired"), "bad") if app.deprecated_at else told]
    badges += [(_("described only"), "warn")] if app.described_only else []
    return Cell(badges=tuple(badges))


def _release(side: Side) -> Cell:
    return Cell(words.age(side.days), side.latest.version) if side.latest else Cell(_("none yet"), quiet=True)


def _national(side: Side) -> Cell:
    if not side.fields:
        return Cell(_("none in its field"), quiet=True)
    fields = ", ".join(map(labels.field, side.fields))
    return Cell(_("exists or is due for %(fields)s: ask the ministry first", fields=fields), care=True)


def _languages(side: Side) -> Cell:
    tongues = (side.app.facts.get("localisation") or {}).get("availableLanguages", [])
    return Cell(", ".join(map(labels.tongue, tongues))) if tongues else _not_told()


def _running(side: Side) -> Cell:
    names, over = side.running[:MOST_NAMED], len(side.running) - MOST_NAMED
    if not names:
        return Cell(_("no city yet"), quiet=True)
    told = ", ".join(names) + (" " + _("and %(num)s more", num=over) if over > 0 else "")
    return Cell(told, ngettext("%(num)s city", "%(num)s cities", len(side.running)))


def _rating(side: Side) -> Cell:
    grade = side.app.rating
    return Cell(trust.grade(grade), _("grade %(grade)s", grade=grade)) if grade else Cell(_("not rated"), quiet=True)


def _health(sides: Sequence[Side]) -> tuple[Row, ...]:
    """The newest release stands above already."""
    told = zip(*(trust.health_told(side.health) for side in sides), strict=True)
    return tuple(
        Row(parts[0].title, tuple(Cell(part.text, part.figure) for part in parts))
        for parts in told
        if parts[0].code not in ("release", "audit")
    )


def _told(side: Side, name: str) -> Cell:
    """In the publisher's words."""
    needs = side.needs.needs if side.needs else None
    said = getattr(needs, name) if needs else {}
    text = said.get(str(get_locale())) or said.get("id")
    return Cell(text) if text else _not_told()


def _budget(side: Side) -> Cell:
    needs = side.needs.needs if side.needs else None
    return Cell(labels.budget(needs.budget)) if needs else _not_told()


def _needed(tell: Callable[[Manifest], Cell]) -> Tell:
    """Of the newest release's manifest."""
    return lambda side: tell(side.needs) if side.needs else _not_told()
