"""Official letters as PDF: letterhead, title, number, facts, tables, a QR code and a signature. Only who makes one
imports this: it loads `fpdf` and `segno`.

A letter is written in Indonesian whoever reads it (Law 24/2009, article 27), in Times, which every reader has. Equal
input gives equal bytes.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import segno
from babel.dates import format_date
from fpdf import FPDF
from fpdf.fonts import FontFace

from lumbung_plugin.city import city
from lumbung_plugin.latin import TooLongError, latin
from lumbung_plugin.paper import FONT, SIDE, Paper

__all__ = ["Document", "TooLongError", "latin"]

Draw = Callable[[FPDF, float, float, float], None]
UNDATED = date(2000, 1, 1)
QR_SIDE, QR_MOST = 26, 1_000
SIGNATURE_WIDTH, CLOSING_HEIGHT = 78, 52
WRITTEN = re.compile(r"-?[0-9][0-9.]*(,[0-9]+)?")


@dataclass(frozen=True)
class _Code:
    url: str
    caption: str


@dataclass(frozen=True)
class _Signature:
    place: str
    day: date
    office: str
    name: str
    note: str


class Document:
    """One letter, filled from top to bottom; every method but `bytes` answers the letter itself.

    `subtitle` is the line beneath the office (its address). The QR code and the signature close the letter side by
    side, whenever they were given, and are never parted. Raises `TooLongError`.
    """

    def __init__(self, title: str, number: str, office: str, subtitle: str = "") -> None:
        self._code: _Code | None = None
        self._signature: _Signature | None = None
        self._paper = Paper(latin(number), city().demo)
        self._paper.set_title(latin(title))
        self._paper.set_author(latin(f"{office}, {city().name}"))
        self._paper.set_subject(latin(number))
        self._paper.set_creator("Lumbung")
        self._paper.set_lang("id-ID")
        self._paper.add_page()
        self._letterhead(latin(office), latin(subtitle))
        self._title(latin(title), latin(number))

    def paragraph(self, text: str) -> "Document":
        """Text in full lines; an empty line parts paragraphs."""
        self._font(12)
        for part in latin(text).split("\n\n"):
            self._paper.lines(0, 6, part.strip(), align="J")
            self._paper.ln(2.5)
        return self

    def facts(self, rows: Sequence[tuple[str, object]]) -> "Document":
        """Names and values in two columns, a colon between."""
        paper = self._paper
        self._font(12)
        named = [(latin(name), "-" if value in (None, "") else latin(value)) for name, value in rows]
        width = min(max([paper.get_string_width(name) for name, _ in named], default=0) + 6, 62)
        for name, value in named:
            if paper.will_page_break(max(paper.height(width, name), paper.height(paper.epw - width - 12, value))):
                paper.add_page()
            top = paper.get_y()
            paper.set_x(SIDE + 6)
            paper.lines(width, 6, name, align="L")
            under = paper.get_y()
            paper.set_xy(SIDE + 6 + width, top)
            paper.cell(4, 6, ":")
            page = paper.page
            paper.lines(paper.epw - width - 12, 6, value, align="L")
            if paper.page == page:
                paper.set_y(max(under, paper.get_y()))
        paper.ln(3)
        return self

    def table(
        self, headings: Sequence[str], rows: Sequence[Sequence[object]], widths: Sequence[int] | None = None
    ) -> "Document":
        """A ruled table; numbers stand at the right, the headings come again on every page; `widths` are shares."""
        self._font(10.5)
        columns = len(headings)
        numeric = [bool(rows) and all(_number(row[at]) for row in rows) for at in range(columns)]
        aligned = tuple("RIGHT" if one else "LEFT" for one in numeric)
        shares = tuple(widths) if widths else None
        head = FontFace(emphasis="BOLD", fill_color=(238, 240, 243))
        with self._paper.table(
            col_widths=shares, text_align=aligned, headings_style=head, line_height=6, padding=(1, 2)
        ) as table:
            table.row([latin(one) for one in headings])
            for row in rows:
                table.row(["-" if one in (None, "") else latin(one) for one in row])
        self._paper.ln(4)
        return self

    def drawing(self, height: float, draw: Draw, caption: str = "") -> "Document":
        """A drawing of the plugin's own, `height` millimetres high, cut off at its frame; its colours end with it."""
        paper = self._paper
        if paper.will_page_break(height + 8):
            paper.add_page()
        top = paper.get_y()
        with paper.local_context(), paper.rect_clip(SIDE, top, paper.epw, height):
            draw(paper, SIDE, top, paper.epw)
        paper.rect(SIDE, top, paper.epw, height)
        paper.set_y(top + height + 1.5)
        if caption:
            self._font(9)
            paper.lines(0, 4, latin(caption), align="L")
        paper.ln(4)
        return self

    def qr(self, url: str, caption: str) -> "Document":
        """A code at the bottom left, the caption beneath. Raises `ValueError` for more than 1,000 letters."""
        if len(url) > QR_MOST:
            raise ValueError(f"an address of {len(url)} letters does not fit into a QR code: at most {QR_MOST}")
        self._code = _Code(url, latin(caption))
        return self

    def signature(self, place: str, day: date, office: str, name: str, note: str = "") -> "Document":
        """Who answers for the letter, at the bottom right; `note` stands where the hand would sign."""
        self._signature = _Signature(latin(place), day, latin(office), latin(name), latin(note))
        return self

    def bytes(self) -> bytes:
        """The finished PDF. Call it once, at the end."""
        self._closing()
        day = self._signature.day if self._signature else UNDATED
        self._paper.set_creation_date(datetime.combine(day, time(), UTC))
        return bytes(self._paper.output())

    def _font(self, size: float, style: str = "") -> None:
        self._paper.set_font(FONT, style, size)

    def _letterhead(self, office: str, subtitle: str) -> None:
        paper = self._paper
        for text, size, style, height in (
            (f"PEMERINTAH {latin(city().name).upper()}", 14, "", 7),
            (office.upper(), 17, "B", 8),
            (subtitle, 10, "", 5),
        ):
            if text:
                self._font(size, style)
                paper.lines(0, height, text, align="C")
        paper.ln(2)
        for width, step in ((1.0, 1.1), (0.3, 8)):
            paper.set_line_width(width)
            paper.line(SIDE, paper.get_y(), paper.w - SIDE, paper.get_y())
            paper.set_y(paper.get_y() + step)
        paper.set_line_width(0.2)

    def _title(self, title: str, number: str) -> None:
        self._font(14, "BU")
        self._paper.lines(0, 7, title.upper(), align="C")
        self._font(12)
        self._paper.lines(0, 6, f"Nomor: {number}", align="C")
        self._paper.ln(6)

    def _closing(self) -> None:
        if not (self._code or self._signature):
            return
        if self._paper.will_page_break(CLOSING_HEIGHT):
            self._paper.add_page()
        self._paper.ln(6)
        top = self._paper.get_y()
        if self._code:
            self._draw_code(self._code, top)
        if self._signature:
            self._draw_signature(self._signature, top)

    def _draw_code(self, code: _Code, top: float) -> None:
        matrix = tuple(segno.make(code.url, error="m", micro=False).matrix)
        side = QR_SIDE / len(matrix)
        for row, modules in enumerate(matrix):
            for column, dark in enumerate(modules):
                if dark:
                    self._paper.rect(SIDE + column * side, top + row * side, side + 0.02, side + 0.02, style="F")
        self._paper.link(SIDE, top, QR_SIDE, QR_SIDE, code.url)
        self._font(9)
        self._paper.set_xy(SIDE, top + QR_SIDE + 1.5)
        self._paper.lines(62, 4, code.caption, align="L")

    def _draw_signature(self, signature: _Signature, top: float) -> None:
        paper = self._paper
        left = paper.w - SIDE - SIGNATURE_WIDTH
        day = format_date(signature.day, "d MMMM y", locale="id")
        paper.set_y(top)
        for text, style, size, gap in (
            (f"{signature.place}, {day}", "", 12, 0),
            (f"{signature.office},", "", 12, 0),
            (signature.note, "I", 9, 3),
            (signature.name, "B", 12, 6 if signature.note else 18),
        ):
            if text:
                self._font(size, style)
                paper.set_xy(left, paper.get_y() + gap)
                paper.lines(SIGNATURE_WIDTH, 6 if size > 10 else 4, text, align="C")


def _number(value: object) -> bool:
    """A number, also one that is written already: `1.234,5`."""
    if isinstance(value, str):
        return WRITTEN.fullmatch(value) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)
