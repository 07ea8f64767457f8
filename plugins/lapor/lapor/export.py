"""Reports as CSV for the city's own evaluation and for entry into SP4N-LAPOR!.

The columns follow the fields of the national form: class, title, text, place, category, agency, status, and whether the
sender is anonymous or the report confidential.
"""

import csv
import io
import sqlite3
from collections.abc import Iterator

# Words of the national form: an export is a document, so it does not follow the page's language.
CLASSES = {"complaint": "Pengaduan", "wish": "Aspirasi", "question": "Permintaan Informasi"}
STATES = {
    "new": "Belum diverifikasi",
    "accepted": "Terverifikasi",
    "assigned": "Diproses",
    "answered": "Selesai",
    "rejected": "Ditolak",
    "duplicate": "Duplikat",
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
    "Data Demo",
)
CONTACTS = ("Nama Pelapor", "Nomor Telepon")
# A spreadsheet runs a cell that begins with one of these as a formula.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")

_QUERY = """SELECT report.*, category.name AS category, opd.name AS opd,
  (SELECT text FROM event WHERE report_id = report.id AND act = 'answer' ORDER BY id DESC LIMIT 1) AS answer
  FROM report JOIN category ON category.id = report.category_id LEFT JOIN opd ON opd.id = report.opd_id
  WHERE date(report.created_at) BETWEEN ? AND ? AND (? = '' OR report.state = ?) ORDER BY report.id"""


def safe(value: object) -> str:
    """A cell no spreadsheet takes for a formula. Numbers stay numbers."""
    if isinstance(value, int | float):
        return str(value)
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(DANGEROUS) else text


def lines(db: sqlite3.Connection, start: str, end: str, state: str, contacts: bool) -> Iterator[str]:
    """The file, line by line, UTF-8 with a byte-order mark so that Excel reads it; days are UTC ISO dates."""
    yield "\ufeff" + _line((*COLUMNS, *(CONTACTS if contacts else ())))
    for row in db.execute(_QUERY, (start, end, state, state)):
        yield _line(_cells(row) + ((row["reporter_name"], row["reporter_phone"]) if contacts else ()))


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
        row["opd"],
        STATES.get(row["state"], row["state"]),
        row["deadline"],
        row["answered_at"],
        row["answer"],
        row["rating"],
        "Ya" if anonymous else "Tidak",
        "Ya" if row["confidential"] else "Tidak",
        "Ya" if row["demo"] else "Tidak",
    )


def _line(cells: tuple[object, ...]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([safe(cell) for cell in cells])
    return buffer.getvalue()
