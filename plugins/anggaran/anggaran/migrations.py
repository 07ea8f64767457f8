"""The database, step by step. A step that a city has run is never changed; what comes later is a new step."""

import sqlite3
from contextlib import closing
from pathlib import Path

from lumbung_plugin import city, connect, migrate, offices, settings
from lumbung_plugin.storage import Step

from anggaran import demo, places
from anggaran.schema import FREEZE, FREEZE_ITEMS, LIFT, TABLES

BUNDLE = Path(__file__).parent.parent

CRITERIA = (
    ("Manfaat bagi warga", "Use to citizens", 30),
    ("Mendesak", "Urgent", 20),
    ("Mendukung prioritas kota", "Serves the city's priorities", 20),
    ("Kewajaran biaya", "Reasonable cost", 20),
    ("Siap dilaksanakan", "Ready to be carried out", 10),
)
CAUSES = (
    ("Tidak mendukung prioritas kota", "Does not serve the city's priorities"),
    ("Tumpang tindih dengan kegiatan lain", "Doubles another activity"),
    ("Hasil tidak terukur", "Result cannot be measured"),
    ("Biaya tidak wajar", "Unreasonable cost"),
    ("Dapat ditunda", "Can wait"),
    ("Terlalu banyak rapat dan perjalanan", "Too many meetings and journeys"),
    ("Bukan kewenangan kota", "Not the city's task"),
)


def seed_lists(db: sqlite3.Connection) -> None:
    """What a city starts with; afterwards all of it is edited under /admin."""
    offices.seed(db, settings(BUNDLE)["opd"])
    db.executemany("INSERT INTO criterion (name, name_en, weight) VALUES (?, ?, ?)", CRITERIA)
    db.executemany("INSERT INTO cause (name, name_en) VALUES (?, ?)", CAUSES)


def places_out_of_texts(db: sqlite3.Connection) -> None:
    """1.1.0: see `places.out_of_texts`; the city's kelurahan are its settings'."""
    places.out_of_texts(db, settings(BUNDLE)["kelurahan"])


FIRST: list[Step] = [offices.TABLE, TABLES, FREEZE, seed_lists]
"""What 1.0.0 did."""

PLACES: list[Step] = [LIFT + places.TABLES, places_out_of_texts, FREEZE_ITEMS]
"""What 1.1.0 adds. The guard of frozen versions is lifted and put back: where a place stands changes in them too."""

STEPS: list[Step] = [*FIRST, *PLACES]


def upgrade() -> None:
    """Bring the database to this release; on a demo host fill an empty one. Safe to run again and again."""
    with closing(connect()) as db:
        migrate(db, STEPS)
        if city().demo:
            demo.fill(db)
