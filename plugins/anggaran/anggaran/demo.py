"""Made-up content for a demonstration city: one budget year in three versions, the same each time per city."""

import json
import math
import random
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from lumbung_plugin import city, now, offices, transaction

from anggaran import places, review, years
from anggaran.rules import Kind

DATA = Path(__file__).parent / "data" / "demo.json"
PLACES = {
    "64.74": ("Api-Api", "Belimbing", "Berbas Pantai", "Berbas Tengah", "Bontang Baru", "Bontang Kuala",
              "Bontang Lestari", "Gunung Elai", "Gunung Telihan", "Guntung", "Kanaan", "Loktuan", "Satimpo",
              "Tanjung Laut", "Tanjung Laut Indah", "Telihan"),
    "21.72": ("Air Raja", "Batu IX", "Bukit Cermin", "Dompak", "Kampung Baru", "Kampung Bugis", "Kamboja",
              "Melayu Kota Piring", "Penyengat", "Pinang Kencana", "Sei Jang", "Senggarang", "Tanjungpinang Barat",
              "Tanjungpinang Timur"),
    "32.73": ("Antapani", "Arcamanik", "Astanaanyar", "Babakan Ciparay", "Bandung Kidul", "Bandung Wetan",
              "Batununggal", "Buahbatu", "Cibeunying", "Cibiru", "Cicendo", "Cidadap", "Coblong", "Gedebage",
              "Kiaracondong", "Lengkong", "Mandalajati", "Panyileukan", "Rancasari", "Regol", "Sukajadi", "Sukasari",
              "Sumur Bandung", "Ujungberung"),
}  # fmt: skip
ELSEWHERE = ("Bahari", "Cempaka", "Damai", "Flamboyan", "Harapan", "Kenanga", "Melati", "Pelita", "Sejahtera", "Tirta")
OPEN_DAYS = ((260, 165), (160, 95), (70, None))
"""How many days ago each version was opened and frozen."""

STAGES = ("RKPD", "KUA-PPAS", "RAPBD")
SHARES = ((0.17, 0.09), (0.06, 0.05), (0.02, 0.02))
"""In each version: the share of what is struck out, and of what is reduced."""

AUTHOR, FIRST, SECOND = "demo-opd", "demo-1", "demo-2"
NAMES = {AUTHOR: "Operator OPD (demo)", FIRST: "Penelaah 1 (demo)", SECOND: "Penelaah 2 (demo)"}
WHY = (
    "Hasilnya sama dengan kegiatan lain yang sudah dianggarkan.",
    "Indikatornya tidak menunjukkan manfaat bagi warga.",
    "Harga satuannya jauh di atas harga pasar.",
    "Dapat dikerjakan tahun depan tanpa merugikan warga.",
    "Lebih banyak rapat dan perjalanan daripada layanan.",
)


@dataclass
class _Story:
    """What the demonstration is told with: its chance, and the version being filled."""

    db: sqlite3.Connection
    chance: random.Random
    version: int = 0
    opened: datetime = datetime.min
    days: int = 60

    def moment(self) -> str:
        """Some moment while the version was open."""
        minutes = self.chance.randint(60, max(self.days, 2) * 24 * 60 - 60)
        return (self.opened + timedelta(minutes=minutes)).isoformat()


def fill(db: sqlite3.Connection) -> bool:
    """Fill a database without any budget year; returns whether it did."""
    with transaction(db):
        if db.execute("SELECT 1 FROM year").fetchone():
            return False
        # S311: the numbers must be the same every time, not unguessable.
        story = _Story(db, random.Random(f"anggaran {city().code}"))  # noqa: S311
        told = json.loads(DATA.read_text(encoding="utf-8"))["offices"]
        offices.seed(db, [name for name, _ in told])
        year = db.execute("INSERT INTO year (year, demo) VALUES (?, 1)", (now().year + 1,)).lastrowid
        for position, stage in enumerate(STAGES):
            _version(story, year or 0, position, stage, told)
        _ceilings(story)
        _present(story, told)
    return True


def _version(story: _Story, year: int, position: int, stage: str, told: list[Any]) -> None:
    began, ended = OPEN_DAYS[position]
    story.opened, story.days = now() - timedelta(days=began), began - (ended or 1)
    made = story.db.execute(
        "INSERT INTO version (year_id, stage, position, opened_at) VALUES (?, ?, ?, ?)",
        (year, stage, position + 1, story.opened.isoformat()),
    )
    before, story.version = story.version, made.lastrowid or 0
    if before:
        story.db.execute(years.COPIED, (story.version, story.opened.isoformat(), before))
        places.copy(story.db, before, story.version)
    _insert(story, [row for row in _rows(story, told) if not before or story.chance.random() < 0.05])
    _place(story)
    _marks(story, 0.9 if ended else 0.6)
    for kind, share in zip((Kind.STRIKE, Kind.REDUCE), SHARES[position], strict=True):
        _decide(story, kind, share)
    if ended:
        frozen = (now() - timedelta(days=ended)).isoformat()
        story.db.execute("UPDATE version SET frozen_at = ? WHERE id = ?", (frozen, story.version))


def _rows(story: _Story, told: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Sub-activities of all offices; each template at some of the city's places."""
    places = PLACES.get(city().code, ELSEWHERE)
    for office, activities in told:
        office_id = story.db.execute("SELECT id FROM office WHERE name = ?", (office,)).fetchone()["id"]
        for programme, programme_name, activity, activity_name, millions, indicator, target, templates in activities:
            ids = _codes(story.db, programme, programme_name, activity, activity_name)
            number = 0
            for template in templates:
                for place in places:
                    number += 1
                    if story.chance.random() < 0.62:
                        asked = _amount(story.chance, 3 * millions)
                        yield (office_id, *ids, f"{activity}.{number:04d}", template.format(tempat=place), asked, asked,
                               indicator, target.format(n=story.chance.randint(1, 18)), f"Kelurahan {place}",
                               f"Usulan musyawarah perencanaan {place}: warga membutuhkannya (contoh).")  # fmt: skip


def _codes(db: sqlite3.Connection, programme: str, programme_name: str, code: str, name: str) -> tuple[int, int]:
    db.execute("INSERT OR IGNORE INTO programme (code, name) VALUES (?, ?)", (programme, programme_name))
    programme_id = db.execute("SELECT id FROM programme WHERE code = ?", (programme,)).fetchone()["id"]
    db.execute("INSERT OR IGNORE INTO activity (programme_id, code, name) VALUES (?, ?, ?)", (programme_id, code, name))
    return programme_id, db.execute("SELECT id FROM activity WHERE code = ?", (code,)).fetchone()["id"]


def _amount(chance: random.Random, millions: int) -> int:
    return max(20, round(millions * math.exp(chance.gauss(-0.2, 0.65)) / 5) * 5) * 1_000_000


def _insert(story: _Story, rows: Sequence[tuple[Any, ...]]) -> None:
    moment = story.opened.isoformat()
    story.db.executemany(
        "INSERT OR IGNORE INTO item (version_id, office_id, programme_id, activity_id, code, name, asked, amount,"  # noqa: S608
        " indicator, target, location, reason, state, author, changed_at)"
        f" VALUES ({story.version}, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'submitted', '{AUTHOR}', '{moment}')",
        rows,
    )
    rows = story.db.execute("SELECT id, asked FROM item WHERE version_id = ?", (story.version,)).fetchall()
    story.db.executemany(
        "INSERT INTO event (version_id, item_id, at, actor, actor_name, act, after)"  # noqa: S608 our own values
        f" VALUES ({story.version}, ?, '{moment}', '{AUTHOR}', ?, 'submitted', ?)",
        [(row["id"], NAMES[AUTHOR], row["asked"]) for row in rows],
    )


def _place(story: _Story) -> None:
    """What `_rows` put into the text becomes a place; every ninth is for its neighbour too."""
    rows = story.db.execute(
        "SELECT id, substr(location, 11) AS name FROM item WHERE version_id = ? AND location <> ''", (story.version,)
    ).fetchall()
    names = sorted({row["name"] for row in rows})
    known = dict(zip(names, places.ids(story.db, names), strict=True))
    for position, row in enumerate(rows):
        beside = [names[names.index(row["name"]) - 1]] if position % 9 == 0 else []
        places.enter(story.db, row["id"], [known[name] for name in (row["name"], *beside)])
    story.db.execute("UPDATE item SET location = '' WHERE version_id = ?", (story.version,))


def _marks(story: _Story, share: float) -> None:
    criteria = [row["id"] for row in story.db.execute("SELECT id FROM criterion")]
    rows = story.db.execute("SELECT id FROM item WHERE version_id = ?", (story.version,)).fetchall()
    scored = [row["id"] for row in rows if story.chance.random() < share]
    story.db.executemany(
        "INSERT INTO mark (item_id, criterion_id, reviewer, points) VALUES (?, ?, ?, ?)",
        [(item, criterion, FIRST, min(5, max(1, round(story.chance.gauss(3.6, 1))))) for item in scored
         for criterion in criteria],
    )  # fmt: skip
    story.db.execute(
        "UPDATE item SET score = (SELECT round(sum(weight * (points - 1)) * 25.0 / sum(weight), 1) FROM mark"
        " JOIN criterion ON criterion.id = criterion_id WHERE item_id = item.id) WHERE version_id = ?",
        (story.version,),
    )


def _decide(story: _Story, kind: Kind, share: float) -> None:
    """Strike out or reduce the worst scored of a version, each confirmed by a second reviewer."""
    causes = [row["id"] for row in story.db.execute("SELECT id FROM cause ORDER BY id")]
    rows = story.db.execute(
        "SELECT id, amount FROM item WHERE version_id = ? AND state = 'submitted' AND amount = asked"
        " ORDER BY ifnull(score, 50), id LIMIT (SELECT cast(count(*) * ? AS INTEGER) FROM item WHERE version_id = ?)",
        (story.version, share, story.version),
    ).fetchall()
    for row in rows:
        after = 0 if kind is Kind.STRIKE else round(row["amount"] * story.chance.uniform(0.5, 0.85) / 10**6) * 10**6
        cause = story.chance.choice(causes)
        moment, why = story.moment(), WHY[cause % len(WHY)]
        state = "struck" if kind is Kind.STRIKE else "submitted"
        story.db.execute(
            "UPDATE item SET amount = ?, state = ?, cause_id = ? WHERE id = ?", (after, state, cause, row["id"])
        )
        story.db.execute(
            "INSERT INTO decision (item_id, kind, cause_id, text, before, after, proposer, proposer_name, proposed_at,"
            " judge, judge_name, judged_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'confirmed')",
            (row["id"], kind, cause, why, row["amount"], after, FIRST, NAMES[FIRST], moment, SECOND, NAMES[SECOND],
             moment),
        )  # fmt: skip
        story.db.execute(
            "INSERT INTO event (version_id, item_id, at, actor, actor_name, act, before, after, text)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (story.version, row["id"], moment, SECOND, NAMES[SECOND], review.DONE[kind], row["amount"], after, why),
        )


def _ceilings(story: _Story) -> None:
    """Each office may ask for a little more than it does; three programmes have a ceiling too."""
    for column, limit in (("office_id", 99), ("programme_id", 3)):
        rows = story.db.execute(
            f"SELECT {column} AS scope, sum(amount) AS used FROM item WHERE version_id = ? AND state = 'submitted'"  # noqa: S608
            f" GROUP BY {column} ORDER BY used DESC LIMIT {limit}",
            (story.version,),
        ).fetchall()
        for row in rows:
            most = math.ceil(row["used"] * story.chance.uniform(1.01, 1.12) / 10**9) * 10**9
            story.db.execute(
                f"INSERT INTO ceiling (version_id, {column}, amount) VALUES (?, ?, ?)",  # noqa: S608
                (story.version, row["scope"], most),
            )


def _present(story: _Story, told: list[Any]) -> None:
    """In the open version some are still drafts, and some decisions wait for a second person."""
    rows = story.db.execute(
        "SELECT id, amount FROM item WHERE version_id = ? AND state = 'submitted' AND amount = asked ORDER BY id",
        (story.version,),
    ).fetchall()
    chosen = story.chance.sample(rows, min(len(rows), 26))
    for row in chosen[:14]:
        story.db.execute("UPDATE item SET state = 'draft' WHERE id = ?", (row["id"],))
    for row in chosen[14:]:
        cause = story.chance.randint(1, len(WHY))
        story.db.execute(
            "INSERT INTO decision (item_id, kind, cause_id, text, before, after, proposer, proposer_name, proposed_at)"
            " VALUES (?, 'strike', ?, ?, ?, 0, ?, ?, ?)",
            (row["id"], cause, WHY[cause % len(WHY)], row["amount"], FIRST, NAMES[FIRST], now().isoformat()),
        )
