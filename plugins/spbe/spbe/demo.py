"""Made-up answers for a demonstration city: the same every time for the same day, different for each city."""

import random
import sqlite3
from datetime import datetime, timedelta

from lumbung_plugin import offices, transaction
from lumbung_plugin.clock import local

from spbe import instruments
from spbe.instruments import Indicator, Instrument

OFFICES = (
    "Dinas Komunikasi dan Informatika", "Badan Perencanaan Pembangunan Daerah", "Badan Kepegawaian Daerah",
    "Badan Pengelolaan Keuangan dan Aset Daerah", "Inspektorat", "Bagian Organisasi", "Bagian Hukum",
    "Bagian Pengadaan Barang dan Jasa", "Dinas Perpustakaan dan Kearsipan", "Dinas Kependudukan dan Pencatatan Sipil",
)  # fmt: skip
WHO = (
    ("Hukum", 6), ("Pengadaan", 7), ("Naskah", 8), ("Kearsipan", 8), ("Kepegawaian", 2), ("Pegawai", 2),
    ("Sumber Daya Manusia", 2), ("Keuangan", 3), ("Anggaran", 3), ("Penganggaran", 3), ("Barang Milik", 3),
    ("Perencanaan", 1), ("Peta Rencana", 1), ("Rencana Induk", 1), ("Pengawasan", 4), ("Whistle", 4), ("Audit", 4),
    ("Kinerja", 5), ("Proses Bisnis", 5), ("Perubahan", 5), ("Layanan Publik", 9), ("Pengaduan", 0),
)  # fmt: skip
NOTES = (
    "Sudah ditetapkan dan dipakai semua perangkat daerah; lihat bukti (demo).",
    "Dipakai sebagian perangkat daerah, pedoman sedang disusun (demo).",
    "Terhubung dengan layanan lain dan dievaluasi setiap tahun (demo).",
)
BIAS = {"policy": 0.25, "process": -0.35, "service": 0.75}
EVIDENCE = ("Peraturan Wali Kota (demo)", "Laporan evaluasi (demo)", "Tangkapan layar aplikasi (demo)")


def fill(db: sqlite3.Connection, code: str, now: datetime) -> bool:
    """Fill a database without a year; returns whether it did."""
    with transaction(db):
        if db.execute("SELECT 1 FROM year").fetchone():
            return False
        offices.seed(db, OFFICES)
        ids = [db.execute("SELECT id FROM office WHERE name = ?", (name,)).fetchone()[0] for name in OFFICES]
        this = local(now).year
        talent = random.Random(f"spbe {code}").uniform(-0.2, 0.35)  # noqa: S311 - the same every time
        for value in (2019, 2020, this - 4, this - 3, this - 2, this - 1, this):
            chosen = instruments.of_year(value)
            _year(db, chosen, value, ids, talent + (value - this) * 0.22, now)
    return True


def _year(db: sqlite3.Connection, chosen: Instrument, value: int, ids: list[int], mood: float, now: datetime) -> None:
    is_open = value == local(now).year
    moment = now if is_open else now.replace(year=value, month=10, day=1)
    opened = (moment - timedelta(days=60)).isoformat()
    closed = "" if is_open else moment.isoformat()
    made = db.execute(
        "INSERT INTO year (year, instrument, state, note, opened_at, closed_at, demo) VALUES (?, ?, ?, ?, ?, ?, 1)",
        (value, chosen.id, "open" if is_open else "final", "Nilai rekaan untuk demo", opened, closed),
    )
    chance = random.Random(f"{value} {mood:.3f}")  # noqa: S311 - as above
    for one in chosen.indicators:
        _answer(db, int(made.lastrowid or 0), chosen, one, ids[_office(one)], mood, is_open, moment, chance)


def _office(one: Indicator) -> int:
    return next((at for word, at in WHO if word in one.name), 0)


def _answer(
    db: sqlite3.Connection, year_id: int, chosen: Instrument, one: Indicator, office: int, mood: float, is_open: bool,
    moment: datetime, chance: random.Random,
) -> None:  # fmt: skip
    likely = 3.1 + mood + BIAS[chosen.aspect_of(one.number).kind] + chance.uniform(-0.9, 0.9)
    claim = min(max(round(likely + 0.2), 1), 5)
    empty = is_open and chance.random() < 0.3
    reviewed = None if is_open and chance.random() < 0.55 else max(min(claim, round(likely)), 1)
    filled = (moment - timedelta(days=chance.randint(8, 40))).isoformat()
    made = db.execute("INSERT INTO answer (year_id, number, office_id) VALUES (?, ?, ?)", (year_id, one.number, office))
    if not empty:
        _score(db, made.lastrowid, "self", claim, chance.choice(NOTES), "Operator (demo)", filled)
    if not empty and reviewed is not None:
        found = "" if reviewed == claim else "Bukti belum menunjukkan tingkat yang diajukan (demo)."
        at = (moment - timedelta(days=chance.randint(1, 7))).isoformat()
        _score(db, made.lastrowid, "internal", reviewed, found, "Asesor (demo)", at)
        if not is_open:
            level = max(reviewed - int(chance.random() < 0.12), 1)
            _score(db, made.lastrowid, "external", level, "", "Administrator (demo)", moment.isoformat())
    for title in chance.sample(EVIDENCE, 0 if empty else chance.randint(0 if is_open else 1, 3)):
        db.execute(
            "INSERT INTO evidence (answer_id, title, url, added_name, added_at) VALUES (?, ?, ?, ?, ?)",
            (made.lastrowid, title, "https://bukti.example/demo", "Operator (demo)", filled),
        )


def _score(
    db: sqlite3.Connection, answer_id: int | None, round_: str, level: int, note: str, name: str, at: str
) -> None:
    db.execute(
        "INSERT INTO score (answer_id, round, level, note, by_id, by_name, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (answer_id, round_, level, note, f"demo-{name[:2]}", name, at),
    )
