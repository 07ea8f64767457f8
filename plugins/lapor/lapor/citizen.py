"""The reporter's pages: send a report, find it again, follow it, rate the answer, open it again."""

import sqlite3
from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from lumbung_plugin import database, local, photos, public_url, stuffing, today, transaction
from lumbung_plugin.photos import Photo
from werkzeug.wrappers import Response

from lapor import intake, lists, places, store, work
from lapor.days import next_deadline
from lapor.forms import FollowForm, RatingForm, ReopenForm, ReportForm
from lapor.intake import NewReport
from lapor.rules import State, reopening
from lapor.words import REFUSALS

pages = Blueprint("citizen", __name__)

# One browser's within an hour; all senders together: above what any city's people type, far below what a script does.
PER_BROWSER, TOGETHER, WINDOW = 5, 60, timedelta(minutes=10)
# Against guessing codes from one browser; the twelve letters themselves are what protects.
TRIES = 20
OPENED = ("citizen.follow", "citizen.rate", "citizen.reopen", "citizen.forget", "citizen.withdraw")

View = str | Response | tuple[str, int]


@pages.after_request
def _unlisted(response: Response) -> Response:
    # These addresses carry a secret code: no search engine, no copy in a cache.
    if request.endpoint in OPENED:
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Cache-Control"] = "no-store"
    return response


@pages.route("/lapor", methods=["GET", "POST"])
def report() -> View:
    form = ReportForm()
    form.choose(_category_choices(database()), places.kelurahan())
    if not form.validate_on_submit():
        return _form(form), 400 if form.is_submitted() else 200
    if stuffing.hidden():
        # Look the same as success, so that a machine learns nothing.
        return redirect(url_for("public.home"))
    if not _room():
        abort(429, _("Several reports were sent just now. Please wait an hour, then send the next one."))
    kept = _keep_photos(form)
    if form.errors:
        return _form(form), 400
    with transaction() as db:
        number, code = intake.create(db, _new_report(form), kept)
    stuffing.count(session, "report")
    return redirect(url_for(".follow", number=number, code=code, baru=1))


def _form(form: ReportForm) -> str:
    return render_template("lapor/report.html", form=form, outline=places.outline(), centre=places.centre())


def _room() -> bool:
    """Whether one more report may come in now, from this browser and in all."""
    together = stuffing.too_many(database(), "web_report", "created_at", TOGETHER, WINDOW)
    return not together and stuffing.allowed(session, "report", PER_BROWSER)


@pages.route("/ikuti", methods=["GET", "POST"])
def find() -> View:
    form = FollowForm()
    if form.validate_on_submit():
        if not stuffing.allowed(session, "code", TRIES):
            abort(429, _("Too many codes were tried. Please wait an hour."))
        found = intake.followed(database(), form.number.data, form.code.data)
        if found:
            return redirect(url_for(".follow", number=found["number"], code=form.code.data.upper()))
        stuffing.count(session, "code")
        flash(_("Number and code do not belong together. Check both and try again."), "wrong")
    return render_template("lapor/find.html", form=form), 400 if form.is_submitted() else 200


@pages.get("/ikuti/<number>/<code>")
def follow(number: str, code: str) -> View:
    return _follow_page(number, code, RatingForm(formdata=None), ReopenForm(formdata=None))


@pages.post("/ikuti/<number>/<code>/nilai")
def rate(number: str, code: str) -> View:
    found = _own(number, code)
    form = RatingForm()
    if not form.validate_on_submit():
        return _follow_page(number, code, form, ReopenForm(formdata=None)), 400
    refusal = work.rate(database(), found, form.stars.data, form.note.data or "")
    flash(REFUSALS[refusal] if refusal else _("Thank you for your rating."), "warn" if refusal else "good")
    return redirect(url_for(".follow", number=number, code=code))


@pages.post("/ikuti/<number>/<code>/buka-lagi")
def reopen(number: str, code: str) -> View:
    found = _own(number, code)
    form = ReopenForm()
    if not form.validate_on_submit():
        return _follow_page(number, code, RatingForm(formdata=None), form), 400
    refusal = work.reopen(database(), found, form.reason.data, today(), next_deadline(today()))
    done = _("Your report is open again. The office was given a new deadline.")
    flash(REFUSALS[refusal] if refusal else done, "warn" if refusal else "good")
    return redirect(url_for(".follow", number=number, code=code))


@pages.post("/ikuti/<number>/<code>/hapus-kontak")
def forget(number: str, code: str) -> View:
    """The reporter takes name and telephone number back."""
    work.forget_contact(database(), _own(number, code))
    flash(_("Your name and telephone number are deleted. The report goes on without them."), "good")
    return redirect(url_for(".follow", number=number, code=code))


@pages.post("/ikuti/<number>/<code>/tarik")
def withdraw(number: str, code: str) -> View:
    """The reporter takes the whole report back."""
    refusal = work.withdraw(database(), _own(number, code), "")
    flash(REFUSALS[refusal] if refusal else _("Your report is withdrawn: words, place and photos are erased."), "good")
    return redirect(url_for("public.home"))


def _own(number: str, code: str) -> sqlite3.Row:
    found = intake.followed(database(), number, code)
    if found is None:
        abort(404, _("Number and code do not belong together. Check both and try again."))
    return found


def _follow_page(number: str, code: str, rating: RatingForm, reopening_form: ReopenForm) -> str:
    db = database()
    found = _own(number, code)
    answered = found["answered_at"]
    day = local(answered).date() if answered else None
    refusal = reopening(State(found["state"]), day, found["reopened"], today())
    first = store.by_id(db, found["duplicate_of"]) if found["duplicate_of"] else None
    return render_template(
        "lapor/follow.html",
        report=found,
        code=code,
        fresh=request.args.get("baru") == "1",
        link=public_url(".follow", number=number, code=code),
        photos=store.photos_of(db, found["id"]),
        events=store.events_of(db, found["id"], public=True),
        rating=rating,
        reopening=reopening_form,
        may_reopen=refusal is None,
        original=first if first and store.is_public(first) else None,
        outline=places.of(found),
    )


def _category_choices(db: sqlite3.Connection) -> list[tuple[int, str]]:
    locale = get_locale()
    english = locale is not None and locale.language == "en"
    return [(row["id"], row["name_en"] if english and row["name_en"] else row["name"]) for row in lists.categories(db)]


def _keep_photos(form: ReportForm) -> list[Photo]:
    """The photos of a valid form, drawn anew; on a refusal none is kept and the form says why."""
    files = [file for file in form.photos.data or [] if file and file.filename]
    if not files:
        return []
    from lumbung_plugin import drawing  # noqa: PLC0415 - the imaging library: 30 ms and 4 MB that no other page needs

    kept: list[Photo] = []
    for file in files:
        stored = drawing.store(file.stream)
        if isinstance(stored, Photo):
            kept.append(stored)
            continue
        photos.discard([photo.name for photo in kept])
        form.photos.errors = [photos.words(stored, file.filename)]
        return []
    return kept


def _new_report(form: ReportForm) -> NewReport:
    anonymous = form.anonymous.data
    return NewReport(
        kind=form.kind.data,
        category_id=form.category_id.data,
        title=form.title.data,
        body=form.body.data,
        kelurahan=form.kelurahan.data or "",
        address=form.address.data or "",
        latitude=float(form.latitude.data) if form.latitude.data is not None else None,
        longitude=float(form.longitude.data) if form.longitude.data is not None else None,
        reporter_name=None if anonymous else form.reporter_name.data or None,
        reporter_phone=None if anonymous else form.reporter_phone.data or None,
        confidential=form.confidential.data,
    )
