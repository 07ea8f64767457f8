"""The daily summary as PDF. Imported only where one is made: it loads the PDF library."""

from babel.dates import format_date
from flask_babel import force_locale
from lumbung_plugin import city
from lumbung_plugin.document import Document

from pusatkendali.shown import amount, app_name, change, unit
from pusatkendali.summary import Summary
from pusatkendali.words import SIDES, THEMES


def of(day: Summary, office: str) -> bytes:
    """The letter of a day; Indonesian whoever asks, as official letters are."""
    with force_locale("id"):
        return _letter(day, office)


def _letter(day: Summary, office: str) -> bytes:
    said = format_date(day.day, "EEEE, d MMMM y", locale="id")
    letter = Document("Ringkasan Harian Pusat Kendali", f"RH-{day.day:%Y%m%d}", office or "Pusat Kendali")
    letter.paragraph(f"Keadaan {city().name} pada {said}.")
    letter.facts(
        [
            ("Peringatan baru", len(day.raised)),
            ("Peringatan masih berlangsung", len(day.standing)),
            ("Disposisi diberikan", len(day.given)),
            ("Disposisi selesai", len(day.closed)),
            ("Disposisi terlambat", len(day.late)),
        ]
    )
    for theme, lines in day.themes:
        rows = [
            (
                line.row["label_id"],
                f"{amount(line.value)} {unit(line.row['unit'])}",
                change(line.day),
                change(line.week),
            )
            for line in lines
        ]
        letter.table([str(THEMES[theme]), "Nilai", "Sehari", "Sepekan"], rows, (8, 5, 4, 4))
    if day.standing:
        rows_ = [
            (row["label_id"], f"{SIDES[row['side']]} {amount(row['bound'])}", amount(row["worst"]))
            for row in day.standing
        ]
        letter.table(["Peringatan berlangsung", "Batas", "Terburuk"], rows_)
    if day.late:
        letter.table(
            ["Disposisi terlambat", "OPD", "Tenggat"],
            [(f"{row['number']} {row['title']}", row["office"], row["due"]) for row in day.late],
        )
    if day.unheard:
        letter.paragraph(
            "Belum terdengar sejak sehari sebelumnya: " + ", ".join(app_name(app) for app in day.unheard) + "."
        )
    return letter.bytes()
