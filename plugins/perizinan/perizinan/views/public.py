"""Everybody's pages: the permits there are, verification, the register, figures, about."""

from collections.abc import Iterator
from datetime import date

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from lumbung_plugin import addresses, database, settings, tables
from lumbung_plugin.identity import masked_name
from werkzeug.wrappers import Response as Answer

from perizinan import catalogue, figures, permits, seeds
from perizinan.forms import VerifyForm
from perizinan.rules import Standing

pages = Blueprint("public", __name__)

View = str | Answer | tuple[str, int]


@pages.get("/")
def home() -> View:
    db = database()
    return render_template(
        "perizinan/home.html",
        types=catalogue.types(db),
        together=figures.together(db),
        valid=permits_valid(),
        form=VerifyForm(formdata=None),
    )


@pages.get("/izin")
def listing() -> View:
    wanted = addresses.text("q")
    rows = [row for row in catalogue.types(database()) if not wanted or _holds(row, wanted.lower())]
    return render_template("perizinan/types.html", types=rows, wanted=wanted, national=seeds.read("national"))


@pages.get("/izin/<slug>")
def show(slug: str) -> View:
    db = database()
    row = catalogue.by_slug(db, slug)
    if row is None:
        abort(404, _("There is no open permit at this address. Look at the list of permits."))
    needs = catalogue.requirements(db, row["id"])
    return render_template("perizinan/type.html", type=row, needs=needs)


@pages.route("/periksa", methods=["GET", "POST"])
def find() -> View:
    form = VerifyForm()
    if form.validate_on_submit():
        return redirect(url_for(".verify", number=(form.number.data or "").upper()))
    return render_template("perizinan/find.html", form=form), 400 if form.is_submitted() else 200


@pages.get("/periksa/<number>")
def verify(number: str) -> View:
    permit = permits.by_number(database(), number)
    if permit is None:
        form = VerifyForm(formdata=None, data={"number": number[:40]})
        return render_template("perizinan/unknown.html", number=number[:40], form=form), 404
    seal = request.args.get("segel", "")
    return render_template(
        "perizinan/verify.html",
        permit=permit,
        standing=permits.standing(permit),
        sealed=permits.sealed(permit, seal) if seal else None,
    )


@pages.get("/daftar")
def register() -> View:
    type_id, which, q = _wanted()
    page = permits.register(
        database(), type_id, which, q, addresses.number(addresses.AFTER), addresses.number(addresses.BEFORE)
    )
    return render_template(
        "perizinan/register.html",
        page=page,
        around=addresses.page_links(page.before, page.after),
        types=catalogue.types(database(), also_closed=True),
        wanted={"type": type_id, "which": which, "q": q},
        standing=permits.standing,
    )


@pages.get("/daftar.csv")
def download() -> Response:
    headings = ["nomor", "jenis", "pemegang", "terbit", "berlaku_sampai", "status"]
    return tables.csv_response("izin-terbit", headings, _lines(*_wanted()))


@pages.get("/angka")
def numbers() -> View:
    db = database()
    return render_template(
        "perizinan/figures.html",
        types=figures.of_types(db),
        together=figures.together(db),
        months=[(format_date(date.fromisoformat(f"{month}-01"), "MMM y"), n) for month, n in figures.by_month(db)],
    )


@pages.get("/tentang")
def about() -> View:
    return render_template("perizinan/about.html", national=seeds.read("national"), keep=settings()["retention_days"])


def permits_valid() -> int:
    """How many permits are valid today."""
    found = [one for one in figures.figures(database()) if one.name == "perizinan.berlaku"]
    return int(found[0].value)


def _wanted() -> tuple[int | None, str, str]:
    return addresses.number("jenis"), addresses.choice("status", set(Standing)), addresses.text("q", 40)


def _lines(type_id: int | None, which: str, q: str) -> Iterator[tuple[object, ...]]:
    for row in permits.all_of_them(database(), type_id, which, q):
        until = row["valid_until"] or ""
        holder = masked_name(row["holder"])
        yield row["number"], row["type"], holder, row["issued_on"], until, str(permits.standing(row))


def _holds(row: object, text: str) -> bool:
    return any(text in str(row[key]).lower() for key in ("name", "name_en", "about", "about_en"))  # type: ignore[index]
