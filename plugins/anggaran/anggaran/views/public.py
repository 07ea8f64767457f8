"""What citizens read: the budget from its total down to one sub-activity, what was saved, how versions differ."""

import sqlite3
from collections.abc import Callable
from functools import wraps

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_babel import gettext as _
from lumbung_plugin import addresses, database, tables

from anggaran import comparison, items, places, sums, trail, transfer, years
from anggaran.comparison import Change
from anggaran.money import named
from anggaran.views.common import View, chosen_version, offices_of, paged, public_versions, wanted_items

pages = Blueprint("public", __name__)

BARS = 8


def of_version(view: Callable[[sqlite3.Connection, sqlite3.Row, list[sqlite3.Row]], View]) -> Callable[[], View]:
    """A view of the version the address names, among those citizens see; without any, a page that says what comes."""

    @wraps(view)
    def shown() -> View:
        db = database()
        versions = public_versions(db)
        version = chosen_version(db, versions)
        return view(db, version, versions) if version else render_template("anggaran/nothing.html")

    return shown


@pages.get("/")
@of_version
def home(db: sqlite3.Connection, version: sqlite3.Row, versions: list[sqlite3.Row]) -> View:
    of_year = sums.by_version(db, version["year_id"])
    public = {row["id"] for row in versions}
    return render_template(
        "anggaran/home.html",
        version=version,
        versions=versions,
        total=sums.total(db, version["id"]),
        fields=_fields(db, version["id"])[:BARS],
        offices=sums.by_office(db, version["id"])[:BARS],
        course=[row for row in of_year if row["id"] in public],
    )


@pages.get("/rincian")
@of_version
def breakdown(db: sqlite3.Connection, version: sqlite3.Row, versions: list[sqlite3.Row]) -> View:
    """From the total to the activities of a programme; `menurut=opd` begins with the offices."""
    office, programme = addresses.number("opd"), addresses.number("program")
    field = addresses.choice("bidang", sums.fields())
    found = {
        "office": _row(db, "office", office),
        "programme": _row(db, "programme", programme),
        "field": (field, named(*sums.fields()[field])) if field else None,
    }
    chosen = {name: value for name, value in (("opd", office), ("bidang", field), ("program", programme)) if value}
    by = addresses.choice("menurut", {"opd"}) or "bidang"
    parts, key = _parts(db, version["id"], office, field, programme, by)
    return render_template(
        "anggaran/breakdown.html", version=version, versions=versions, parts=parts, key=key, chosen=chosen, by=by,
        **found,
    )  # fmt: skip


@pages.get("/kegiatan")
@of_version
def listing(db: sqlite3.Connection, version: sqlite3.Row, versions: list[sqlite3.Row]) -> View:
    wanted = wanted_items(version["id"])
    programme = _row(db, "programme", wanted.programme)
    activity = _row(db, "activity", wanted.activity)
    return render_template(
        "anggaran/list.html",
        version=version,
        versions=versions,
        programme=programme,
        activity=activity,
        cause=_row(db, "cause", wanted.cause),
        place=_row(db, "place", wanted.place),
        offices=offices_of(db, version["id"]),
        **paged(db, wanted),
    )


@pages.get("/kegiatan/<int:item_id>")
def show(item_id: int) -> View:
    db = database()
    item, versions = items.one(db, item_id), {row["id"]: row for row in public_versions(db)}
    if item is None or item["state"] == "draft" or item["version_id"] not in versions:
        abort(404, _("There is no such sub-activity."))
    return render_template(
        "anggaran/item.html",
        item=item,
        version=versions[item["version_id"]],
        events=trail.of_item(db, item_id, public=True),
        course=_course(db, item, versions),
    )


@pages.get("/wilayah")
@of_version
def around(db: sqlite3.Connection, version: sqlite3.Row, versions: list[sqlite3.Row]) -> View:
    """What is planned in each kelurahan."""
    return render_template(
        "anggaran/around.html",
        version=version,
        versions=versions,
        rows=places.sums(db, version["id"]),
        everywhere=places.everywhere(db, version["id"]),
    )


@pages.get("/dihemat")
@of_version
def saved(db: sqlite3.Connection, version: sqlite3.Row, versions: list[sqlite3.Row]) -> View:
    """What was struck out and reduced in a version: in total, by reason, by office, and over the year."""
    public = {row["id"] for row in versions}
    cut = [part for part in sums.by_office(db, version["id"]) if part.saved]
    return render_template(
        "anggaran/saved.html",
        version=version,
        versions=versions,
        total=sums.total(db, version["id"]),
        causes=sums.by_cause(db, version["id"]),
        offices=sorted(cut, key=lambda part: -part.saved),
        course=[row for row in sums.by_version(db, version["year_id"]) if row["id"] in public],
    )


@pages.get("/banding")
def compare() -> View:
    """Two versions; without a wish the newest and the one before it."""
    db = database()
    versions = public_versions(db)
    new = chosen_version(db, versions, "ke")
    if new is None or len(versions) < 2:
        return render_template("anggaran/nothing.html", two=True)
    before = years.previous(db, new)
    old = chosen_version(db, versions, "dari") if addresses.number("dari") else None
    old = old or next((row for row in versions if before and row["id"] == before["id"]), versions[-1])
    wanted = comparison.Wanted(old["id"], new["id"], addresses.choice("apa", set(Change)), addresses.number("opd"))
    comparison.prepare(db, wanted)
    rows, earlier, later = comparison.page(
        db, wanted, addresses.number(addresses.BEFORE), addresses.number(addresses.AFTER)
    )
    return render_template(
        "anggaran/compare.html",
        versions=versions,
        old=old,
        new=new,
        wanted=wanted,
        changes=rows,
        around=addresses.page_links(earlier, later),
        summary=comparison.summary(db),
        sums=(sums.total(db, old["id"]), sums.total(db, new["id"])),
        offices=comparison.by_office(db),
    )


@pages.get("/unduh.csv")
def download() -> View:
    """Open data: a version as CSV, narrowed as the list is."""
    db = database()
    version = chosen_version(db, public_versions(db))
    if version is None:
        return redirect(url_for(".home"))
    name = f"anggaran-{version['year']}-{version['stage']}"
    return tables.csv_response(name, transfer.HEADINGS, transfer.lines(wanted_items(version["id"])))


@pages.get("/tentang")
def about() -> View:
    return render_template("anggaran/about.html", versions=public_versions(database()))


def _parts(
    db: sqlite3.Connection, version_id: int, office: int | None, field: str, programme: int | None, by: str
) -> tuple[list[sums.Part], str]:
    """The next level down, and the name by which the address narrows to one of its parts."""
    if programme is not None:
        return sums.by_activity(db, version_id, programme, office), "kegiatan"
    if office is not None or field:
        return sums.by_programme(db, version_id, office, field or None), "program"
    return (sums.by_office(db, version_id), "opd") if by == "opd" else (_fields(db, version_id), "bidang")


def _fields(db: sqlite3.Connection, version_id: int) -> list[sums.Part]:
    known = sums.fields()
    return [
        sums.Part(part.key, part.code, named(*known.get(part.key, (part.key, part.key))), part.n, part.asked,
                  part.amount, part.struck)
        for part in sums.by_field(db, version_id)
    ]  # fmt: skip


def _row(db: sqlite3.Connection, table: str, row_id: int | None) -> sqlite3.Row | None:
    if row_id is None:
        return None
    row: sqlite3.Row | None = db.execute(f"SELECT * FROM {table} WHERE id = ?", (row_id,)).fetchone()  # noqa: S608
    if row is None:
        abort(404)
    return row


def _course(db: sqlite3.Connection, item: sqlite3.Row, versions: dict[int, sqlite3.Row]) -> list[sqlite3.Row]:
    """The same sub-activity in every version of its year that citizens see."""
    rows = db.execute(
        "SELECT item.id, item.version_id, item.asked, item.amount, item.state, version.stage FROM item"
        " JOIN version ON version.id = item.version_id WHERE version.year_id = ? AND item.office_id = ?"
        " AND item.code = ? AND item.state <> 'draft' ORDER BY version.position",
        (versions[item["version_id"]]["year_id"], item["office_id"], item["code"]),
    )
    return [row for row in rows if row["version_id"] in versions]
