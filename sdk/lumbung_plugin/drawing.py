"""Photos people send: always drawn anew, so that no place, time or camera data stays in them.

Only who takes a photo in imports this: the imaging library is most of what a plugin would load when it wakes.
"""

import secrets
import threading
from pathlib import Path
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

from lumbung_plugin.photos import Photo, PhotoRefusal, folder

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


def store(source: IO[bytes], place: Path | None = None) -> Photo | PhotoRefusal:
    """Decode, turn upright, bound to 1600 pixels and write a photo and its thumbnail as JPEG without any metadata.

    `place` is a folder other than `photos.folder()`. Up to 130 MB of memory for a moment.
    """
    with _one_at_a_time:
        try:
            with Image.open(source, formats=FORMATS) as image:
                if image.width * image.height > _allowed(image):
                    return PhotoRefusal.TOO_LARGE
                image.draft("RGB", (LONGEST, LONGEST))
                # Smaller first: turning or converting the whole picture would hold it in memory twice.
                image.thumbnail((LONGEST, LONGEST))
                upright = ImageOps.exif_transpose(image).convert("RGB")
        except Image.DecompressionBombError:
            return PhotoRefusal.TOO_LARGE
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
            return PhotoRefusal.NOT_A_PHOTO
        # Outside of what may be the photo's fault: a full disk is ours.
        return _write(upright, place or folder())


def _allowed(image: Image.Image) -> int:
    if image.format != "JPEG":
        return PIXELS_WHOLE
    return PIXELS_PROGRESSIVE if image.info.get("progressive") else PIXELS_SCALED


def _write(image: Image.Image, place: Path) -> Photo:
    # Pixels only: a fresh picture has no EXIF, XMP, ICC profile or comment to carry along.
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    name = secrets.token_hex(16)
    clean.save(place / f"{name}.jpg", "JPEG", quality=82, optimize=True)
    clean.thumbnail((THUMBNAIL, THUMBNAIL))
    clean.save(place / f"{name}-kecil.jpg", "JPEG", quality=78)
    return Photo(name, image.width, image.height)
