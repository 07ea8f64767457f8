"""Papers that cities give or are given, kept outside the web root, each by the digest of its content.

``DATA/documents/{city id}/{sha256}``: folders 0700, files 0600. A file is written once and never changed, so that a
backup may copy it at any moment; one whose unit of work was rolled back stays behind and harms nobody.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from flask import current_app, send_file
from flask_babel import gettext as _
from PIL import Image, UnidentifiedImageError
from werkzeug.wrappers import Response

from registry.core.errors import Finding, InvalidError, NotFoundError, TooLargeError
from registry.tenants.models import City

FOLDER = "documents"
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
SCANS: frozenset[str] = frozenset({PDF, JPEG, PNG})
ENDINGS: Mapping[str, str] = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png"}
MAX_BYTES = 10 * 2**20
MAX_PIXELS = 40_000_000
"""An A4 page scanned at 600 dpi has 35 million. Looked at, this many fill 160 MB, however few bytes the file has."""

MAX_NAME = 120
CHUNK = 2**16
DIGEST = re.compile(r"[0-9a-f]{64}")
ENCRYPTED = re.compile(rb"/Encrypt\s*(<<|\d+\s+\d+\s+R)")
END = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF")
TABLE = re.compile(rb"\s*(xref\b|\d+\s+\d+\s+obj\b)")


DAMAGED = (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning, OSError, SyntaxError,
           ValueError)  # fmt: skip


@dataclass(frozen=True)
class Stored:
    """``kind`` is a media type found in the content itself, ``name`` what the person called it, made harmless."""

    digest: str
    size: int
    kind: str
    name: str


def keep(city: City, name: str, stream: IO[bytes], kinds: Collection[str] = SCANS, field: str = "file") -> Stored:
    """Check a file by its content and keep it for this city.

    Raises TooLargeError over `MAX_BYTES`, InvalidError (for the form's ``field``) for what is empty, of another kind,
    cut off, or encrypted.
    """
    content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise TooLargeError(_("This file is too large: at most %(n)d MB.", n=MAX_BYTES // 2**20))
    found = kind_of(content)
    problem = "kind" if found is None or found not in kinds else CHECKS[found](content)
    if not content:
        problem = "empty"
    if problem or found is None:
        message = problem_text(problem or "kind", kinds)
        raise InvalidError(message, [Finding(field, message)])
    return put(city, safe_name(name, found), content, found)


def put(city: City, name: str, content: bytes, kind: str = PDF) -> Stored:
    """Keep what we made ourselves, unchecked."""
    digest = hashlib.sha256(content).hexdigest()
    target = path_of(_data(), city.id, digest)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not target.exists():
        draft = target.with_name(f".{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(target)
    return Stored(digest, len(content), kind, name)


def open_kept(city: City, digest: str) -> IO[bytes]:
    """Raises NotFoundError. Whoever calls has checked that the person may read it."""
    if DIGEST.fullmatch(digest):
        try:
            return path_of(_data(), city.id, digest).open("rb")
        except FileNotFoundError:
            pass
    raise NotFoundError(_("This file is not there any more. Ask the platform operator to look into the backups."))


def attached(city: City, digest: str, media: str, name: str) -> Response:
    """A download that no browser shows in place or takes for something else. Raises as `open_kept` does."""
    answer: Response = send_file(open_kept(city, digest), media, as_attachment=True, download_name=name, etag=False)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def path_of(data: Path, city_id: int, digest: str) -> Path:
    return data / FOLDER / str(int(city_id)) / digest


def kind_of(content: bytes) -> str | None:
    """By the first bytes, whatever the file is called."""
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    return JPEG if content.startswith(b"\xff\xd8\xff") else None


def safe_name(name: str, kind: str) -> str:
    """The last part of what the person called it, harmless and printable, with its true ending."""
    last = re.split(r"[\\/]", name)[-1]
    stem = re.sub(r"[^\w .()-]", "_", last.rpartition(".")[0] or last).strip(" .")[:MAX_NAME]
    return f"{stem or 'dokumen'}{ENDINGS.get(kind, '')}"


def problem_text(problem: str, kinds: Collection[str] = SCANS) -> str:
    wanted = _("a PDF") if set(kinds) == {PDF} else _("a PDF, a JPEG or a PNG")
    return {
        "empty": _("This file is empty. Choose %(kinds)s.", kinds=wanted),
        "kind": _("This is neither a PDF nor a picture we can read. Choose %(kinds)s.", kinds=wanted),
        "broken": _("This file is cut off or damaged. Scan or save it again."),
        "encrypted": _("This PDF is protected by a password. Save it without one."),
        "pixels": _("This picture is too large: scan it at 300 dots per inch."),
    }[problem]


def _pdf_problem(content: bytes) -> str | None:
    """Whole, and readable without a password: its end leads to its table of contents."""
    ends = END.findall(content[-2048:])
    if not ends or not TABLE.match(content, int(ends[-1])):
        return "broken"
    return "encrypted" if ENCRYPTED.search(content) else None


def _picture_problem(content: bytes) -> str | None:
    """Really decoded, within bounds."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                return "pixels"
            picture.load()
    except DAMAGED:
        return "broken"
    return None


CHECKS: Mapping[str, Callable[[bytes], str | None]] = {PDF: _pdf_problem, JPEG: _picture_problem, PNG: _picture_problem}


def _data() -> Path:
    data: Path = current_app.extensions["lumbung"].data
    return data
