"""Photos of citizens: always drawn anew, so that no place, time or camera data stays in them.

Only who takes a photo in imports this: the imaging library is most of what the app would load when it wakes.
"""

import secrets
import threading
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

from lapor.photos import Photo, PhotoRefusal, folder

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
