"""The permit as a PDF. Only the view that sends one imports this: it loads the library that draws.

Its words are Indonesian (Law 24/2009, article 27). The letter carries no certified electronic signature (that is the
national BSrE's to give) and says so; what proves it is the public page behind the code.
"""

import sqlite3
from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_date
from lumbung_plugin import city, public_url
from lumbung_plugin.document import Document

from perizinan.rules import Standing

NOTE = "Keaslian surat ini diperiksa lewat kode QR; tanda tangan elektronik tersertifikasi tidak termuat."


def draw(permit: sqlite3.Row, standing: Standing, settings: Mapping[str, Any]) -> bytes:
    """The letter of a permit (a row of `permits`) as it stands today."""
    letter = Document(permit["title"], permit["number"], permit["office_name"] or city().name, settings["letterhead"])
    if standing is Standing.REVOKED:
        letter.paragraph(f"DICABUT pada {_day(permit['revoked_on'])}. Alasan: {permit['revoked_reason']}")
    letter.paragraph(
        f"Berdasarkan permohonan nomor {permit['application']}, dengan ini diterbitkan {permit['title']} kepada:"
    )
    letter.facts(_facts(permit))
    basis = [line for line in permit["legal"].splitlines() if line.strip()]
    if basis:
        letter.paragraph("Dasar hukum:\n" + "\n".join(f"{at}. {line}" for at, line in enumerate(basis, start=1)))
    if permit["terms"]:
        letter.paragraph(f"Ketentuan:\n{permit['terms']}")
    letter.paragraph(
        "Pemegang izin wajib mematuhi peraturan perundang-undangan. Izin ini dapat dicabut bila ketentuannya dilanggar"
        " atau bila keterangan dalam permohonan ternyata tidak benar."
    )
    url = public_url("public.verify", number=permit["number"], segel=permit["seal"])
    letter.qr(url, f"Periksa: {permit['number']}, segel {permit['seal']}")
    issued = date.fromisoformat(permit["issued_on"])
    place = city().name.removeprefix("Kota ").removeprefix("Kabupaten ")
    letter.signature(place, issued, permit["signatory_office"], permit["signatory_name"] or "(nama dan NIP)", NOTE)
    return letter.bytes()


def _facts(permit: sqlite3.Row) -> list[tuple[str, object]]:
    until = _day(permit["valid_until"]) if permit["valid_until"] else "tanpa batas waktu"
    rows: list[tuple[str, object]] = [("Nama pemegang", permit["holder"]), ("Untuk", permit["purpose"])]
    if permit["place"]:
        rows.append(("Lokasi", permit["place"]))
    return [*rows, ("Terbit", _day(permit["issued_on"])), ("Berlaku sampai", until)]


def _day(text: str) -> str:
    return str(format_date(date.fromisoformat(text), "d MMMM y", locale="id"))
