"""Tables as CSV: written so that a spreadsheet opens them and runs nothing, read so that every mistake has its line."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import IO, Any

from flask import Response, stream_with_context
from flask_babel import gettext as _

# A spreadsheet runs a cell that begins with one of these as a formula.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
SEPARATORS = ",;\t"
MOST_ROWS = 20_000
MOST_BYTES = 10 * 1024 * 1024
MOST_PROBLEMS = 100
WHOLE_DIGITS = 15

Convert = Callable[[str], Any]


@dataclass(frozen=True)
class Column:
    """One column of a file to read: its `heading` (case does not count), and how a cell becomes a value.

    `convert` raises ValueError with a sentence for whoever made the file. An empty cell is `None`, or a problem when
    the column is `required`; a column that is not may be absent.
    """

    heading: str
    convert: Convert = str
    required: bool = True
    longest: int = 500


@dataclass(frozen=True)
class Problem:
    """What is wrong where: `line` as the editor counts, `column` its heading or empty, `sentence` for people."""

    line: int
    column: str
    sentence: str


@dataclass(frozen=True)
class Read:
    """The rows without a mistake, each a dict by the keys of `columns`, and at most 100 problems.

    `lines` tells for each row the line it begins at, for whatever a caller finds wrong later.
    """

    rows: list[dict[str, Any]]
    problems: list[Problem]
    lines: list[int] = field(default_factory=list)


def safe(value: object) -> str:
    """A cell no spreadsheet takes for a formula. Numbers stay numbers."""
    if isinstance(value, int | float):
        return str(value)
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(DANGEROUS) else text


def write(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The file line by line, with a byte-order mark so that Excel reads it as UTF-8."""
    yield "\ufeff" + _line(columns)
    for row in rows:
        yield _line(row)


def csv_response(name: str, columns: Sequence[str], rows: Iterable[Iterable[object]]) -> Response:
    """A download `name.csv`, sent while it is read.

    `rows` may be a generator; it runs after the view, whose connection is closed by then, so it calls `database()`
    itself.
    """
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", name.removesuffix(".csv")).strip("-.") or "data"
    response = Response(stream_with_context(write(columns, rows)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{stem}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def read(
    stream: IO[bytes], columns: Mapping[str, Column], most_rows: int = MOST_ROWS, most_bytes: int = MOST_BYTES
) -> Read:
    """The rows of an uploaded CSV: UTF-8, separated by comma, semicolon or tab, its first line the headings.

    Columns not asked for are passed over. Problems are in the page's language; with any, a caller takes in nothing.
    """
    data = stream.read(most_bytes + 1)
    if len(data) > most_bytes:
        return _refused(_("The file is larger than %(n)d MB. Split it.", n=most_bytes // 1024 // 1024))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _refused(_("The file is not UTF-8. In the spreadsheet, save it as “CSV UTF-8”."))
    if "\x00" in text:
        return _refused(_("The file is no text. In the spreadsheet, save it as “CSV UTF-8”."))
    first = text.split("\n", 1)[0]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=max(SEPARATORS, key=first.count), strict=True)
    found = Read([], [])
    try:
        _fill(found, lines, columns, most_rows)
    except csv.Error:
        found.problems.append(Problem(lines.line_num, "", _("The quotation marks of this line do not fit together.")))
    return found


def whole(text: str) -> int:
    """For `Column`: a whole number, `1500` or `1.500`."""
    plain = re.sub(r"\.(?=[0-9]{3}(?:\.|$))", "", text)
    if not re.fullmatch(rf"-?[0-9]{{1,{WHOLE_DIGITS}}}", plain):
        raise ValueError(_("Write a whole number, like 1500."))
    return int(plain)


def amount(text: str) -> int:
    """For `Column`: whole rupiah, `1500000`, `1.500.000`, `Rp 1.500.000,00`; never below zero."""
    value = whole(re.sub(r",00?$", "", re.sub(r"^Rp\.? *", "", text, flags=re.IGNORECASE)))
    if value < 0:
        raise ValueError(_("An amount is not below zero."))
    return value


def day(text: str) -> date:
    """For `Column`: `2026-11-24` or `24/11/2026`."""
    turned = re.sub(r"^([0-9]{1,2})[/-]([0-9]{1,2})[/-]([0-9]{4})$", r"\3-\2-\1", text)
    parts = turned.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise ValueError(_("Write a day, like 2026-11-24."))
    try:
        return date(*(int(part) for part in parts))
    except (ValueError, OverflowError):
        raise ValueError(_("There is no such day.")) from None


def one_of(names: Mapping[str, Any]) -> Convert:
    """For `Column`: one of the texts of `names` (case does not count), turned into its value."""
    known = {name.casefold(): value for name, value in names.items()}

    def convert(text: str) -> Any:
        if text.casefold() not in known:
            raise ValueError(_("“%(text)s” is not known. Known are: %(names)s.", text=text[:60],
                               names=", ".join(list(names)[:12])))  # fmt: skip
        return known[text.casefold()]

    return convert


def _fill(found: Read, lines: Any, columns: Mapping[str, Column], most_rows: int) -> None:
    places = _places(next(lines, []), columns, found.problems)
    if found.problems:
        return
    while len(found.problems) < MOST_PROBLEMS:
        start = lines.line_num + 1
        cells = next(lines, None)
        if cells is None:
            return
        if not any(cell.strip() for cell in cells):
            continue
        if len(found.rows) >= most_rows:
            found.problems.append(Problem(start, "", _("More than %(n)d rows. Split the file.", n=most_rows)))
            return
        wrong: list[Problem] = []
        row = {key: _value(cells, places.get(key), columns[key], start, wrong) for key in columns}
        found.problems.extend(wrong)
        if not wrong:
            found.rows.append(row)
            found.lines.append(start)


def _places(headings: list[str], columns: Mapping[str, Column], problems: list[Problem]) -> dict[str, int]:
    """Where each column stands; absent and doubled ones are problems of line 1."""
    plain = [_plain(heading).casefold() for heading in headings]
    places = {}
    for key, column in columns.items():
        name = column.heading.casefold()
        if plain.count(name) > 1:
            problems.append(Problem(1, column.heading, _("This column is there twice.")))
        elif name in plain:
            places[key] = plain.index(name)
        elif column.required:
            problems.append(Problem(1, column.heading, _("This column is missing. The first line names the columns.")))
    return places


def _value(cells: list[str], place: int | None, column: Column, line: int, wrong: list[Problem]) -> Any:
    text = _plain(cells[place]) if place is not None and place < len(cells) else ""
    if not text:
        if column.required:
            wrong.append(Problem(line, column.heading, _("This cell is empty.")))
        return None
    if len(text) > column.longest:
        wrong.append(Problem(line, column.heading, _("At most %(n)d characters.", n=column.longest)))
        return None
    try:
        return column.convert(text)
    except ValueError as error:
        wrong.append(Problem(line, column.heading, str(error)))
        return None


def _plain(cell: str) -> str:
    """A cell without the guard `safe` put before it, so that what was exported can be read in again."""
    text = cell.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(DANGEROUS) else text


def _line(cells: Iterable[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([safe(cell) for cell in cells])
    return buffer.getvalue()


def _refused(sentence: str) -> Read:
    return Read([], [Problem(1, "", sentence)])
