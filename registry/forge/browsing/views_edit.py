"""Changing a fork in the browser, for a city without git people. Whatever is refused, the person's text stays."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from registry.accounts.access import person
from registry.core.errors import Finding, InvalidError, NotFoundError, RefusalError
from registry.core.uow import unit_of_work
from registry.forge.browsing import editing, reading, refs, rules
from registry.forge.browsing.editing import Change, MovedError
from registry.forge.browsing.forms import ChangeForm, FileForm, TextForm
from registry.forge.browsing.places import MAIN, Place, enter_to_write
from registry.forge.browsing.routes import FORK, page, trail
from registry.forge.browsing.texts import BOM, CRLF, Text
from registry.forge.views import blueprint

MAX_FILE = 1_900_000
Answer = str | Response | tuple[str, int]


@blueprint.route(f"{FORK}/edit/<path:path>", methods=["GET", "POST"])
def edit_file(city: str, app: str, path: str) -> Answer:
    """The text of a file; another path renames it. One that somebody deleted meanwhile is written anew."""
    place, version = _begin(app, city)
    form = TextForm()
    seen = _seen(place, form, version)
    try:
        text = _text(place, seen, path)
    except NotFoundError:
        if not form.is_submitted():
            raise
        return _save("edit", place, version, form, "", _bytes(form.text.data or "", None), path=path, text=None)
    if not form.is_submitted():
        form.base.data, form.path.data, form.text.data = seen, path, text.plain
        return _shown("edit", place, version, form, path=path, text=text)
    written = _bytes(form.text.data or "", text)
    content = written if written != _original(place, seen, path) else None
    return _save("edit", place, version, form, path, content, path=path, text=text)


@blueprint.route(f"{FORK}/new", methods=["GET", "POST"])
def edit_new(city: str, app: str) -> Answer:
    """A text of one's own."""
    place, version = _begin(app, city)
    form, folder = TextForm(), request.args.get("folder", "").strip("/")[:1_000]
    if not form.is_submitted():
        form.base.data, form.path.data = version.commit.id, f"{folder}/" if folder else ""
        return _shown("edit", place, version, form, path="", text=None)
    return _save("edit", place, version, form, "", _bytes(form.text.data or "", None), path="", text=None)


@blueprint.route(f"{FORK}/upload", methods=["GET", "POST"])
def edit_upload(city: str, app: str) -> Answer:
    """A picture or another file from the person's own computer."""
    place, version = _begin(app, city)
    form, folder = FileForm(), request.args.get("folder", "").strip("/")[:1_000]
    form.file.flags.required = True
    if not form.is_submitted():
        form.base.data, form.path.data = version.commit.id, f"{folder}/" if folder else ""
        return _shown("upload", place, version, form, path="")
    if form.file.data and (form.path.data or "").endswith("/") or not form.path.data:
        name = (form.file.data.filename if form.file.data else "") or ""
        form.path.data = f"{form.path.data or ''}{name.replace(chr(92), '/').rpartition('/')[2]}"
    return _save("upload", place, version, form, "", _uploaded(form), path="", needs_file=True)


@blueprint.route(f"{FORK}/replace/<path:path>", methods=["GET", "POST"])
def edit_replace(city: str, app: str, path: str) -> Answer:
    """Another content for a file that is no text, or another path."""
    place, version = _begin(app, city)
    form = FileForm()
    reading.find(place.repository, version.commit.id, path)
    if not form.is_submitted():
        form.base.data, form.path.data = version.commit.id, path
        return _shown("upload", place, version, form, path=path)
    form.path.data = form.path.data or path
    return _save("upload", place, version, form, path, _uploaded(form), path=path)


@blueprint.route(f"{FORK}/remove/<path:path>", methods=["GET", "POST"])
def edit_remove(city: str, app: str, path: str) -> Answer:
    """Ask, then delete a file; the history keeps it."""
    place, version = _begin(app, city)
    form = ChangeForm()
    reading.find(place.repository, version.commit.id, path)
    if not form.is_submitted():
        form.base.data = version.commit.id
        return _shown("remove", place, version, form, path=path)
    return _save("remove", place, version, form, path, None, path=path, gone=True)


@blueprint.post(f"{FORK}/branches/delete")
def delete_branch(city: str, app: str) -> Response:
    """A branch, confirmed by its name."""
    place = enter_to_write(app, city)
    name = request.form.get("name", "")[:200]
    if request.form.get("confirm", "") != name:
        flash(_("The name you typed is not the branch's: it stays."), "error")
    else:
        with unit_of_work():
            editing.delete_branch(place, name, request.form.get("old", "")[:64])
        flash(_("The branch %(name)s is deleted.", name=name), "success")
    return redirect(url_for("forge.branches", **place.url))


def _begin(app: str, city: str) -> tuple[Place, refs.Version]:
    """The branch ``?ref=`` of a fork this person may write to."""
    place = enter_to_write(app, city)
    name = request.args.get("ref", "") or MAIN
    version = refs.resolve(place.repository, f"heads/{name.removeprefix('heads/')}")
    return place, version


def _seen(place: Place, form: ChangeForm, version: refs.Version) -> str:
    """The commit the form was filled from, if it still is part of the fork."""
    if not form.is_submitted():
        return version.commit.id
    try:
        return refs.resolve(place.repository, form.base.data or "").commit.id
    except NotFoundError:
        return version.commit.id


def _text(place: Place, commit: str, path: str) -> Text:
    shown = reading.at(place.repository, commit, path)
    if not isinstance(shown, reading.SourceFile) or shown.text is None or shown.text.encoding != "utf-8":
        raise NotFoundError(_("%(path)s is no text that can be edited here.", path=path[:200]))
    return shown.text


def _original(place: Place, commit: str, path: str) -> bytes:
    return reading.content(place.repository, commit, path, reading.MAX_SHOWN)[0]


def _bytes(given: str, like: Text | None) -> bytes:
    """A form sends every line end as CRLF: the file keeps its own, and its byte order mark."""
    text = given.replace("\r\n", "\n").replace("\r", "\n")
    if like and like.ends == CRLF:
        text = text.replace("\n", "\r\n")
    return ((BOM if like and like.bom else "") + text).encode("utf-8", "replace")


def _uploaded(form: FileForm) -> bytes | None:
    return form.file.data.stream.read(MAX_FILE + 1) if form.file.data else None


def _save(
    template: str, place: Place, version: refs.Version, form: Any, old_path: str, content: bytes | None,
    gone: bool = False, needs_file: bool = False, **told: Any,
) -> Answer:  # fmt: skip
    """Commit what the form says, or show it again with what is wrong, the person's text in it."""
    new_path = "" if gone else (form.path.data or "").strip().strip("/")
    change = Change(
        version.name, form.base.data or "", old_path, new_path, content, form.message.data or "", form.branch_beside
    )
    try:
        _check(form, change, gone, needs_file)
        with unit_of_work():
            made = editing.commit(place, change, person())
    except MovedError as moved:
        meanwhile = _meanwhile(place, change, moved.head)
        form.base.data = moved.head
        return _shown(template, place, version, form, refusal=moved, meanwhile=meanwhile, **told), moved.status
    except RefusalError as refusal:
        return _shown(template, place, version, form, refusal=refusal, **told), refusal.status
    return _done(place, change, made)


def _check(form: Any, change: Change, gone: bool, needs_file: bool) -> None:
    if not form.validate():
        wrong = [Finding(name, str(message)) for name, messages in form.errors.items() for message in messages]
        raise InvalidError(_("Something needs correcting"), wrong)
    if not gone and not change.new_path:
        message = _("Give a path.")
        raise InvalidError(message, [Finding("path", message)])
    if needs_file and change.content is None:
        message = _("Choose a file.")
        raise InvalidError(message, [Finding("file", message)])
    if change.content is not None and len(change.content) > MAX_FILE:
        message = _("This is larger than 1.9 MB. Push it with git.")
        raise InvalidError(message, [Finding("file", message)])
    if form.where.data == "new" and not change.new_branch:
        message = _("Give the new branch a name.")
        raise InvalidError(message, [Finding("new_branch", message)])


def _meanwhile(place: Place, change: Change, head: str) -> object:
    """What others changed in the file since the person saw it; None when that is not known any more."""
    try:
        seen = refs.resolve(place.repository, change.base).commit.id
    except NotFoundError:
        return None
    return place.changes(seen, head, change.path or change.new_path)


def _shown(template: str, place: Place, version: refs.Version, form: Any, **told: Any) -> str:
    path = told.get("path") or ""
    suggestion = f"perubahan-{version.commit.id[:6]}"
    known = {"refusal": None, "meanwhile": None, **told}
    return page(
        template, place, version, form=form, trail=trail(path), suggestion=suggestion, max_message=rules.MAX_MESSAGE,
        **known,
    )  # fmt: skip


def _done(place: Place, change: Change, made: editing.Committed) -> Response:
    flash(_("Committed to %(branch)s.", branch=made.branch), "success")
    if made.warnings:
        count = len(made.warnings)
        hints = "; ".join(str(one) for one in made.warnings[:3])
        flash(ngettext("%(num)s hint: %(hints)s", "%(num)s hints: %(hints)s", count, hints=hints), "warning")
    folder = change.path.rpartition("/")[0]
    where = change.new_path or (folder if _is_there(place, made.id, folder) else "")
    return redirect(url_for("forge.source", path=where, ref=f"heads/{made.branch}", **place.url))


def _is_there(place: Place, commit: str, folder: str) -> bool:
    return bool(reading.names(place.repository, commit, folder))
