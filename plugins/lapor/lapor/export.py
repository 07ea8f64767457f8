"""Reports as CSV for the city's own evaluation and for entry into SP4N-LAPOR!.

The columns follow the fields of the national form: class, title, text, place, category, agency, status, and whether the
sender is anonymous or the report confidential.
"""

import sqlite3
from collections.abc import Iterator

from lumbung_plugin import database

# Words of the national form: an export is a document, so it does not follow the page's language.
CLASSES = {"complaint": "Pengaduan", "wish": "Aspirasi", "question": "Permintaan Informasi"}
STATES = {
    "new": "Belum diverifikasi",
    "accepted": "Terverifikasi",
    "assigned": "Diproses",
    "answered": "Selesai",
    "rejected": "Ditolak",
    "duplicate": "Duplikat",
    "withdrawn": "Ditarik pelapor",
}
COLUMNS = (
    "Nomor Laporan",
    "Tanggal Laporan",
    "Klasifikasi",
    "Judul Laporan",
    "Isi Laporan",
    "Kategori",
    "Lokasi Kejadian",
    "Kelurahan",
    "Lintang",
    "Bujur",
    "Instansi Terdisposisi",
    "Status",
    "Tenggat",
    "Tanggal Selesai",
    "Jawaban Terakhir",
    "Penilaian",
    "Anonim",
    "Rahasia",
    "Sumber",
    "Data Demo",
)
CONTACTS = ("Nama Pelapor", "Nomor Telepon")

_QUERY = """SELECT report.*, category.name AS category, office.name AS office,
  (SELECT text FROM event WHERE report_id = report.id AND act = 'answer' ORDER BY id DESC LIMIT 1) AS answer
  FROM report JOIN category ON category.id = report.category_id LEFT JOIN office ON office.id = report.office_id
  WHERE report.created_at >= ? AND report.created_at < date(?, '+1 day')
  AND (? = '' OR report.state = ?) ORDER BY report.id"""


def columns(contacts: bool) -> tuple[str, ...]:
    return (*COLUMNS, *(CONTACTS if contacts else ()))


def rows(start: str, end: str, state: str, contacts: bool) -> Iterator[tuple[object, ...]]:
    """The rows of the file, read while it is sent: so the connection is asked for then. Days are UTC ISO dates."""
    for row in database().execute(_QUERY, (start, end, state, state)):
        yield _cells(row) + ((row["reporter_name"], row["reporter_phone"]) if contacts else ())


def _cells(row: sqlite3.Row) -> tuple[object, ...]:
    anonymous = not (row["reporter_name"] or row["reporter_phone"])
    return (
        row["number"],
        row["created_at"],
        CLASSES.get(row["kind"], row["kind"]),
        row["title"],
        row["body"],
        row["category"],
        row["address"],
        row["kelurahan"],
        row["latitude"],
        row["longitude"],
        row["office"],
        STATES.get(row["state"], row["state"]),
        row["deadline"],
        row["answered_at"],
        row["answer"],
        row["rating"],
        "Ya" if anonymous else "Tidak",
        "Ya" if row["confidential"] else "Tidak",
        _source(row),
        "Ya" if row["demo"] else "Tidak",
    )


def _source(row: sqlite3.Row) -> str:
    return "Situs" if row["source"] == "web" else f"Media sosial ({row['source_name'] or row['source']})"
