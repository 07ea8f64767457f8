"""Files of applicants: a PDF that does nothing by itself, or a photo, drawn anew. Never what they were called."""

import io
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from flask import Response, abort, send_from_directory
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from lumbung_plugin import pdf_check
from lumbung_plugin.pdf_check import Verdict
from lumbung_plugin.photos import PhotoRefusal
from lumbung_plugin.storage import data_dir

MB = 1024 * 1024
NAME = re.compile(r"[0-9a-f]{32}\.(pdf|jpg)")
TITLE = 100
TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg"}


class AttachmentRefusal(StrEnum):
    """Why a file was not taken in; `words` says it."""

    NOT_ACCEPTED = "not_accepted"
    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    ACTS = "acts"
    LOCKED = "locked"


@dataclass(frozen=True)
class Attachment:
    """A stored file. `name` is its unguessable name in `folder()`, `title` what its sender called it (for reading
    only), `kind` is `pdf` or `photo`, `size` in bytes.
    """

    name: str
    title: str
    kind: str
    size: int


_REFUSED = {
    Verdict.ACTS: AttachmentRefusal.ACTS,
    Verdict.LOCKED: AttachmentRefusal.LOCKED,
    PhotoRefusal.NOT_A_PHOTO: AttachmentRefusal.NOT_ACCEPTED,
    PhotoRefusal.TOO_LARGE: AttachmentRefusal.TOO_MANY_PIXELS,
}


def folder() -> Path:
    """`attachments` in the data folder."""
    path = data_dir() / "attachments"
    path.mkdir(exist_ok=True)
    return path


def keep(file: FileStorage, most: int = 5 * MB) -> Attachment | AttachmentRefusal:
    """Take in one uploaded file of at most `most` bytes, judged by its content: its name and type say nothing.

    Discard it when the application it belongs to is not saved.
    """
    data = file.stream.read(most + 1)
    if len(data) > most:
        return AttachmentRefusal.TOO_LARGE
    verdict = pdf_check.check(data)
    if verdict is Verdict.NOT_A_PDF:
        return _photo(data, file.filename)
    if verdict is not Verdict.CLEAN:
        return _REFUSED[verdict]
    name = f"{secrets.token_hex(16)}.pdf"
    (folder() / name).write_bytes(data)
    return Attachment(name, title_of(file.filename), "pdf", len(data))


def discard(names: Iterable[str]) -> None:
    """Remove files; names that are none are passed over."""
    for name in names:
        if NAME.fullmatch(name):
            (folder() / name).unlink(missing_ok=True)


def send(name: str, title: str = "") -> Response:
    """The file; 404 when there is none. Whether the reader may see it, the view has asked before.

    A PDF is saved, never shown on the city's own address; nothing is kept by the browser; no script runs.
    """
    if not NAME.fullmatch(name):
        abort(404)
    ending = name.rpartition(".")[2]
    saved_as = f"{Path(title_of(title)).stem or 'berkas'}.{ending}"
    response = send_from_directory(
        folder(), name, mimetype=TYPES[ending], as_attachment=ending == "pdf", download_name=saved_as
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def words(refusal: AttachmentRefusal, name: str | None = None) -> str:
    """A refusal in the page's language, with the file's name as its sender knows it."""
    shown = title_of(name)[:60] or _("The file")
    said = {
        AttachmentRefusal.NOT_ACCEPTED: _("%(name)s is neither a PDF nor a photo (JPEG, PNG, WebP).", name=shown),
        AttachmentRefusal.TOO_LARGE: _("%(name)s is too large. Send a smaller copy, or fewer pages.", name=shown),
        AttachmentRefusal.TOO_MANY_PIXELS: _("%(name)s has too many pixels. Send a smaller copy.", name=shown),
        AttachmentRefusal.ACTS: _(
            "%(name)s holds a script, a form program or other files. Print it to a new PDF and send that.", name=shown
        ),
        AttachmentRefusal.LOCKED: _("%(name)s is locked with a password. Save it without one.", name=shown),
    }
    return said[refusal]


def title_of(name: str | None) -> str:
    """What a sender called a file, fit to be shown: no folders, no invisible characters, at most 100 characters."""
    last = re.split(r"[/\\]", name or "")[-1]
    return " ".join("".join(letter if letter.isprintable() else " " for letter in last).split())[:TITLE]


def _photo(data: bytes, title: str | None) -> Attachment | AttachmentRefusal:
    from lumbung_plugin import drawing  # noqa: PLC0415 - the imaging library: 4 MB that no other page needs

    place = folder()
    stored = drawing.store(io.BytesIO(data), place)
    if isinstance(stored, PhotoRefusal):
        return _REFUSED[stored]
    (place / f"{stored.name}-kecil.jpg").unlink()
    name = f"{stored.name}.jpg"
    return Attachment(name, title_of(title), "photo", (place / name).stat().st_size)
