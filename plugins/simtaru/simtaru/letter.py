"""The statement of zoning as a PDF, in Indonesian. Only who makes one imports this: it loads `fpdf`."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from babel.dates import format_date
from fpdf import FPDF
from lumbung_plugin.clock import local
from lumbung_plugin.document import Document

from simtaru import classes, geometry
from simtaru.config import Letterhead
from simtaru.geometry import Point
from simtaru.rules import Verdict

REACH = 450.0
"""Metres from the place to the edge of its map."""
MAP_HEIGHT = 78
HEADINGS = {
    Verdict.ALLOWED: "Diizinkan (I)",
    Verdict.LIMITED: "Diizinkan terbatas (T)",
    Verdict.CONDITIONAL: "Diizinkan bersyarat (B)",
    Verdict.FORBIDDEN: "Tidak diizinkan (X)",
    Verdict.UNKNOWN: "Belum diatur",
}
SCALE_BARS = (50, 100, 200, 250)
SOURCE = "Kode zona menurut Permen ATR/BPN 11/2021 dan 14/2021."


def pdf(row: sqlite3.Row, zones: Sequence[sqlite3.Row], head: Letterhead, address: str) -> bytes:
    """The statement of an issued request; `zones` lie around the place, `address` is where anyone can check it."""
    said, place = json.loads(row["said"]), (row["lon"], row["lat"])
    paper = Document("Keterangan Informasi Tata Ruang", row["statement"], head.office, head.address)
    if said["plan"]["invented"]:
        paper.paragraph("PETA DAN RENCANA INI REKAAN UNTUK DEMONSTRASI. Tidak berlaku untuk tanah mana pun.")
    paper.paragraph("Berdasarkan rencana tata ruang yang berlaku, bidang tanah yang dimohon terletak sebagai berikut:")
    paper.facts(_facts(row, said, place))
    paper.drawing(MAP_HEIGHT, _map(zones, place), _caption(said, place))
    _uses(paper, said)
    paper.paragraph(
        "Keterangan ini menyatakan peruntukan ruang pada hari diterbitkan. Keterangan ini bukan izin, bukan bukti hak "
        "atas tanah, dan tidak menggantikan kesesuaian kegiatan pemanfaatan ruang (KKPR) menurut PP 21/2021."
    )
    day = local(row["closed_at"]).date()
    paper.qr(address, f"Periksa keaslian surat ini: {address}")
    return paper.signature(
        head.place, day, head.post, head.signer, "Sah tanpa tanda tangan basah bila kode QR cocok"
    ).bytes()


def _facts(row: sqlite3.Row, said: Mapping[str, Any], place: Point) -> list[tuple[str, object]]:
    zone, plan = said["zone"], said["plan"]
    kind = classes.of(zone["code"])
    return [
        ("Pemohon", row["name"]),
        ("Letak tanah", row["address"]),
        ("Kelurahan", zone["kelurahan"]),
        ("Koordinat (lintang, bujur)", f"{place[1]:.6f}, {place[0]:.6f}"),
        ("Sub-zona", f"{zone['code']} - {kind.name}"),
        ("Zona", kind.zone),
        ("Blok", zone["block"]),
        ("Dasar", f"{plan['title']}; {plan['regulation']} tanggal {_day(plan['decided_on'])}"),
    ]


def _uses(paper: Document, said: Mapping[str, Any]) -> None:
    asked = next((use for use in said["uses"] if use["code"] == said["asked"]), None)
    if asked:
        words = f" dengan ketentuan: {asked['conditions']}" if asked["conditions"] else ""
        paper.paragraph(f"Kegiatan yang direncanakan, {asked['name']}: {HEADINGS[asked['verdict']]}{words}.")
    listed = [use for use in said["uses"] if use["verdict"] != Verdict.FORBIDDEN]
    rows = [(use["name"], HEADINGS[use["verdict"]], use["conditions"]) for use in listed]
    if rows:
        paper.paragraph(f"Kegiatan yang dapat dilakukan pada sub-zona {said['zone']['code']}:")
        paper.table(("Kegiatan", "Ketentuan", "Syarat atau batas"), rows, (7, 6, 9))
    barred = ", ".join(use["name"] for use in said["uses"] if use["verdict"] == Verdict.FORBIDDEN)
    if barred:
        paper.paragraph(f"Tidak diizinkan: {barred}.")


def _caption(said: Mapping[str, Any], place: Point) -> str:
    return f"Peta di sekitar {place[1]:.6f}, {place[0]:.6f}; utara di atas. {said['plan']['title']}. {SOURCE}"


def _map(zones: Sequence[sqlite3.Row], place: Point) -> Any:
    """What draws the zones around the place, the place itself and a scale bar."""

    def draw(paper: FPDF, left: float, top: float, width: float) -> None:
        unit = MAP_HEIGHT / (2 * REACH)
        wide, high = geometry.scale(place[1])

        def on_paper(point: Sequence[float]) -> Point:
            x = left + width / 2 + (point[0] - place[0]) * wide * unit
            return x, top + MAP_HEIGHT / 2 - (point[1] - place[1]) * high * unit

        paper.set_line_width(0.2)
        paper.set_draw_color(70)
        for zone in zones:
            _zone(paper, zone, on_paper)
        _names(paper, zones, on_paper, (left, top, width))
        _mark(paper, on_paper(place))
        _scale_bar(paper, left + 5, top + MAP_HEIGHT - 5, unit)

    return draw


def _zone(paper: FPDF, zone: sqlite3.Row, on_paper: Any) -> None:
    paper.set_fill_color(*_tint(classes.of(zone["code"]).colour))
    for shell, *holes in json.loads(zone["shape"]):
        paper.polygon([on_paper(point) for point in shell], style="DF")
        paper.set_fill_color(255)
        for hole in holes:
            paper.polygon([on_paper(point) for point in hole], style="DF")
        paper.set_fill_color(*_tint(classes.of(zone["code"]).colour))


def _tint(colour: str) -> tuple[int, int, int]:
    """A lighter shade, so that the letters on it stay legible."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return tuple(round(one + (255 - one) * 0.55) for one in (red, green, blue))  # type: ignore[return-value]


def _names(paper: FPDF, zones: Sequence[sqlite3.Row], on_paper: Any, frame: tuple[float, float, float]) -> None:
    left, top, width = frame
    paper.set_font("Times", "B", 8)
    for zone in zones:
        x, y = on_paper(geometry.inside(json.loads(zone["shape"])))
        if left + 4 < x < left + width - 4 and top + 4 < y < top + MAP_HEIGHT - 4:
            paper.text(x - paper.get_string_width(zone["code"]) / 2, y + 1, zone["code"])


def _mark(paper: FPDF, at: Point) -> None:
    paper.set_line_width(0.7)
    paper.set_draw_color(20)
    paper.set_fill_color(255)
    paper.circle(at[0], at[1], 1.6, style="DF")
    paper.line(at[0] - 3.4, at[1], at[0] + 3.4, at[1])
    paper.line(at[0], at[1] - 3.4, at[0], at[1] + 3.4)


def _scale_bar(paper: FPDF, left: float, bottom: float, unit: float) -> None:
    metres = next((bar for bar in reversed(SCALE_BARS) if bar * unit <= 24), SCALE_BARS[0])
    paper.set_fill_color(255)
    paper.rect(left - 2, bottom - 5, metres * unit + 16, 7, style="F")
    paper.set_line_width(0.6)
    paper.line(left, bottom, left + metres * unit, bottom)
    paper.set_font("Times", "", 8)
    paper.text(left + metres * unit + 1.5, bottom + 0.5, f"{metres} m")


def _day(text: str) -> str:
    return format_date(date.fromisoformat(text), "d MMMM y", locale="id") if text else "-"
