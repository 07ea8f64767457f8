"""An app's pictures: which ones a page shows, and what a stranger's file must be to be served as one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

PNG, JPEG, SVG = "image/png", "image/jpeg", "image/svg+xml"
MAX_PHOTO = 2 * 2**20
MAX_DRAWING = 128 * 2**10
MAX_PIXELS = 40_000_000
"""A photo of this many pixels fills 160 MB of a visitor's memory, however few bytes it has as a file."""

MAX_SHOWN = 12
SHOWABLE = re.compile(r"(?!\.{0,2}/)[^:\\\0]{1,300}\.(?:png|jpe?g|svg)", re.IGNORECASE)

_PNG_START = b"\x89PNG\r\n\x1a\n"
_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
"""The markers of JPEG after which height and width follow (ITU-T T.81, table B.1)."""

_ACTIVE = re.compile(
    r"<!(?:doctype|entity)|<\?xml-stylesheet|<[\w.-]*:?(?:script|foreignobject|iframe|embed|object|handler|use)\b"
    r"|\son\w+\s*=|javascript:|@import",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Picture:
    """A screenshot: its path in the bundle and what its file name says of it (``peta kelurahan``)."""

    path: str
    name: str


def screenshots(texts: Mapping[str, Any]) -> tuple[Picture, ...]:
    """Those of one language's description that lie in the bundle, each once."""
    found = dict.fromkeys(path for path in map(inside, _texts(texts.get("screenshots"))) if path)
    return tuple(Picture(path, _name(path)) for path in found)[:MAX_SHOWN]


def inside(path: str) -> str:
    """The path of a picture in the bundle, "" for one that lies elsewhere or is of no kind a page shows."""
    plain = path.removeprefix("./")
    return plain if SHOWABLE.fullmatch(plain) and "//" not in plain and "/../" not in plain else ""


def media_type(content: bytes) -> str | None:
    """What a file really is, by its first bytes; None for all but sound PNG, JPEG and drawings that only draw."""
    if content.startswith(_PNG_START):
        return PNG if _fits(_png_size(content), len(content)) else None
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG if _fits(_jpeg_size(content), len(content)) else None
    return SVG if _is_drawing(content) else None


def _texts(value: object) -> Iterable[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list | tuple) else []


def _name(path: str) -> str:
    return " ".join(re.split(r"[-_\s]+", PurePosixPath(path).stem)).strip()[:60]


def _fits(size: tuple[int, int] | None, length: int) -> bool:
    return size is not None and length <= MAX_PHOTO and 0 < size[0] * size[1] <= MAX_PIXELS


def _png_size(content: bytes) -> tuple[int, int] | None:
    if content[12:16] != b"IHDR" or len(content) < 24:
        return None
    return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Of the first frame, past the segments before it; None when none comes."""
    place = 2
    while place + 9 <= len(content) and content[place] == 0xFF:
        marker, length = content[place + 1], int.from_bytes(content[place + 2 : place + 4])
        if marker in _FRAMES:
            return int.from_bytes(content[place + 7 : place + 9]), int.from_bytes(content[place + 5 : place + 7])
        if length < 2:
            return None
        place += 2 + length
    return None


def _is_drawing(content: bytes) -> bool:
    """Plain UTF-8 SVG without scripts, entities or anything from elsewhere. The answer's sandbox is the wall; this
    keeps what would fail behind it from being shown at all.
    """
    if len(content) > MAX_DRAWING or b"\0" in content:
        return False
    try:
        text = content.decode("utf-8").lstrip("\ufeff \t\r\n")
    except UnicodeDecodeError:
        return False
    begins = text.startswith(("<svg", "<?xml", "<!--")) and re.search(r"<svg[\s>]", text[:4096])
    return bool(begins) and not _ACTIVE.search(text)
