"""What everybody sees of final years: the index, its parts, how it went over the years, and where it comes from."""

import sqlite3
from typing import Any

from flask import Blueprint, Response, abort, render_template
from lumbung_plugin import addresses, database, person, tables

from spbe import config, instruments, rules, store
from spbe.rules import Round, State

pages = Blueprint("public", __name__)
HEADINGS = ("nomor", "domain", "aspek", "indikator", "bobot", "tingkat")


@pages.get("/")
def home() -> str:
    """The latest final year, and the curve of all."""
    db = database()
    years = store.years(db, final=True)
    if not years:
        return render_template("spbe/empty.html")
    return render_template("spbe/home.html", intro=config.intro(), **_told(years[0]), history=_history(years))


def _history(years: list[sqlite3.Row]) -> list[dict[str, Any]]:
    """Each year with its instrument and index, the earliest first."""
    return [{**_told(year), "official": year["official"]} for year in reversed(years)]


def _told(year: sqlite3.Row) -> dict[str, Any]:
    chosen, rounds = store.instrument(year), store.rounds(database(), year["id"])
    levels = rules.final_levels(rounds)
    return {
        "rounds": [(one, rules.score(chosen, chosen, rounds[one])) for one in Round if rounds[one]],
        "by_round": rounds,
        "year": year,
        "instrument": chosen,
        "levels": levels,
        "whole": rules.score(chosen, chosen, levels),
        "domains": [(one, rules.score(one, chosen, levels)) for one in chosen.domains],
        "aspects": [(one, rules.score(one, chosen, levels)) for one in chosen.aspects],
    }


def seen(value: int) -> sqlite3.Row:
    """A year this visitor may see: final ones everybody, open ones staff."""
    found = store.year(database(), value)
    if found is None or (found["state"] != State.FINAL and person() is None):
        abort(404)
    return found


@pages.get("/tahun/<int:value>")
def year(value: int) -> str:
    """One year, indicator by indicator."""
    return render_template("spbe/year.html", **_told(seen(value)))


@pages.get("/tahun/<int:value>.csv")
def table(value: int) -> Response:
    """The same as CSV."""
    found = seen(value)
    chosen, levels = store.instrument(found), store.levels(database(), found["id"])
    rows = [
        (one.number, domain.name, aspect.name, one.name, round(float(one.weight), 4), levels.get(one.number))
        for domain in chosen.domains
        for aspect in domain.aspects
        for one in aspect.indicators
    ]
    return tables.csv_response(f"spbe-{value}", HEADINGS, rows)


@pages.get("/tahun/<int:value>.pdf")
def paper(value: int) -> Response:
    """The same as a report."""
    from spbe import report  # noqa: PLC0415 - fpdf: 25 MB that no other page needs

    found = seen(value)
    made = report.pdf(found, store.instrument(found), store.levels(database(), found["id"]), config.letterhead())
    answer = Response(made, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="spbe-{value}.pdf"'
    return answer


@pages.get("/banding")
def compare() -> str:
    """Two years beside each other; between instruments only what is on the same subject."""
    years = [row for row in store.years(database()) if row["state"] == State.FINAL or person()]
    wanted = [addresses.number(name) for name in ("dari", "ke")]
    rows = [next((row for row in years if row["year"] == value), None) for value in wanted]
    if None in rows:
        rows = [years[1], years[0]] if len(years) > 1 else [None, None]
    before, after = rows
    if before is None or after is None:
        return render_template("spbe/empty.html")
    first, second = _told(before), _told(after)
    pairs = rules.compared(first["instrument"], first["levels"], second["instrument"], second["levels"])
    return render_template(
        "spbe/compare.html", years=years, before=first, after=second, pairs=pairs,
        dropped=rules.dropped(first["instrument"], second["instrument"]),
        same=first["instrument"].id == second["instrument"].id,
    )  # fmt: skip


@pages.get("/tentang")
def about() -> str:
    """Sources, weights, predicates and the way the index is counted."""
    return render_template("spbe/about.html", instruments=list(instruments.known().values()))
