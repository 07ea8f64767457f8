"""Tables as CSV (RFC 4180) that spreadsheets open as they are meant."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from flask import Response, stream_with_context

BOM = "\ufeff"
"""First in a file: by it spreadsheets know UTF-8."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(value: object) -> str:
    """A cell no spreadsheet takes for a formula (OWASP: CSV injection)."""
    text = "" if value is None else str(value).replace("\0", "")
    return f"'{text}" if text.startswith(FORMULA) else text


def row(cells: Iterable[object]) -> str:
    """One line of a table, its end included."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(map(cell, cells))
    return written.getvalue()


def download(lines: Iterable[str], name: str, kind: str = "text/csv; charset=utf-8; header=present") -> Response:
    """A table (or, by its ``kind``, another file of lines) as it is told, to be saved as ``name``; nobody keeps it."""
    answer = Response(stream_with_context(iter(lines)), content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
