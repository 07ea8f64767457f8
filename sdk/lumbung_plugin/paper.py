"""The sheet an official letter is written on: A4, its margins, the demo's mark and the page's number."""

from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos

from lumbung_plugin.latin import TooLongError

FONT = "Times"
SIDE, TOP, FOOT = 25, 15, 22
"""Margins in millimetres."""
MOST_PAGES = 200


class Paper(FPDF):
    """A4 with what stands on every page: the mark of a demo, and the page's number."""

    def __init__(self, number: str, demo: bool) -> None:
        super().__init__(format="A4")
        self._number, self._demo = number, demo
        self.set_margins(SIDE, TOP, SIDE)
        self.c_margin = 0  # text begins where the rules begin
        self.set_auto_page_break(True, FOOT)

    def lines(self, width: float, height: float, text: str, align: str) -> None:
        """Text in as many lines as it needs, then on to the next; width 0 is the whole line."""
        self.multi_cell(width, height, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def height(self, width: float, text: str) -> int:
        """How high the text would be in lines of 6 mm, at most 180."""
        lines = self.multi_cell(width, 6, text, dry_run=True, output=MethodReturnValue.LINES)
        return 6 * min(len(lines), 30) if isinstance(lines, list) else 6

    def header(self) -> None:
        if self.page_no() > MOST_PAGES:
            raise TooLongError(f"a letter has at most {MOST_PAGES} pages")
        if self._demo:
            self.set_font(FONT, "B", 110)
            self.set_text_color(232)
            with self.rotation(52, self.w / 2, self.h / 2):
                self.text(self.w / 2 - self.get_string_width("DEMO") / 2, self.h / 2 + 15, "DEMO")
            self.set_text_color(0)

    def footer(self) -> None:
        self.set_y(-FOOT + 7)
        self.set_draw_color(150)
        self.line(SIDE, self.get_y(), self.w - SIDE, self.get_y())
        self.set_font(FONT, "", 9)
        self.set_text_color(80)
        left = self._number + (" - Data demonstrasi, bukan dokumen resmi" if self._demo else "")
        self.cell(0, 6, left)
        # The number of pages is put in last and is narrower than what stands for it.
        self.set_x(SIDE + self.get_string_width("{nb}") - self.get_string_width("9"))
        self.cell(self.epw, 6, f"Halaman {self.page_no()} dari {{nb}}", align="R")
        self.set_text_color(0)
        self.set_draw_color(0)
