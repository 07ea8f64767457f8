"""Official documents as PDF/UA: the template is filled here, and drawn by a process of its own.

Why a process: WeasyPrint takes 0.6 s and 30 MB to import, which each web process would carry for the few documents it
ever draws; a child takes it along when it ends, can be stopped at a time limit, and bounds what a strange text costs
(`registry.tenants.documents.drawing`).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from typing import Any

import segno
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from registry.core.errors import TooLargeError, UnavailableError
from registry.core.logs import logger
from registry.tenants.documents import words

MAX_HTML = 512 * 1024
SECONDS = 30
COMMAND = (sys.executable, "-W", "ignore", "-m", "registry.tenants.documents")

_turns = threading.BoundedSemaphore(2)
"""A drawing takes a processor and some 80 MB for about a second: no more than two of a web process at once."""


def draw(template: str, language: str = "id", **facts: Any) -> bytes:
    """The template as a tagged PDF (PDF/UA-1). The same facts give the same bytes, also on another machine.

    ``template`` extends ``documents/letter.html``, which says what facts it needs. Everything in the facts is text to
    be shown: it is escaped, and no address in it is fetched. Raises TooLargeError, or UnavailableError when drawing
    fails or takes longer than `SECONDS`.
    """
    return convert(fill(template, language, **facts))


def fill(template: str, language: str = "id", **facts: Any) -> str:
    """The HTML that is drawn. Raises TooLargeError."""
    with force_locale(language):
        html = current_app.jinja_env.get_template(template).render(
            facts | {"language": language, "qr": qr, **_dates(language)}
        )
    if len(html.encode()) > MAX_HTML:
        raise TooLargeError(_("This document is longer than one may be. Shorten its texts."))
    return html


def qr(address: str) -> Markup:
    """A QR code as inline SVG, with a text alternative; in a document it becomes a figure."""
    label = _("QR code that leads to %(address)s", address=address)
    drawn = segno.make(address, error="m", micro=False).svg_inline(border=4, light="#fff", omitsize=True, svgclass="qr")
    named = Markup('<svg role="img" aria-label="{}" ').format(label)
    return named + Markup(drawn.removeprefix("<svg "))  # noqa: S704 segno writes nothing but a path


def convert(html: str) -> bytes:
    """Draw HTML in a child process that gets nothing of our environment. Raises UnavailableError."""
    if not _turns.acquire(timeout=SECONDS):
        raise UnavailableError(_("Many documents are being drawn just now. Try again in a minute."))
    try:
        with tempfile.TemporaryDirectory(prefix="lumbung-document-") as folder:
            environment = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "TMPDIR": folder}
            ended = subprocess.run(
                COMMAND, input=html.encode(), capture_output=True, timeout=SECONDS, env=environment, cwd="/"
            )
    except subprocess.TimeoutExpired:
        logger.error("a document took too long to draw", seconds=SECONDS)
        raise UnavailableError(_("The document could not be drawn: it takes too long. Shorten its texts.")) from None
    finally:
        _turns.release()
    if ended.returncode or not ended.stdout.startswith(b"%PDF-"):
        said = ended.stderr[-2000:].decode("utf-8", "replace")
        logger.error("a document could not be drawn", code=ended.returncode, said=said)
        raise UnavailableError(_("The document could not be drawn. Try again; if it stays so, tell the operator."))
    return ended.stdout


def _dates(language: str) -> dict[str, Any]:
    return {
        "long_date": lambda day: words.long_date(day, language),
        "spelled_date": lambda day: words.spelled_date(day, language),
        "spelled": words.spelled,
    }
