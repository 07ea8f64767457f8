"""The document itself: what it says, and that its code leads to its page."""

from datetime import date
from io import BytesIO

import pikepdf
import pytest
import zxingcpp

from registry.core import scope
from registry.core.uow import unit_of_work
from registry.tenants.handovers import papers, rules, service
from registry.tenants.service import find_city
from tests.tenants.documents.test_drawing import pages, read
from tests.tenants.handovers.conftest import DIGEST


@pytest.fixture
def handover(app, handed):
    made = handed()
    with app.app_context():
        scope.enter_city(find_city("bontang").id)
        yield service.find(made)


def test_the_document_says_what_went_from_whom_to_whom(handover):
    text = " ".join(read(papers.draw(handover)).split())
    for said in (handover.number, "Lapor", "1.4.0", "AGPL-3.0-or-later", "1.234.567 bita", "PIHAK KESATU",
                 "Pemerintah Kota Bandung", "Pemerintah Kota Bontang"):  # fmt: skip
        assert said in text
    assert DIGEST in text.replace(" ", "").replace("-", "")


def test_its_qr_code_leads_to_its_public_page(handover):
    drawn = [page.render(scale=2).to_pil() for page in pages(papers.draw(handover))]
    assert [one.text for picture in drawn for one in zxingcpp.read_barcodes(picture)] == [papers.address_of(handover)]


def test_it_is_tagged_and_named_by_its_number(handover):
    with pikepdf.open(BytesIO(papers.draw(handover))) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked) is True
        assert handover.number in str(pdf.docinfo.Title)


def test_it_stays_the_same_whatever_happens_to_it_later(handover):
    before = papers.draw(handover)
    with unit_of_work():
        service.sign(handover, rules.PARTNER, "Kepala Diskominfo")
    assert papers.draw(handover) == before


def test_one_that_is_noted_later_says_when_it_really_was(app, handed):
    made = handed("antrian", date(2019, 11, 23))
    with app.app_context():
        scope.enter_city(find_city("bontang").id)
        assert "dicatat kemudian" in read(papers.draw(service.find(made)))
