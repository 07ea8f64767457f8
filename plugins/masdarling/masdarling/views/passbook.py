"""A saver's own passbook, opened by number and code. Nothing else leads to it."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask_babel import gettext
from lumbung_plugin import addresses, database, now, stuffing
from werkzeug.wrappers import Response

from masdarling import bank, savers, words
from masdarling.forms import BookForm
from masdarling.rules import Refused

pages = Blueprint("passbook", __name__, url_prefix="/buku")

OPEN_FOR = timedelta(minutes=20)
LISTED = 20
KEY = "book"


@pages.route("", methods=["GET", "POST"])
def show() -> str | Response | tuple[str, int]:
    """Ask for number and code, or show the open book."""
    form = BookForm()
    held = _open()
    if held is not None:
        return _page(held)
    if not form.validate_on_submit():
        return _asked(form, 422 if form.errors else 200)
    if not stuffing.allowed(session, "buku", 10):
        form.code.errors = [gettext("Too many tries. Wait an hour, or ask at your post.")]
        return _asked(form, 429)
    found = savers.open_book(database(), form.number.data or "", form.code.data or "")
    if found is None:
        stuffing.count(session, "buku")
        form.code.errors = [gettext("Number and code do not belong together, or the book is closed. Ask at your post.")]
        return _asked(form, 422)
    session[KEY] = [found["id"], found["code_hash"][:16], int((now() + OPEN_FOR).timestamp())]
    return redirect(url_for("passbook.show"), 303)


@pages.get("/buku.pdf")
def letter() -> Response:
    """The open book as a letter: its last hundred entries."""
    held = _open()
    if held is None:
        return redirect(url_for("passbook.show"), 303)
    from masdarling import statement  # noqa: PLC0415 - the PDF library: no other page needs it

    return Response(
        statement.pdf(database(), held),
        mimetype="application/pdf",
        headers={"Content-Disposition": "attachment; filename=buku-tabungan.pdf", "Cache-Control": "no-store"},
    )


@pages.post("/tutup")
def leave() -> Response:
    """Put the book away on this device."""
    session.pop(KEY, None)
    flash(gettext("The passbook is put away on this device."), "good")
    return redirect(url_for("passbook.show"), 303)


@pages.post("/hapus")
def forget() -> Response:
    """End the account: its holder's name and telephone are erased at once."""
    held = _open()
    if held is None:
        return redirect(url_for("passbook.show"), 303)
    try:
        savers.close(database(), held, at_once=True)
        session.pop(KEY, None)
        flash(gettext("The passbook is closed. Your name and telephone are erased."), "good")
    except Refused as refused:
        flash(words.sentence(refused), "wrong")
    return redirect(url_for("passbook.show"), 303)


def _open() -> int | None:
    kept = session.get(KEY)
    if not isinstance(kept, list) or len(kept) != 3 or kept[2] < now().timestamp():
        return None
    found = savers.customer(database(), kept[0])
    # A new code closes the book everywhere.
    usable = found is not None and found["closed"] is None and found["code_hash"][:16] == kept[1]
    return int(kept[0]) if usable else None


def _asked(form: BookForm, status: int) -> tuple[str, int]:
    return render_template("masdarling/passbook_open.html", form=form), status


def _page(customer_id: int) -> str:
    db = database()
    found = bank.entries(db, customer_id, addresses.number(addresses.AFTER), LISTED)
    following = found[LISTED - 1]["id"] if len(found) > LISTED else None
    shown = found[:LISTED]
    return render_template(
        "masdarling/passbook.html",
        customer=savers.customer(db, customer_id),
        balance=bank.balance(db, customer_id),
        entries=shown,
        lines=bank.lines_of(db, [row["id"] for row in shown]),
        pages=addresses.page_links(after=following),
    )
