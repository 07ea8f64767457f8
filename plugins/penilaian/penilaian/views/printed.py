"""What goes on paper: posters, slips with visit codes, the report as a letter and as CSV.

The libraries that draw take 19 MB that no other page needs: only the view that sends paper imports them.
"""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta

from flask import Blueprint, Response, abort, render_template
from lumbung_plugin import addresses, city, clock, database, public_url, require_role, transaction
from lumbung_plugin.formats import show_date
from lumbung_plugin.tables import csv_response

from penilaian import periods, plans, results, rules, store, voting, words
from penilaian.config import chosen
from penilaian.elements import ELEMENTS
from penilaian.forms import TokensForm
from penilaian.views.results import published

pages = Blueprint("printed", __name__, url_prefix="/kerja")


@pages.get("/poster")
@require_role("operator")
def posters() -> str:
    """All posters one may print."""
    return render_template("penilaian/posters.html", targets=store.targets(database(), store.staff_office(database())))


@pages.get("/poster/<code>")
@require_role("operator")
def show(code: str) -> str:
    """The poster as a page for the printer, and the slips."""
    from lumbung_plugin.qr import svg  # noqa: PLC0415

    row = _target(code)
    address = public_url("citizen.rate", code=row["code"])
    return render_template("penilaian/poster.html", target=row, address=address, form=TokensForm(formdata=None),
                           drawing=svg(address, 8, words.title(row)), days=chosen()["token_days"])  # fmt: skip


@pages.get("/poster/<code>.pdf")
@require_role("operator")
def paper(code: str) -> Response:
    """The same on A4."""
    from penilaian import letter, poster  # noqa: PLC0415

    row = _target(code)
    address = public_url("citizen.rate", code=row["code"])
    return _pdf(
        poster.poster(letter.plain_name(row), row["office"], row["place"], row["code"], address),
        f"poster-{row['code']}",
    )


@pages.post("/poster/<code>/kode")
@require_role("operator")
def slips(code: str) -> Response:
    """New visit codes, printed once: they are kept as hashes only."""
    from penilaian import letter, poster  # noqa: PLC0415

    row, form = _target(code), TokensForm()
    if not form.validate_on_submit():
        abort(422, " ".join(str(one) for one in form.number.errors))
    with transaction() as db:
        made = voting.make_tokens(db, row["id"], form.number.data or 1)
    until = show_date(clock.today() + timedelta(days=int(chosen()["token_days"])))
    listed = [(one, public_url("citizen.rate", code=row["code"], token=one)) for one in made]
    return _pdf(poster.slips(letter.plain_name(row), until, listed), f"kode-{row['code']}")


@pages.get("/laporan.pdf")
@require_role("operator")
def report() -> Response:
    """The report of a period as a letter."""
    from penilaian import letter  # noqa: PLC0415

    db, office = database(), _office()
    period = results.chosen(db, addresses.text("periode", 8))
    targets = store.targets(db, office)
    offices = results.by_office(targets, results.tallies(db, period), {})
    tally, _rated = results.together(offices)
    name = offices[0].name if office is not None and offices else city().name
    where = public_url("results.office", office_id=office) if office and offices else public_url("results.city")
    profile = {field: ([(words.profile_value(value, field), n) for value, n in shown], others)
               for field, (shown, others) in published(results.profile(db, period, office)).items()}  # fmt: skip
    told = letter.Told(name, period, tally, offices, targets, profile, results.excluded(db, period, office),
                       str(chosen()["weight"]), where, periods.served(db, period.code),
                       plans.listed(db, office, 20))  # fmt: skip
    return _pdf(letter.report(told), f"laporan-skm-{period.code}")


@pages.get("/laporan.csv")
@require_role("operator")
def table() -> Response:
    """The same as a table, small numbers included: for the office, not for the public."""
    db, office = database(), _office()
    period = results.chosen(db, addresses.text("periode", 8))
    headings = ["periode", "opd", "nama", "responden", "sampel perlu", "ikm", "mutu", *(one.code for one in ELEMENTS)]
    return csv_response(f"laporan-skm-{period.code}", headings, _rows(period, office))


def _rows(period: rules.Period, office: int | None) -> Iterator[list[object]]:
    db = database()  # the view's own connection is closed while this is sent
    told, people = results.tallies(db, period), periods.served(db, period.code)
    for row in store.targets(db, office):
        index = told.get(row["id"], results.Tally()).index()
        needed = rules.sample_size(people[row["id"]]) if row["id"] in people else ""
        start = [period.code, row["office"], words.title(row), index.respondents if index else 0, needed]
        told_index = [float(index.value), index.grade.letter, *map(float, index.elements)] if index else []
        yield [*start, *told_index]


def _office() -> int | None:
    mine = store.staff_office(database())
    return addresses.number("unit") if mine is None else mine


def _target(code: str) -> sqlite3.Row:
    row, mine = store.by_code(database(), code), store.staff_office(database())
    if row is None or mine not in (None, row["office_id"]):
        abort(404)
    return row


def _pdf(data: bytes, name: str) -> Response:
    response = Response(data, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
