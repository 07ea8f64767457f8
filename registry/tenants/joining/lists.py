"""Reading an official list of regions: ``kode,nama,provinsi`` and, where codes changed, ``kode_lama``.

Pure: bytes in, rows and findings out. UTF-8 with or without a mark, commas, semicolons or tabs; rows of provinces,
kecamatan and desa are counted and left out.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from flask_babel import gettext as _

from registry.core.errors import Finding
from registry.tenants.joining import naming, rules
from registry.tenants.joining.words import problem_text
from registry.tenants.provinces import PROVINCES

MAX_BYTES = 12 * 2**20
"""All of Indonesia down to its desa has some four."""
MAX_LINES = 120_000
MAX_TOLD = 50
MAX_NAME = 80
NEEDED = ("kode", "nama")
LEVELS = {
    "province": re.compile(r"[1-9]\d"),
    "region": re.compile(r"[1-9]\d\.\d\d"),
    "kecamatan": re.compile(r"[1-9]\d\.\d\d\.\d\d"),
    "desa": re.compile(r"[1-9]\d\.\d\d\.\d\d\.\d{4}"),
}


@dataclass(frozen=True)
class Row:
    """One region of the list; ``former`` are codes it had before."""

    line: int
    code: str
    name: str
    province: str
    former: tuple[str, ...] = ()


@dataclass
class Reading:
    """What a file says. With ``bad`` lines nothing of it is used; ``bad_lines`` counts them all."""

    rows: dict[str, Row] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    bad: list[Finding] = field(default_factory=list)
    bad_lines: int = 0

    def complain(self, line: int, message: str) -> None:
        self.bad_lines += 1
        if len(self.bad) < MAX_TOLD:
            self.bad.append(Finding("list", message, line=line))


def read(content: bytes) -> Reading:
    """The regions of a file, and each line that is wrong with its number."""
    reading = Reading()
    if len(content) > MAX_BYTES:
        reading.complain(1, _("The file is larger than %(n)d MB.", n=MAX_BYTES // 2**20))
        return reading
    text = _decoded(content, reading)
    if text is None:
        return reading
    lines = text.splitlines()
    columns = _columns(lines[0] if lines else "")
    if columns is None:
        reading.complain(1, _("The first line must name the columns: kode,nama,provinsi."))
        return reading
    if len(lines) > MAX_LINES:
        reading.complain(MAX_LINES, _("The file has more than %(n)d lines.", n=MAX_LINES))
        return reading
    for number, cells in _cells(lines, columns[0]):
        _take(reading, number, cells, columns[1])
    _check_former(reading)
    if not reading.rows and not reading.bad:
        reading.complain(1, _("There is no kabupaten or kota in this file."))
    return reading


def _decoded(content: bytes, reading: Reading) -> str | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reading.complain(content.count(b"\n", 0, error.start) + 1, _("This is not UTF-8: save the list as CSV UTF-8."))
        return None
    if "\0" in text:
        reading.complain(text[: text.index("\0")].count("\n") + 1, _("This is no text: save the list as CSV UTF-8."))
        return None
    return text


def _columns(first: str) -> tuple[str, dict[str, int]] | None:
    """The separator, and where each known column stands; None when one that is needed is missing."""
    for separator in ",;\t":
        names = [name.strip().strip('"').lower() for name in first.split(separator)]
        if all(name in names for name in NEEDED):
            return separator, {name: names.index(name) for name in (*NEEDED, "provinsi", "kode_lama") if name in names}
    return None


def _cells(lines: list[str], separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each line by itself, so that a stray quotation mark spoils one line and not the rest of the file."""
    for number, line in enumerate(lines[1:], start=2):
        if line.strip(f" {separator}"):
            yield number, next(csv.reader([line[:2000]], delimiter=separator), [])


def _take(reading: Reading, number: int, cells: list[str], columns: dict[str, int]) -> None:
    said = {name: cells[at].strip() if at < len(cells) else "" for name, at in columns.items()}
    code = said["kode"]
    level = next((level for level, pattern in LEVELS.items() if pattern.fullmatch(code)), "")
    if level and level != "region":
        reading.left_out[level] += 1
        return
    problem = rules.code_problem(code) or ("name" if not _is_name(said["nama"]) else None)
    if problem:
        reading.complain(number, f"{code[:20] or '–'}: {problem_text(problem)}")
        return
    former = tuple(part for part in re.split(r"[\s/|]+", said.get("kode_lama", "")) if part and part != code)
    row = Row(number, code, naming.full_name(said["nama"], code), _province(said, code), former)
    before = reading.rows.setdefault(code, row)
    if before is not row and before.name != row.name:
        told = {"code": code, "line": before.line, "name": before.name}
        reading.complain(number, _("%(code)s stands on line %(line)d already, as %(name)s.", **told))


def _check_former(reading: Reading) -> None:
    """A former code belongs to one region and is nobody's present one."""
    seen: dict[str, Row] = {}
    for row in reading.rows.values():
        for code in row.former:
            if rules.code_problem(code) in ("bps", "format"):
                reading.complain(row.line, f"kode_lama {code[:20]}: {problem_text('format')}")
            elif code in reading.rows:
                reading.complain(row.line, _("kode_lama %(code)s is the present code of another line.", code=code))
            elif code in seen:
                told = {"code": code, "name": seen[code].name}
                reading.complain(row.line, _("kode_lama %(code)s is claimed by %(name)s too.", **told))
            seen.setdefault(code, row)


def _is_name(text: str) -> bool:
    return bool(naming.plain(text)) and len(text) <= MAX_NAME and text.isprintable()


def _province(said: dict[str, str], code: str) -> str:
    """As this programme writes it; the column is only read where the list knows a province we do not."""
    return PROVINCES.get(code[:2]) or said.get("provinsi", "")[:MAX_NAME]
