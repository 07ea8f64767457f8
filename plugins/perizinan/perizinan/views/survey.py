"""The survey at the place: its day, its result, its photos."""

from flask import Blueprint, Response, abort
from flask_babel import gettext as _
from lumbung_plugin import database, photos, require_role, transaction
from lumbung_plugin.photos import Photo

from perizinan import desk, store
from perizinan.forms import PlanForm, SurveyForm
from perizinan.views import matter
from perizinan.views.matter import View

pages = Blueprint("survey", __name__, url_prefix="/kerja/<number>/survei")


@pages.post("/jadwal")
@require_role("operator")
def plan(number: str) -> View:
    form = PlanForm(prefix="plan")
    if not form.validate_on_submit():
        return matter.page(matter.found(number), planning=form), 400
    with transaction() as db:
        refusal = desk.plan_survey(db, matter.found(number), form.day.data, matter.officer())
    return matter.done(number, refusal, _("The applicant reads the day."))


@pages.post("")
@require_role("operator")
def record(number: str) -> View:
    application, form = matter.found(number), SurveyForm(prefix="survey")
    kept = _kept(form) if form.validate_on_submit() else []
    if form.errors or kept is None:
        return matter.page(application, surveying=form), 400
    result = (form.good.data == "1", form.day.data, form.note.data or "")
    try:
        with transaction() as db:
            refusal = desk.survey(db, matter.found(number), result, kept, matter.officer())
    except BaseException:
        photos.discard(kept)
        raise
    if refusal:
        photos.discard(kept)
    return matter.done(number, refusal, _("The survey is kept. The application waits for the decision now."))


@pages.get("/foto/<name>")
@require_role("operator")
def photo(number: str, name: str) -> Response:
    small = name.endswith("-kecil")
    stem = name.removesuffix("-kecil")
    known = store.photos(database(), matter.found(number)["id"])
    return photos.send(stem, small) if stem in known else abort(404)


def _kept(form: SurveyForm) -> list[str] | None:
    """The names of the photos, drawn anew; None when one is refused, the form then says why."""
    files = [file for file in form.photos.data or [] if file and file.filename]
    if not files:
        return []
    from lumbung_plugin import drawing  # noqa: PLC0415 - the imaging library: 4 MB that no other page needs

    kept: list[str] = []
    for file in files:
        stored = drawing.store(file.stream)
        if not isinstance(stored, Photo):
            photos.discard(kept)
            form.photos.errors = [photos.words(stored, file.filename)]
            return None
        kept.append(stored.name)
    return kept
