"""The applicant's guided form: who and what, where, the files; the same pages serve the corrections."""

import sqlite3

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from lumbung_plugin import attachments, database, settings, stuffing, transaction
from lumbung_plugin.attachments import Attachment
from werkzeug.wrappers import Response

from perizinan import catalogue, filing, mine, store, zoning
from perizinan.forms import BeginForm, DataForm, PlaceForm
from perizinan.rules import State, Verdict
from perizinan.views import own

pages = Blueprint("filling", __name__)

View = str | Response | tuple[str, int]
DRAFTS_AN_HOUR, ALL_DRAFTS_AN_HOUR = 5, 300
FILES_AN_HOUR = 40


@pages.after_request
def _unlisted(response: Response) -> Response:
    return own.unlisted(response)


@pages.route("/izin/<slug>/ajukan", methods=["GET", "POST"])
def begin(slug: str) -> View:
    row = catalogue.by_slug(database(), slug)
    if row is None:
        abort(404, _("There is no open permit at this address. Look at the list of permits."))
    form = BeginForm()
    if not form.validate_on_submit():
        page = render_template("perizinan/begin.html", type=row, form=form)
        return page, 400 if form.is_submitted() else 200
    if stuffing.hidden():
        return redirect(url_for("public.home"))
    crowded = stuffing.too_many(database(), "application", "created_at", ALL_DRAFTS_AN_HOUR, stuffing.HOUR)
    if crowded or not stuffing.allowed(session, "draft", DRAFTS_AN_HOUR):
        abort(429, _("Several applications were begun just now. Please wait an hour, then begin the next one."))
    with transaction() as db:
        number, code = filing.begin(db, row["id"], _values(form))
    stuffing.count(session, "draft")
    mine.remember(number)
    session["fresh"] = [number, code]
    return redirect(url_for("applicant.overview", number=number))


@pages.route("/permohonan/<number>/data", methods=["GET", "POST"])
def data(number: str) -> View:
    application = own.changeable(number, None)
    form = DataForm(data={key: application[key] for key in filing.DATA})
    if not form.validate_on_submit():
        page = render_template("perizinan/data.html", form=form, **own.common(database(), application))
        return page, 400 if form.is_submitted() else 200
    with transaction() as db:
        filing.save_data(db, own.again(db, application, None), _values(form))
    flash(_("Saved."), "good")
    return redirect(_next(application, ".place"))


@pages.route("/permohonan/<number>/tempat", methods=["GET", "POST"])
def place(number: str) -> View:
    application = own.changeable(number, None)
    if not application["wants_place"]:
        abort(404)
    form = PlaceForm(data={key: application[key] for key in ("place_address", "latitude", "longitude")})
    if not form.validate_on_submit():
        centre = (settings()["map_latitude"], settings()["map_longitude"])
        page = render_template(
            "perizinan/place.html",
            form=form,
            centre=centre if any(centre) else None,
            **own.common(database(), application),
        )
        return page, 400 if form.is_submitted() else 200
    where = (float(form.latitude.data or 0), float(form.longitude.data or 0), form.place_address.data or "")
    # Asked before the write lock is taken: a slow sibling must keep nobody else waiting.
    found = zoning.ask(where[0], where[1], application["zoning_use"]) if application["wants_zoning"] else None
    with transaction() as db:
        filing.save_place(db, own.again(db, application, None), where, found)
    if found is None or found.verdict is Verdict.ALLOWED:
        flash(_("The place is saved."), "good")
        return redirect(_next(application, ".papers"))
    return redirect(url_for(".place", number=number) + "#zona")


@pages.get("/permohonan/<number>/berkas")
def papers(number: str) -> View:
    application = own.mine_only(number)
    if application["state"] not in (State.DRAFT, State.CORRECTION):
        return redirect(url_for("applicant.overview", number=number))
    return render_template("perizinan/papers.html", wrong={}, **own.common(database(), application))


@pages.post("/permohonan/<number>/berkas/<int:need>")
def upload(number: str, need: int) -> View:
    application = own.changeable(number, need)
    db = database()
    requirement = next((one for one in store.requirements(db, application) if one["id"] == need), None)
    if requirement is None:
        abort(404)
    if not stuffing.allowed(session, "file", FILES_AN_HOUR):
        abort(429, _("Many files were sent just now. Please wait an hour; your draft is kept."))
    stuffing.count(session, "file")
    kept = _kept(requirement)
    if isinstance(kept, str):
        page = render_template("perizinan/papers.html", wrong={need: kept}, **own.common(db, application))
        return page, 400
    try:
        with transaction() as db:
            gone = filing.add_file(db, own.again(db, application, need), need, kept)
    except BaseException:
        attachments.discard([kept.name])
        raise
    attachments.discard(gone)
    flash(_("%(name)s is saved.", name=kept.title or _("The file")), "good")
    return redirect(url_for(".papers", number=number) + f"#syarat-{need}")


@pages.get("/permohonan/<number>/berkas/<int:file_id>")
def paper(number: str, file_id: int) -> View:
    found = store.file(database(), own.mine_only(number)["id"], file_id)
    return attachments.send(found["name"], found["title"]) if found else abort(404)


def _kept(requirement: sqlite3.Row) -> Attachment | str:
    """The file of the request as it was taken in, or what is wrong with it."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _("Choose a file first.")
    kept = attachments.keep(file)
    if not isinstance(kept, Attachment):
        return attachments.words(kept, file.filename)
    if requirement["accept"] not in ("any", kept.kind):
        attachments.discard([kept.name])
        return _("Send a PDF here.") if requirement["accept"] == "pdf" else _("Send a photo here, not a PDF.")
    return kept


def _next(application: sqlite3.Row, step: str) -> str:
    if application["state"] == State.CORRECTION:
        step = "applicant.overview"
    elif step == ".place" and not application["wants_place"]:
        step = ".papers"
    return url_for(step, number=application["number"])


def _values(form: DataForm) -> dict[str, str]:
    return {key: form[key].data or "" for key in filing.DATA}
