"""Staff tell what groups did, with photos."""

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from lumbung_plugin import database, photos, require_role, staff, today
from lumbung_plugin.forms import choices
from lumbung_plugin.photos import Photo
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from masdarling import activities, catalogue
from masdarling.forms import ActivityForm

pages = Blueprint("news", __name__, url_prefix="/kerja/kegiatan")

View = str | Response | tuple[str, int]


@pages.get("")
@require_role("operator")
def listing() -> str:
    """All activities, drafts first."""
    return render_template("masdarling/work_news.html", news=activities.all(database()))


@pages.route("/baru", methods=["GET", "POST"])
@require_role("operator")
def new() -> View:
    """Tell of an activity."""
    return _edit(ActivityForm(day=today()), None)


@pages.route("/<int:activity_id>", methods=["GET", "POST"])
@require_role("operator")
def edit(activity_id: int) -> View:
    """Change an activity, add photos to it."""
    found = activities.one(database(), activity_id)
    if found is None:
        abort(404)
    values = {name: found[name] for name in ("title", "rt_id", "people", "body")}
    return _edit(ActivityForm(data=values | {"day": _day(found["day"]), "shown": bool(found["shown"])}), activity_id)


@pages.post("/<int:activity_id>/foto/<name>/hapus")
@require_role("operator")
def drop_photo(activity_id: int, name: str) -> Response:
    """Remove a photo."""
    activities.drop_photo(database(), activity_id, name)
    flash(gettext("The photo was removed."), "good")
    return redirect(url_for("news.edit", activity_id=activity_id), 303)


@pages.post("/<int:activity_id>/hapus")
@require_role("operator")
def drop(activity_id: int) -> Response:
    """Remove an activity."""
    activities.drop(database(), activity_id)
    flash(gettext("The activity and its photos were removed."), "good")
    return redirect(url_for("news.listing"), 303)


def _edit(form: ActivityForm, activity_id: int | None) -> View:
    db = database()
    rows = catalogue.groups(db)
    form.rt_id.choices = choices((row["id"], f"{row['kelurahan']} · {row['name']}") for row in rows)
    stored: list[Photo] = []
    if form.validate_on_submit() and _drawn(form, stored):
        saved = activities.save(
            db, activity_id, form.rt_id.data, form.title.data or "", form.body.data or "", form.day.data,
            form.people.data or 0, bool(form.shown.data), staff().name,
        )  # fmt: skip
        kept = activities.add_photos(db, saved, stored, form.text.data or "")
        if kept < len(stored):
            flash(gettext("An activity has at most six photos; the others were left out."), "warn")
        flash(gettext("The activity was saved."), "good")
        return redirect(url_for("citizen.activity", activity_id=saved), 303)
    page = render_template(
        "masdarling/news_form.html", form=form, activity_id=activity_id,
        photos=activities.photos_of(db, activity_id) if activity_id else [],
    )  # fmt: skip
    return (page, 422) if form.errors else page


def _drawn(form: ActivityForm, stored: list[Photo]) -> bool:
    """Draw the photos that came into ``stored``; False when one is none, and then nothing is kept."""
    from lumbung_plugin import drawing  # noqa: PLC0415 - the imaging library: 30 ms and 4 MB that no other page needs

    files = [file for file in request.files.getlist("photos") if isinstance(file, FileStorage) and file.filename]
    for file in files[: activities.MOST_PHOTOS]:
        found = drawing.store(file.stream)
        if not isinstance(found, Photo):
            photos.discard([photo.name for photo in stored])
            stored.clear()
            form.photos.errors = [photos.words(found, file.filename)]
            return False
        stored.append(found)
    return True


def _day(text: str) -> date:
    return date.fromisoformat(text)
