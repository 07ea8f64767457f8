"""The applicant's pages: find it again, follow, send, correct, withdraw, erase, download the permit."""

import sqlite3

from flask import Blueprint, abort, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from lumbung_plugin import city, database, settings, transaction
from werkzeug.wrappers import Response

from perizinan import filing, mine, permits, store, zoning
from perizinan.forms import FollowForm, SendForm
from perizinan.rules import Refusal, Verdict
from perizinan.views import own

pages = Blueprint("applicant", __name__)

View = str | Response | tuple[str, int]


@pages.after_request
def _unlisted(response: Response) -> Response:
    return own.unlisted(response)


@pages.route("/ikuti", methods=["GET", "POST"])
def find() -> View:
    form = FollowForm()
    if form.validate_on_submit():
        number, code = form.number.data or "", form.code.data or ""
        if mine.guessing(database(), number):
            abort(429, _("Too many wrong codes within an hour. Please try again later."))
        found = mine.opened(database(), number, code)
        if found:
            mine.remember(found["number"])
            return redirect(url_for(".overview", number=found["number"]))
        with transaction() as db:
            mine.count_wrong(db, number)
        form.code.errors = [_("Number and code do not belong together. Check both and try again.")]
    opened = [row for number in mine.numbers() if (row := store.by_number(database(), number))]
    demo = _demo_numbers() if city().demo else []
    page = render_template("perizinan/follow.html", form=form, opened=opened, demo=demo, demo_code=mine.DEMO_CODE)
    return page, 400 if form.is_submitted() else 200


@pages.post("/ikuti/tutup")
def leave() -> View:
    mine.leave()
    flash(_("This browser has forgotten your applications. Number and code open them again."), "good")
    return redirect(url_for(".find"))


@pages.get("/permohonan/<number>")
def overview(number: str) -> View:
    db, application = database(), own.mine_only(number)
    fresh = session.pop("fresh", None)
    return render_template(
        "perizinan/application.html",
        **own.common(db, application),
        code=fresh[1] if fresh and fresh[0] == application["number"] else None,
        events=store.events(db, application["id"], public=True),
        permit=permits.of_application(db, application["id"]),
        decision=store.decision(db, application["id"]),
        standing=permits.standing,
        form=SendForm(formdata=None),
    )


@pages.post("/permohonan/<number>/kirim")
def send(number: str) -> View:
    found = zoning.kept(own.mine_only(number)["zoning"])
    forbidden = found is not None and found.verdict is Verdict.FORBIDDEN
    if forbidden and not SendForm().validate_on_submit():
        flash(_("Tick that you know what the spatial plan says, then send it."), "warn")
        return redirect(url_for(".overview", number=number) + "#kirim")
    with transaction() as db:
        refusal = filing.send(db, own.mine_only(number))
    return own.done(number, refusal, _("Your application is sent. Here you see every step."))


@pages.post("/permohonan/<number>/perbaiki")
def answer(number: str) -> View:
    with transaction() as db:
        refusal = filing.answer(db, own.mine_only(number))
    return own.done(number, refusal, _("Your corrections are sent. The clock goes on."))


@pages.post("/permohonan/<number>/batal")
def withdraw(number: str) -> View:
    with transaction() as db:
        refusal = filing.withdraw(db, own.mine_only(number))
    return own.done(number, refusal, _("The application is withdrawn."))


@pages.post("/permohonan/<number>/hapus")
def erase(number: str) -> View:
    with transaction() as db:
        found = filing.erase(db, own.mine_only(number))
    if isinstance(found, Refusal):
        return own.done(number, found, "")
    filing.discard(found)
    flash(_("Your data and files are erased."), "good")
    return redirect(url_for(".find"))


@pages.get("/permohonan/<number>/surat.pdf")
def letter(number: str) -> View:
    permit = permits.of_application(database(), own.mine_only(number)["id"])
    return letter_of(permit) if permit else abort(404)


def letter_of(permit: sqlite3.Row) -> Response:
    """The permit as a download."""
    from perizinan import letter  # noqa: PLC0415 - the library that draws PDF: 19 MB that no other page needs

    response = Response(letter.draw(permit, permits.standing(permit), settings()), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{permit["number"]}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _demo_numbers() -> list[sqlite3.Row]:
    """One made-up application of each state, to try with the demonstration's code."""
    query = (
        "SELECT max(number) AS number, state FROM application WHERE demo = 1 AND erased = 0 GROUP BY state ORDER BY 1"
    )
    return database().execute(query).fetchall()
