"""Files beside a message: PDF, pictures, texts and logs, known by their content. Only both sides get them."""

from __future__ import annotations

import io
import re
from typing import IO

from flask_babel import gettext as _
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from registry.catalog.assistance import rules
from registry.catalog.assistance.models import AssistanceFile, AssistanceMessage, AssistanceRequest
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError, NotFoundError, TooLargeError
from registry.tenants.documents import files
from registry.tenants.documents.files import Stored
from registry.tenants.models import City

Given = tuple[str, IO[bytes]]
"""What the person calls a file, and its content."""

TEXT = "text/plain"
MAX_TEXT = 2 * 2**20
ACCEPTED = "application/pdf,image/jpeg,image/png,text/plain,.log,.txt"
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MARKUP = re.compile(r"\s*(<!doctype|<\?xml|<html|<svg|<script|<head|<body|<!--|%!PS|\{\\rtf)", re.IGNORECASE)


def keep(request: AssistanceRequest, message: AssistanceMessage, given: list[Given]) -> list[AssistanceFile]:
    """Check each by its content and keep it for the city that asked.

    Raises TooLargeError, InvalidError for what is none of the kinds or damaged, ConflictError for too many.
    """
    if len(given) > rules.MAX_FILES:
        raise _wrong(_("At most %(n)d files with one message.", n=rules.MAX_FILES))
    held = select(func.count()).where(AssistanceFile.request_id == request.id)
    if given and (db.session.scalar(held) or 0) + len(given) > rules.MOST_FILES:
        raise ConflictError(_("At most %(n)d files are kept for one request.", n=rules.MOST_FILES))
    found = [_keep_one(request.city, name, stream) for name, stream in given]
    own = {"tenant_id": request.tenant_id, "request_id": request.id, "message_id": message.id}
    rows = [AssistanceFile(digest=one.digest, size=one.size, media=one.kind, name=one.name, **own) for one in found]
    db.session.add_all(rows)
    return rows


def _keep_one(city: City, name: str, stream: IO[bytes]) -> Stored:
    content = stream.read(files.MAX_BYTES + 1)
    if len(content) <= files.MAX_BYTES and content and files.kind_of(content) is None:
        return _keep_text(city, name, content)
    return files.keep(city, name, io.BytesIO(content), field="files")


def _keep_text(city: City, name: str, content: bytes) -> Stored:
    if len(content) > MAX_TEXT:
        raise TooLargeError(_("This text is too large: cut the log to the %(n)d MB that matter.", n=MAX_TEXT // 2**20))
    if not is_text(content):
        raise _wrong(_("This is neither a PDF nor a JPEG or PNG picture nor plain text, whatever its name says."))
    return files.put(city, f"{files.safe_name(name, TEXT)}.txt", content, TEXT)


def is_text(content: bytes) -> bool:
    """Readable characters only, and nothing that a program might run as a page."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not _CONTROLS.search(text) and not _MARKUP.match(text)


def find(request: AssistanceRequest, file_id: int) -> AssistanceFile:
    """Raises NotFoundError."""
    wanted = select(AssistanceFile).where(
        AssistanceFile.tenant_id == request.tenant_id, AssistanceFile.request_id == request.id,
        AssistanceFile.id == file_id,
    )  # fmt: skip
    found = db.session.scalar(wanted) if 0 < file_id < 2**63 else None
    if found is None:
        raise NotFoundError(_("There is no such file."))
    return found


def of_request(request: AssistanceRequest) -> dict[int, list[AssistanceFile]]:
    """By the message they came with."""
    wanted = select(AssistanceFile).where(
        AssistanceFile.tenant_id == request.tenant_id, AssistanceFile.request_id == request.id
    )
    found: dict[int, list[AssistanceFile]] = {}
    for one in db.session.scalars(wanted.order_by(AssistanceFile.id)):
        found.setdefault(one.message_id, []).append(one)
    return found


def attached(request: AssistanceRequest, one: AssistanceFile) -> Response:
    return files.attached(request.city, one.digest, one.media, one.name)


def _wrong(message: str) -> InvalidError:
    return InvalidError(message, [Finding("files", message)])
