"""What a drawn document is: tagged, named, the same each time, and readable by machine and eye."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from tests.tenants.documents.conftest import ADDRESS


@pytest.fixture(scope="module")
def opened(letter: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(BytesIO(letter)) as pdf:
        yield pdf


def elements(pdf: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    """The structure tree in reading order."""
    found: list[pikepdf.Dictionary] = []

    def walk(element: Any) -> None:
        if isinstance(element, pikepdf.Dictionary):
            found.append(element)
            kids = element.get("/K", [])
            for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
                walk(kid)

    walk(pdf.Root.StructTreeRoot)
    return [element for element in found if "/S" in element]


def pages(document: bytes) -> Iterator[Any]:
    pdf = pypdfium2.PdfDocument(document)
    for number in range(len(pdf)):
        page = pdf[number]
        yield page
        page.close()
    pdf.close()


def read(document: bytes) -> str:
    texts = []
    for page in pages(document):
        text = page.get_textpage()
        texts.append(text.get_text_bounded())
        text.close()
    return "\n".join(texts)


def test_a_document_says_that_it_is_tagged_in_which_language_and_by_which_title(opened: pikepdf.Pdf) -> None:
    assert bool(opened.Root.MarkInfo.Marked) is True
    assert str(opened.Root.Lang) == "id"
    assert bool(opened.Root.ViewerPreferences.DisplayDocTitle) is True
    assert str(opened.docinfo.Title) == "Berita Acara Serah Terima · BAST/001/LMB/XI/2026"


def test_a_document_claims_pdf_ua(opened: pikepdf.Pdf) -> None:
    with opened.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"


def test_headings_tables_and_lists_are_what_they_are_called(opened: pikepdf.Pdf) -> None:
    kinds = [str(element.S) for element in elements(opened)]
    assert [kind for kind in kinds if kind in ("/H1", "/H2", "/H3")] == ["/H1", "/H2"]
    assert {"/Table", "/Caption", "/TH", "/TD", "/L", "/LI", "/Lbl", "/LBody"} <= set(kinds)


def test_each_cell_names_headings_that_are_there(opened: pikepdf.Pdf) -> None:
    found = elements(opened)
    names = {str(element.ID) for element in found if element.S == "/TH"}
    cells = [element for element in found if element.S == "/TD"]
    assert len(cells) == 4
    assert all({str(name) for name in cell.A.Headers} <= names and len(cell.A.Headers) == 2 for cell in cells)


def test_every_figure_has_words(opened: pikepdf.Pdf) -> None:
    words = [str(element.Alt) for element in elements(opened) if element.S == "/Figure"]
    assert len(words) == 2
    assert "Pemerintah Kota Bandung" in words[0]
    assert ADDRESS in words[1]


def test_page_numbers_are_not_read_out_as_text(opened: pikepdf.Pdf, letter: bytes) -> None:
    content = opened.pages[0].Contents.read_bytes()
    assert content.count(b"/Type /Pagination") >= 3
    assert "halaman 1 dari " in read(letter)


def test_every_font_is_in_the_document(opened: pikepdf.Pdf) -> None:
    fonts = [font for page in opened.pages for font in page.Resources.Font.values()]
    assert fonts
    for font in fonts:
        below = font.DescendantFonts[0].FontDescriptor
        assert "/FontFile2" in below or "/FontFile3" in below


def test_the_qr_code_leads_to_the_address(letter: bytes) -> None:
    seen = [found.text for page in pages(letter) for found in zxingcpp.read_barcodes(page.render(scale=2).to_pil())]
    assert seen == [ADDRESS]


def test_the_same_facts_give_the_same_bytes(letter: bytes, draw: Callable[..., bytes]) -> None:
    assert draw() == letter


def test_other_facts_give_another_document(letter: bytes, draw: Callable[..., bytes]) -> None:
    assert draw(said="Lain.") != letter


def test_a_document_in_english_says_so(draw: Callable[..., bytes]) -> None:
    document = draw("en")
    with pikepdf.open(BytesIO(document)) as pdf:
        assert str(pdf.Root.Lang) == "en"
    assert "page 1 of " in read(document)


def test_the_day_is_spelled(letter: bytes) -> None:
    spelled = "Senin tanggal Dua Puluh Tiga bulan November tahun Dua Ribu Dua Puluh Enam (23-11-2026)"
    assert spelled in " ".join(read(letter).split())
