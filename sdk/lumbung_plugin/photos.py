"""Photos people send: what is kept of them, and where. They are drawn in `lumbung_plugin.drawing`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from flask import Response, abort, send_from_directory
from flask_babel import gettext as _

from lumbung_plugin.storage import data_dir

NAME = re.compile(r"[0-9a-f]{32}")
SUFFIXES = (".jpg", "-kecil.jpg")
HOUR = 3600


class PhotoRefusal(StrEnum):
    """Why a photo was not taken in; `words` says it."""

    NOT_A_PHOTO = "not_a_photo"
    TOO_LARGE = "too_large"


@dataclass(frozen=True)
class Photo:
    """A stored photo: `name` is the unguessable stem of `name.jpg` and `name-kecil.jpg`; pixels as shown."""

    name: str
    width: int
    height: int


def folder() -> Path:
    """`photos` in the data folder."""
    path = data_dir() / "photos"
    path.mkdir(exist_ok=True)
    return path


def discard(names: Iterable[str]) -> None:
    """Remove the files of photos that were not saved or are to be forgotten; names that are none are passed over."""
    for name in names:
        if NAME.fullmatch(name):
            for suffix in SUFFIXES:
                (folder() / f"{name}{suffix}").unlink(missing_ok=True)


def send(name: str, small: bool = False) -> Response:
    """The photo, or its thumbnail; 404 when there is none. Whether the reader may see it, the view has asked before.

    Kept an hour by the reader's browser, by nobody on the way.
    """
    if not NAME.fullmatch(name):
        abort(404)
    response = send_from_directory(folder(), f"{name}{SUFFIXES[small]}", mimetype="image/jpeg", max_age=HOUR)
    response.headers["Cache-Control"] = f"private, max-age={HOUR}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def words(refusal: PhotoRefusal, name: str | None = None) -> str:
    """A refusal in the page's language, with the file's name as its sender knows it."""
    shown = (name or "")[:60] or _("The file")
    if refusal is PhotoRefusal.TOO_LARGE:
        return _("%(name)s has too many pixels. Send a smaller copy.", name=shown)
    return _("%(name)s is no photo we can read. Send JPEG, PNG or WebP.", name=shown)
