"""The evaluation of a year as PDF, in Indonesian. Only who makes one imports this: it loads `fpdf`."""

import sqlite3

from lumbung_plugin import today
from lumbung_plugin.document import Document

from spbe import rules
from spbe.instruments import Instrument
from spbe.rules import Levels, Score, State


def pdf(year: sqlite3.Row, chosen: Instrument, levels: Levels, head: tuple[str, str, str]) -> bytes:
    """Index, domains and aspects, every indicator, and what raises the index most."""
    office, address, place = head
    whole = rules.score(chosen, chosen, levels)
    state = "" if year["state"] == State.FINAL else " (sementara)"
    paper = Document(f"Laporan Penilaian SPBE {year['year']}{state}", f"SPBE/{year['year']}", office, address)
    paper.facts(_facts(year, chosen, whole))
    paper.paragraph("Indeks menurut domain dan aspek:")
    paper.table(("Bagian", "Indeks", "Predikat", "Terisi"), _parts(chosen, levels), (11, 3, 5, 3))
    raised = rules.gaps(chosen, levels)[:10]
    if raised:
        paper.paragraph("Indikator yang paling menaikkan indeks bila naik satu tingkat:")
        rows = [(gap.indicator.number, gap.indicator.name, gap.level, _comma(rules.shown(gap.step))) for gap in raised]
        paper.table(("No.", "Indikator", "Tingkat", "Tambahan"), rows, (2, 14, 3, 4))
    paper.paragraph("Seluruh indikator:")
    listed = [
        (one.number, one.name, f"{float(one.weight):.2f}".replace(".", ","), levels.get(one.number, "-"))
        for one in chosen.indicators
    ]
    paper.table(("No.", "Indikator", "Bobot", "Tingkat"), listed, (2, 15, 3, 3))
    paper.paragraph(
        "Indeks adalah rata-rata tertimbang tingkat kematangan. Indikator yang belum terisi dihitung pada tingkat "
        f"terendah. Angka dibulatkan dua desimal; predikat menurut nilai sebelum dibulatkan. Dasar: {chosen.name}."
    )
    return paper.signature(place, today(), office, "").bytes()


def _facts(year: sqlite3.Row, chosen: Instrument, whole: Score) -> list[tuple[str, object]]:
    kept = [("Tahun", year["year"]), ("Instrumen", f"{chosen.name}, {chosen.title}")]
    return [
        *kept,
        ("Indeks SPBE", _comma(whole.shown)),
        ("Predikat", whole.predicate.name),
        ("Indikator terisi", f"{whole.answered} dari {whole.asked}"),
        ("Indeks kementerian", str(year["official"]).replace(".", ",")),
    ]


def _parts(chosen: Instrument, levels: Levels) -> list[tuple[str, str, str, str]]:
    rows = []
    for domain in chosen.domains:
        rows.append(_part(f"Domain {domain.name}", rules.score(domain, chosen, levels)))
        rows += [_part(f"- {one.name}", rules.score(one, chosen, levels)) for one in domain.aspects]
    return rows


def _part(name: str, score: Score) -> tuple[str, str, str, str]:
    return name, _comma(score.shown), score.predicate.name, f"{score.answered}/{score.asked}"


def _comma(value: object) -> str:
    return str(value).replace(".", ",")
