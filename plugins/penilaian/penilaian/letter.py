"""The survey's report as an official letter (PDF), with what PermenPANRB 14/2017 asks a report to hold.

Only who prints imports this. A letter is Indonesian whoever reads it.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lumbung_plugin import city, today
from lumbung_plugin.document import Document

from penilaian.elements import ELEMENTS
from penilaian.results import Office, Tally
from penilaian.rules import Index, Period, sample_size


@dataclass(frozen=True)
class Told:
    """What the letter is about; `name` is the office, or the city as a whole."""

    name: str
    period: Period
    tally: Tally
    offices: Sequence[Office]
    targets: Sequence[sqlite3.Row]
    profile: Mapping[str, tuple[Sequence[tuple[str, int]], int]]
    excluded: int
    weight: str
    url: str
    served: Mapping[int, int]
    plans: Sequence[sqlite3.Row]


FIELD_NAMES = {"age": "Usia", "sex": "Jenis kelamin", "education": "Pendidikan", "occupation": "Pekerjaan"}


def report(told: Told) -> bytes:
    """The letter; a period without respondents gives one that says so."""
    number = f"SKM/{told.period.code}/{told.name[:40]}"
    letter = Document("Laporan Survei Kepuasan Masyarakat", number, told.name, "Survei menurut PermenPANRB 14/2017")
    index = told.tally.index()
    if index is None:
        letter.paragraph(f"Periode {_period(told.period)}: belum ada responden.")
        return letter.bytes()
    _summary(letter, told, index)
    _elements(letter, index)
    _parts(letter, told)
    _profile(letter, told)
    _plans(letter, told)
    letter.paragraph(_method(told))
    letter.qr(told.url, "Hasil untuk umum")
    place = city().name.removeprefix("Kota ")
    letter.signature(place, today(), f"Kepala {told.name}"[:60], "(" + "." * 32 + ")")
    return letter.bytes()


def _summary(letter: Document, told: Told, index: Index) -> None:
    letter.facts([
        ("Periode", f"{_period(told.period)} ({told.period.start:%d-%m-%Y} s.d. {told.period.end:%d-%m-%Y})"),
        ("Responden", index.respondents),
        ("Indeks (IKM)", _decimal(index.value)),
        ("Mutu pelayanan", f"{index.grade.letter} ({index.grade.words[0]})"),
        ("Tidak dihitung", f"{told.excluded} jawaban yang datang mencurigakan cepat" if told.excluded else "tidak ada"),
    ])  # fmt: skip


def _elements(letter: Document, index: Index) -> None:
    rows = [
        (one.code, one.name[0], _decimal(index.elements[at]), _decimal(index.elements[at] * 25),
         index.element_grade(at).letter)
        for at, one in enumerate(ELEMENTS)
    ]  # fmt: skip
    letter.table(["Unsur", "Nama", "Rata-rata", "Konversi", "Mutu"], rows, (2, 9, 3, 3, 2))
    weak = "; ".join(f"{ELEMENTS[at].name[0]} ({_decimal(index.elements[at])})" for at in index.weakest())
    letter.paragraph(f"Unsur yang perlu didahulukan perbaikannya: {weak}.")


def _parts(letter: Document, told: Told) -> None:
    """The offices of a city; the services of one office with their sample."""
    if len(told.offices) > 1:
        letter.table(["Unit", "Responden", "IKM", "Mutu"], [_row(one.name, one.tally.index()) for one in told.offices],
                     (9, 3, 3, 2))  # fmt: skip
        return
    parts = told.offices[0].parts if told.offices else {}
    rows = [
        (
            *_row(plain_name(row), parts.get(row["id"], Tally()).index()),
            sample_size(told.served[row["id"]]) if row["id"] in told.served else "-",
        )
        for row in told.targets
    ]
    letter.table(["Layanan", "Responden", "IKM", "Mutu", "Sampel perlu"], rows, (9, 3, 3, 2, 3))


def _profile(letter: Document, told: Told) -> None:
    rows: list[tuple[str, str, int]] = []
    for field, (shown, others) in told.profile.items():
        rows += [(FIELD_NAMES[field], value, people) for value, people in shown]
        rows += [(FIELD_NAMES[field], "lainnya (digabung)", others)] if others else []
    if rows:
        letter.table(["Profil responden", "Kelompok", "Orang"], rows)


def _plans(letter: Document, told: Told) -> None:
    rows = [(one["element"], one["office"], one["action"], one["due"], "selesai" if one["done_at"] else "berjalan")
            for one in told.plans]  # fmt: skip
    if rows:
        letter.table(["Unsur", "Unit", "Tindak lanjut", "Sampai", "Keadaan"], rows)


def _method(told: Told) -> str:
    weight = "tepat 1/9" if told.weight == "1/9" else "0,11 (dibulatkan seperti contoh lampiran)"
    return (
        "Cara menghitung: rata-rata tiap unsur adalah jumlah jawaban (1 sampai 4) dibagi jumlah responden; rata-rata "
        f"dikalikan bobot {weight}, dijumlahkan, lalu dikalikan 25. Pembulatan hanya sekali di akhir, ke dua desimal, "
        "setengah ke atas; mutu menurut indeks yang sudah dibulatkan. Setiap responden berbobot sama. Profil responden "
        "dihitung terpisah dari jawabannya; kelompok kecil digabung. Jumlah sampel menurut tabel Krejcie dan Morgan."
    )


def _row(name: str, index: Index | None) -> tuple[str, int, str, str]:
    return (name, index.respondents, _decimal(index.value), index.grade.letter) if index else (name, 0, "-", "-")


def plain_name(row: sqlite3.Row) -> str:
    """The name of what is rated, in Indonesian whatever the page speaks."""
    return f"{row['name']}, nomor {row['number']}" if row["kind"] == "official" else str(row["name"])


def _period(period: Period) -> str:
    return f"Semester {'I' * period.half} {period.start.year}" if period.half else str(period.start.year)


def _decimal(value: object) -> str:
    return f"{value:.2f}".replace(".", ",")
