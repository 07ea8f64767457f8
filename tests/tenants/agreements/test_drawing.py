"""The text of an agreement as a document: what it says, and that it is kept once for each version."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from registry.core import scope
from registry.core.uow import unit_of_work
from registry.tenants.agreements import changing, drawing, history, service
from registry.tenants.agreements.contents import Draft, Party
from registry.tenants.documents import files
from registry.tenants.documents import service as documents
from registry.tenants.service import find_city

TEXT = Draft(
    number="134.4/001-Kerma/2026", partner_number="180/KS-12/2026", starts_on=date(2026, 1, 1),
    ends_on=date(2028, 12, 31), dated_on=date(2025, 12, 29), place="Bandung", allows_variants=False,
    more_terms="Kedua pihak bertemu sekali setahun.",
    publisher=Party("Diskominfo Kota Bandung (demo)", "Bandung", "Kepala Diskominfo (demo)", nip="197001011995031001"),
)  # fmt: skip


@pytest.fixture
def drawn(app, world):
    """Draw a paper of Bontang; answers with the bytes."""

    def made(kind: str, **given) -> bytes:
        with app.app_context(), unit_of_work():
            scope.enter_programme()
            city = find_city("bontang")
            found = service.draft_agreement(city, kind, TEXT)
            if given.get("signed"):
                sign(city, found)
            if given.get("addendum"):
                found = changing.amend(city, found)
            paper = drawing.paper(city, found)
            with files.open_kept(city, paper.digest) as file:
                return file.read()

    return made


def sign(city, found) -> None:
    service.propose(city, found)
    for side in ("partner", "publisher"):
        service.sign(city, found, side, "Kepala Diskominfo (demo)")


def words(content: bytes) -> str:
    """All text, and pictures of the pages where somebody wants to look (LUMBUNG_PAPERS names a folder)."""
    pages = pypdfium2.PdfDocument(content)
    if folder := os.environ.get("LUMBUNG_PAPERS"):
        for number, page in enumerate(pages):
            page.render(scale=1.4).to_pil().save(Path(folder) / f"{hash(content) % 10_000}-{number}.png")
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)


def test_a_memorandum_names_parties_laws_and_term(drawn):
    text = words(drawn("memorandum"))
    for wanted in ("NOTA KESEPAKATAN", "PIHAK KESATU", "PIHAK KEDUA", "134.4/001-Kerma/2026", "180/KS-12/2026",
                   "Nomor 23 Tahun 2014", "Nomor 28 Tahun 2018", "Nomor 22 Tahun 2020", "Nomor 95 Tahun 2018",
                   "Ruang lingkup", "Keadaan kahar", "Penyelesaian perselisihan", "31 Desember 2028",
                   "DRAF"):  # fmt: skip
        assert wanted in text, wanted


def test_a_pks_says_its_terms(drawn):
    text = words(drawn("pks"))
    assert "dilarang menyerahkan, menerbitkan" in text and "tujuan komersial" in text
    assert "sampai dengan aplikasi terpasang" in text and "Kedua pihak bertemu sekali setahun." in text
    assert "seluruh aplikasi" in text and "197001011995031001" not in text, "a NIP stands beside a name only"


def test_named_apps_stand_in_a_list(app, world, monkeypatch):
    monkeypatch.setattr(drawing.seams, "apps", lambda: {"antrian": "Antrian", "lapor": "Lapor", "spbe": "SPBE"})
    with app.app_context(), unit_of_work():
        scope.enter_programme()
        city = find_city("bontang")
        wanted = replace(TEXT, scope_apps=("spbe", "antrian", "lapor"))
        found = service.draft_agreement(city, "pks", wanted)
        text = documents.fill("agreements/pdf/pks.html", **drawing.facts(city, found))
    assert "<li>Antrian;</li><li>Lapor; dan</li><li>SPBE.</li>" in text


def test_an_addendum_names_what_it_changes(drawn):
    text = words(drawn("memorandum", signed=True, addendum=True))
    assert "mengubah Nota Kesepakatan Nomor 134.4/001-Kerma/2026" in text


def test_signed_it_is_a_draft_no_longer(drawn):
    text = words(drawn("memorandum", signed=True))
    assert "DRAF" not in text and "Ditandatangani" in text


def test_it_is_a_tagged_document_for_everybody(drawn):
    with pikepdf.open(io.BytesIO(drawn("memorandum"))) as pdf:
        assert pdf.Root.Lang == "id-ID" or pdf.Root.Lang == "id"
        assert pdf.Root.MarkInfo.Marked and "/StructTreeRoot" in pdf.Root
        with pdf.open_metadata() as told:
            assert told["pdfuaid:part"] == "1"


def test_each_version_is_kept_once(app, world):
    with app.app_context(), unit_of_work():
        scope.enter_programme()
        city = find_city("bontang")
        found = service.draft_agreement(city, "memorandum", TEXT)
        first = drawing.paper(city, found)
        assert drawing.paper(city, found).id == first.id
        service.edit(city, history.locked(city, found.id, None), Draft(number="2"))
        again = drawing.paper(city, found)
        assert (again.id, again.digest) != (first.id, first.digest)


def test_a_text_whose_file_was_lost_is_drawn_again(app, world):
    with app.app_context(), unit_of_work():
        scope.enter_programme()
        city = find_city("bontang")
        kept = drawing.paper(city, service.draft_agreement(city, "memorandum", TEXT))
        path = files.path_of(app.extensions["lumbung"].data, city.id, kept.digest)
        path.unlink()
        assert drawing.paper(city, service.agreement(city.id, kept.agreement_id)).digest == kept.digest
        assert path.exists()
