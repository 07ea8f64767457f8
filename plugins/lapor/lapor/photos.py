"""Photos of citizens: always drawn anew, so that no place, time or camera data stays in them."""

import secrets
import threading
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO

from lumbung_plugin import data_dir
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
LONGEST = 1600
THUMBNAIL = 480
# What decoding may cost in memory, measured: each limit stays below 130 MB. A baseline JPEG is decoded at a
# fraction of its size, a progressive one holds its coefficients, PNG and WebP are decoded whole.
PIXELS_SCALED = 64_000_000
PIXELS_PROGRESSIVE = 16_000_000
PIXELS_WHOLE = 8_000_000

# One photo at a time: a sandbox has little memory, and citizens can wait a second.
_one_at_a_time = threading.Lock()


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


def store(source: IO[bytes]) -> Photo | PhotoRefusal:
    """Decode, turn upright, bound and write a photo as JPEG without any metadata."""
    with _one_at_a_time:
        try:
            with Image.open(source, formats=FORMATS) as image:
                if image.width * image.height > _allowed(image):
                    return PhotoRefusal.TOO_LARGE
                image.draft("RGB", (LONGEST, LONGEST))
                # Smaller first: turning or converting the whole picture would hold it in memory twice.
                image.thumbnail((LONGEST, LONGEST))
                return _write(ImageOps.exif_transpose(image).convert("RGB"))
        except Image.DecompressionBombError:
            return PhotoRefusal.TOO_LARGE
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
            return PhotoRefusal.NOT_A_PHOTO


def _allowed(image: Image.Image) -> int:
    if image.format != "JPEG":
        return PIXELS_WHOLE
    return PIXELS_PROGRESSIVE if image.info.get("progressive") else PIXELS_SCALED


def _write(image: Image.Image) -> Photo:
    # Pixels only: a fresh picture has no EXIF, XMP, ICC profile or comment to carry along.
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    name = secrets.token_hex(16)
    clean.save(folder() / f"{name}.jpg", "JPEG", quality=82, optimize=True)
    clean.thumbnail((THUMBNAIL, THUMBNAIL))
    clean.save(folder() / f"{name}-kecil.jpg", "JPEG", quality=78)
    return Photo(name, image.width, image.height)


def discard(names: list[str]) -> None:
    """Remove files of photos whose report was not saved."""
    for name in names:
        for suffix in (".jpg", "-kecil.jpg"):
            (folder() / f"{name}{suffix}").unlink(missing_ok=True)
