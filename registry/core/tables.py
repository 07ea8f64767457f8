"""Tables as CSV (RFC 4180) that spreadsheets open as they are meant."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

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
