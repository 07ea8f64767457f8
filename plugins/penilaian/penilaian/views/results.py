"""What everybody may read: the city, an office, one service; never from fewer than the minimum number."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, abort, render_template
from flask_babel import gettext as _
from lumbung_plugin import addresses, database, person
from lumbung_plugin.tables import csv_response
from werkzeug.wrappers import Response

from penilaian import bursts, comments, plans, results, rules, store, words
from penilaian.elements import ELEMENTS

pages = Blueprint("results", __name__, url_prefix="/hasil")


@pages.get("")
def city() -> str:
    """The city's index, its elements, and every office."""
    db = database()
    period = results.chosen(db, addresses.text("periode", 8))
    offices = results.by_office(store.targets(db), results.tallies(db, period), results.stars(db))
    tally, rated = results.together(offices)
    return render_template(
        "penilaian/results.html", offices=offices, rated=rated, months=results.months(db),
        profile=published(results.profile(db, period)), **_common(db, period, tally),
    )  # fmt: skip


@pages.get("/unit/<int:office_id>")
def office(office_id: int) -> str:
    """One office, with what of it is rated."""
    db = database()
    period = results.chosen(db, addresses.text("periode", 8))
    targets = store.targets(db, office_id)
    if not targets:
        abort(404, _("Nothing of this office is rated."))
    held = results.by_office(targets, results.tallies(db, period), results.stars(db))[0]
    return render_template(
        "penilaian/office.html", held=held, targets=targets, plans=plans.listed(db, office_id, 20),
        profile=published(results.profile(db, period, office_id)), **_common(db, period, held.tally, office_id),
    )  # fmt: skip


@pages.get("/<code>")
def target(code: str) -> str:
    """One service: its scores, its index, what people wrote, and what was set aside and why."""
    db = database()
    row = store.by_code(db, code)
    if row is None:
        abort(404, _("No poster has this code. Look at it again, or search by name."))
    period = results.chosen(db, addresses.text("periode", 8))
    return render_template(
        "penilaian/target.html", target=row, rated=results.stars(db).get(row["id"], results.Stars()),
        months=results.months(db, row["id"]), comments=comments.public(db, row["id"]),
        bursts=bursts.listed(db, None, row["id"], 10),
        **_common(db, period, results.tallies(db, period).get(row["id"], results.Tally())),
    )  # fmt: skip


@pages.get("/data.csv")
def data() -> Response:
    """Open data of a period: each service with enough respondents."""
    period = results.chosen(database(), addresses.text("periode", 8))
    headings = ["periode", "opd", "jenis", "nama", "responden", "ikm", "mutu", *(one.code for one in ELEMENTS)]
    return csv_response(f"ikm-{period.code}", headings, _rows(period))


def published(profile: dict[str, Counter[str]]) -> dict[str, tuple[list[tuple[str, int]], int]]:
    """Each field's counts in their own order, small ones folded together so that nobody can be told apart."""
    told = {}
    for name, values in words.PROFILE.items():
        shown, others = rules.folded(profile.get(name, {}), results.minimum())
        order = list(values)
        told[name] = (sorted(shown, key=lambda one: order.index(one[0])), others)
    return told


def _common(db: sqlite3.Connection, period: rules.Period, tally: results.Tally,
            office: int | None = None) -> dict[str, Any]:  # fmt: skip
    """What all result pages say. Staff see results below the minimum number, too."""
    enough = tally.respondents >= results.minimum() or person() is not None
    return {
        "period": period, "periods": results.periods(db), "tally": tally, "minimum": results.minimum(),
        "index": tally.index() if enough else None, "elements": ELEMENTS,
        "excluded": results.excluded(db, period, office), "staff": person() is not None,
    }  # fmt: skip


def _rows(period: rules.Period) -> Iterator[list[object]]:
    db = database()  # the view's own connection is closed while this is sent
    told = results.tallies(db, period)
    for row in store.targets(db):
        tally = told.get(row["id"], results.Tally())
        index = tally.index() if tally.respondents >= results.minimum() else None
        if index is None:
            continue
        yield [period.code, row["office"], row["kind"], words.title(row), tally.respondents, float(index.value),
               index.grade.letter, *(float(one) for one in index.elements)]  # fmt: skip
