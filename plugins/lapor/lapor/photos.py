"""Photos of citizens: what is kept of them, and where. They are drawn in `lapor.drawing`."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from lumbung_plugin import data_dir


class PhotoRefusal(StrEnum):
    NOT_A_PHOTO = "not_a_photo"
    TOO_LARGE = "too_large"


@dataclass(frozen=True)
class Photo:
    """A stored photo: `name` is the unguessable stem of `name.jpg` and `name-kecil.jpg`; pixels as shown."""

    name: str
    width: int
    height: int


def folder() -> Path:
    path = data_dir() / "photos"
    path.mkdir(exist_ok=True)
    return path


def discard(names: list[str]) -> None:
    """Remove files of photos whose report was not saved."""
    for name in names:
        for suffix in (".jpg", "-kecil.jpg"):
            (folder() / f"{name}{suffix}").unlink(missing_ok=True)
