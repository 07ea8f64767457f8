"""A drawing of the plugin's own in an official letter, and tables whose columns have shares."""

import pytest
from lumbung_plugin.document import Document


@pytest.fixture(autouse=True)
def city(monkeypatch):
    monkeypatch.setenv("TENANT_NAME", "Kota Bontang")
    monkeypatch.delenv("TENANT_DEMO", raising=False)


def test_a_drawing_gets_its_room_and_leaves_no_colour_behind():
    room = []

    def draw(paper, left, top, width):
        room.append((left, width))
        paper.set_fill_color(200, 0, 0)
        paper.set_line_width(9)
        paper.rect(left - 50, top - 50, 400, 400, style="F")

    letter = Document("Surat", "A-1", "Dinas").drawing(60, draw, "Peta")
    assert room == [(25, pytest.approx(160, abs=0.01))]
    assert letter._paper.line_width == pytest.approx(0.2)
    assert letter.bytes().startswith(b"%PDF-")


def test_a_drawing_is_never_parted_by_the_end_of_a_page():
    letter = Document("Surat", "A-1", "Dinas").paragraph("Kata. " * 500)
    pages = []
    letter.drawing(120, lambda paper, *_: pages.append((paper.page_no(), paper.get_y())))
    assert pages[0][1] + 120 < 297 - 22


def test_a_table_with_a_wide_column_needs_fewer_lines():
    rows = [["kata " * 30, "1"]]
    heights = []
    for widths in (None, (9, 1)):
        letter = Document("Surat", "A-1", "Dinas")
        before = letter._paper.get_y()
        heights.append(letter.table(["Uraian", "No."], rows, widths)._paper.get_y() - before)
    assert heights[1] < heights[0]
