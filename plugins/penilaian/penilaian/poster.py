"""The poster on A4 and the sheet of visit codes, as PDF. Only who prints imports this: it loads `fpdf` and `segno`.

Posters are Indonesian (Law 24/2009, article 38: information for the public), in fonts every reader has.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import segno
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from lumbung_plugin import city
from lumbung_plugin.latin import latin

WIDTH, HEIGHT = 210, 297
BAND = 58
CODE_SIDE = 118
SLIP_WIDTH, SLIP_HEIGHT, COLUMNS, ROWS = 63, 68, 3, 4
MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""Equal input gives equal bytes."""


def poster(title: str, office: str, place: str, code: str, address: str) -> bytes:
    """One page to hang up: what is rated, a large QR code, the address to type."""
    paper = _paper(f"Poster {title}")
    paper.add_page()
    _band(paper)
    paper.set_text_color(255)
    _line(paper, 17, "Bagaimana pelayanan kami?", 30, "B")
    _line(paper, 32, "Nilai dengan satu sentuhan", 17)
    _line(paper, 42, "tanpa nama, tanpa aplikasi", 13)
    paper.set_text_color(23, 32, 51)
    paper.set_y(BAND + 12)
    _block(paper, title, 27, "B", 11)
    _block(paper, " - ".join(part for part in (office, place) if part), 14, "", 7)
    top = max(paper.get_y() + 7, 100)
    _draw(paper, address, (WIDTH - CODE_SIDE) / 2, top, CODE_SIDE)
    _line(paper, top + CODE_SIDE + 6, "Arahkan kamera ponsel ke kode ini, atau buka:", 13)
    _line(paper, top + CODE_SIDE + 14, address, 13, "B")
    _line(paper, top + CODE_SIDE + 25, f"Kode: {code.upper()}", 20, "B")
    paper.set_text_color(75, 85, 103)
    foot = f"Pemerintah {city().name}" + (" - data demonstrasi" if city().demo else "")
    _line(paper, HEIGHT - 15, foot, 10)
    return bytes(paper.output())


def slips(title: str, until: str, codes: Sequence[tuple[str, str]]) -> bytes:
    """Slips to cut out, each with its own (code, address); twelve on a page."""
    paper = _paper(f"Kode kunjungan {title}")
    for at, (code, address) in enumerate(codes):
        if at % (COLUMNS * ROWS) == 0:
            paper.add_page()
        row, column = divmod(at % (COLUMNS * ROWS), COLUMNS)
        left, top = 10.5 + column * SLIP_WIDTH, 12 + row * SLIP_HEIGHT
        paper.set_draw_color(190)
        paper.rect(left, top, SLIP_WIDTH, SLIP_HEIGHT)
        _within(paper, left, top + 3, title[:60], 9, "B")
        _draw(paper, address, left + 14, top + 13, 35)
        _within(paper, left, top + 50, code, 14, "B")
        _within(paper, left, top + 57, f"Satu kunjungan, satu penilaian. Berlaku sampai {until}.", 7)
    return bytes(paper.output())


def _paper(title: str) -> FPDF:
    paper = FPDF(format="A4")
    paper.set_title(latin(title))
    paper.set_author(latin(city().name))
    paper.set_lang("id-ID")
    paper.set_creation_date(MADE)
    paper.set_auto_page_break(False)
    return paper


def _band(paper: FPDF) -> None:
    colour = city().color.lstrip("#")
    red, green, blue = (int(int(colour[at : at + 2], 16) * 0.8) for at in (0, 2, 4))
    paper.set_fill_color(red, green, blue)
    paper.rect(0, 0, WIDTH, BAND, style="F")


def _line(paper: FPDF, top: float, text: str, size: float, style: str = "") -> None:
    paper.set_font("Helvetica", style, size)
    while paper.get_string_width(latin(text)) > WIDTH - 24 and size > 7:
        size -= 0.5
        paper.set_font_size(size)
    paper.set_xy(0, top)
    paper.cell(WIDTH, 8, latin(text), align="C")


def _block(paper: FPDF, text: str, size: float, style: str, height: float) -> None:
    paper.set_font("Helvetica", style, size)
    paper.set_x(18)
    paper.multi_cell(WIDTH - 36, height, latin(text), align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _within(paper: FPDF, left: float, top: float, text: str, size: float, style: str = "") -> None:
    paper.set_font("Helvetica", style, size)
    paper.set_xy(left + 2, top)
    paper.multi_cell(SLIP_WIDTH - 4, size / 2.2, latin(text), align="C")


def _draw(paper: FPDF, address: str, left: float, top: float, side: float) -> None:
    matrix = tuple(segno.make(address, error="m", micro=False).matrix)
    module = side / len(matrix)
    paper.set_fill_color(15, 20, 30)
    for row, modules in enumerate(matrix):
        for column, dark in enumerate(modules):
            if dark:
                paper.rect(left + column * module, top + row * module, module + 0.02, module + 0.02, style="F")
    paper.link(left, top, side, side, address)
