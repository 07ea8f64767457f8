"""What citizens see: which account is genuine, and how to tell the city of one that is not."""

import sqlite3
from collections.abc import Iterator

from flask import Blueprint, redirect, render_template, session, url_for
from flask_babel import gettext as _
from lumbung_plugin import addresses, database, offices, stuffing, transaction
from lumbung_plugin.tables import csv_response
from werkzeug.wrappers import Response

from kanal import accounts, fakes, platforms
from kanal.forms import FakeForm

pages = Blueprint("public", __name__)

View = str | Response | tuple[str, int]
PER_HOUR, TOGETHER = 5, 300


@pages.get("/")
def home() -> str:
    """The directory by office, and the answer to “is this one genuine?”."""
    db = database()
    offices.listing(db)
    wanted = addresses.text("q", 200)
    return render_template(
        "kanal/home.html", groups=_grouped(accounts.listed(db, wanted="" if _is_address(wanted) else wanted)),
        wanted=wanted, verdicts=_verdicts(db, wanted), without=accounts.without(db),
        fakes=fakes.listed(db, "confirmed", 12), total=len(accounts.listed(db)),
    )  # fmt: skip


@pages.route("/lapor-palsu", methods=["GET", "POST"])
def report() -> View:
    """Tell of a fake account, without a name."""
    form = FakeForm()
    if not form.validate_on_submit():
        return render_template("kanal/report.html", form=form), 422 if form.errors else 200
    if stuffing.hidden():
        return redirect(url_for("public.thanks"), 303)
    if not stuffing.allowed(session, "fake", PER_HOUR):
        form.form_errors = [_("That was very often in one hour. Please come back later.")]
        return render_template("kanal/report.html", form=form), 429
    known = _listed(database(), form.url.data or "")
    if known is not None:
        form.url.errors = [_("This is an official account: %(office)s.", office=known["office"])]
        return render_template("kanal/report.html", form=form), 422
    with transaction() as db:
        if not stuffing.too_many(db, "fake", "at", TOGETHER, stuffing.HOUR):
            fakes.add(db, _with_scheme(form.url.data or ""), form.words.data or "")
    stuffing.count(session, "fake")
    return redirect(url_for("public.thanks"), 303)


@pages.get("/lapor-palsu/terima-kasih")
def thanks() -> str:
    """What happens next."""
    return render_template("kanal/thanks.html")


@pages.get("/akun.csv")
def data() -> Response:
    """Open data: the accounts, without who answers for them."""
    return csv_response("akun-resmi", ["opd", "platform", "akun", "alamat", "kegunaan", "diverifikasi"], _rows())


def _rows() -> Iterator[list[object]]:
    for row in accounts.listed(database()):
        yield [row["office"], row["platform"], row["handle"], row["url"], row["purpose"], row["verified_on"] or ""]


def _verdicts(db: sqlite3.Connection, wanted: str) -> list[dict[str, object]]:
    """For an address or a handle: official, fake, or unknown; one verdict for each platform it is found at."""
    plain = wanted.strip()
    if not plain or (" " in plain and not _is_address(plain)):
        return []
    address = platforms.of_address(plain) if _is_address(plain) else None
    places = [address] if address else [] if _is_address(plain) else _places(plain)
    found: list[dict[str, object]] = [
        {"official": accounts.of_handle(db, *one), "fake": fakes.of_handle(db, *one), "handle": one[1]}
        for one in places
    ]
    sure = [one for one in found if one["official"] or one["fake"]]
    asked_for_one = _is_address(plain) or plain.startswith("@")
    unknown: dict[str, object] = {"official": None, "fake": None, "handle": plain[:80]}
    return sure or ([unknown] if asked_for_one else [])


def _places(plain: str) -> list[tuple[str, str]]:
    spelt = [(code, platforms.handle(code, plain)) for code in platforms.PLATFORMS]
    return [(code, handle) for code, handle in spelt if handle]


def _listed(db: sqlite3.Connection, url: str) -> sqlite3.Row | None:
    found = platforms.of_address(url)
    row = accounts.of_handle(db, *found) if found else None
    return row if row is not None and row["active"] else None


def _is_address(text: str) -> bool:
    return "/" in text or "://" in text


def _with_scheme(url: str) -> str:
    return url if "://" in url else f"https://{url}"


def _grouped(rows: list[sqlite3.Row]) -> list[tuple[str, list[sqlite3.Row]]]:
    groups: dict[str, list[sqlite3.Row]] = {}
    for row in rows:
        groups.setdefault(row["office"], []).append(row)
    return list(groups.items())
