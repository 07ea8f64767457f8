"""A passbook as a letter (PDF). Only who makes one imports this: it loads the PDF library."""

import sqlite3

from lumbung_plugin import city, settings, today
from lumbung_plugin.document import Document

from masdarling import bank, savers

MOST = 100
KINDS = {"deposit": "Setoran", "withdrawal": "Penarikan", "reversal": "Catatan balik"}


def pdf(db: sqlite3.Connection, customer_id: int) -> bytes:
    """The last hundred entries of a passbook with its balance, in Indonesian as letters are."""
    customer = savers.customer(db, customer_id)
    if customer is None:
        raise LookupError(f"there is no passbook {customer_id}")
    entries = bank.entries(db, customer_id, most=MOST)[:MOST]
    office = str(settings().get("title") or "Masdarling")
    letter = Document("Buku Tabungan Bank Sampah", customer["number"], office, city().name)
    letter.facts([
        ("Nomor buku", customer["number"]),
        ("Kelompok", f"{customer['rt']}, {customer['kelurahan']}"),
        ("Saldo", f"Rp {_points(bank.balance(db, customer_id))}"),
        ("Per tanggal", today().strftime("%d-%m-%Y")),
    ])  # fmt: skip
    rows = [
        (row["day"], KINDS[row["kind"]], _kilograms(row["grams"]), _points(row["amount"]), _points(row["balance"]))
        for row in reversed(entries)
    ]
    letter.table(["Hari", "Catatan", "Kilogram", "Rupiah", "Saldo"], rows)
    letter.paragraph("Catatan yang keliru dibetulkan dengan catatan balik; tidak ada yang dihapus.")
    return letter.bytes()


def _points(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")


def _kilograms(grams: int) -> str:
    return f"{grams / 1000:g}".replace(".", ",") if grams else ""
