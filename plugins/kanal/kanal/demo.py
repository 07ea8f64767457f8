"""Content for a demonstration: offices, accounts, mentions in every state. Made up, equal each time, no people."""

import random
import sqlite3
from datetime import timedelta

from lumbung_plugin import city, clock, offices, transaction

from kanal.demo_texts import FAKES, KELURAHAN, MENTIONS, OFFICES, SHORT, WITHOUT
from kanal.platforms import PLATFORMS

NUMBER = 240
DAYS = 120


def fill(db: sqlite3.Connection) -> None:
    """Fill an empty database; one that holds any account is left alone."""
    with transaction(db):
        if db.execute("SELECT 1 FROM account LIMIT 1").fetchone():
            return
        dice = random.Random(f"kanal {city().code}")  # noqa: S311 - a demonstration, no secret
        accounts = _accounts(db, dice)
        _mentions(db, dice, accounts)
        _fakes(db)


def _accounts(db: sqlite3.Connection, dice: random.Random) -> list[sqlite3.Row]:
    offices.seed(db, [name for name, _short, _where in OFFICES] + list(WITHOUT))
    ids = {row["name"]: row["id"] for row in offices.all(db)}
    slug = SHORT.get(city().code) or city().slug.replace("-", "")[:8]
    for name, short, where in OFFICES:
        for platform in where:
            handle = f"{short}{slug}"[:15]
            days = dice.choice((5, 20, 40, 70, 85, 130, 200))
            verified = (clock.today() - timedelta(days=days + dice.randint(0, 200))).isoformat()
            known = dice.random() < 0.85
            account = db.execute(
                "INSERT INTO account (office_id, platform, handle, url, purpose, answerable, deputy)"
                " VALUES (?, ?, ?, ?, 'Berita dan pengaduan', 'Kasubbag Umum', 'Pranata Humas')",
                (ids[name], platform, handle, PLATFORMS[platform].address(handle)),
            ).lastrowid
            if known:
                _checks(db, dice, account or 0, verified, days)
    return db.execute("SELECT * FROM account").fetchall()


def _checks(db: sqlite3.Connection, dice: random.Random, account: int, verified: str, days: int) -> None:
    """A verification, then checks until the last, which now and then finds a problem."""
    add = "INSERT INTO checkup (account_id, day, outcome, how, problem, who) VALUES (?, ?, ?, ?, ?, ?)"
    how = dice.choice(("letter", "post", "login", "website"))
    db.execute(add, (account, verified, "good", how, "", "Administrator (demo)"))
    wrong = dice.choice(("silent", "gone")) if dice.random() < 0.1 else ""
    last = (clock.today() - timedelta(days=days)).isoformat()
    db.execute(add, (account, last, "problem" if wrong else "good", "", wrong, "Operator (demo)"))


def _mentions(db: sqlite3.Connection, dice: random.Random, accounts: list[sqlite3.Row]) -> None:
    places = KELURAHAN.get(city().code, ("kelurahan kami",))
    for at in range(NUMBER):
        account = dice.choice(accounts)
        text, reason = dice.choice(MENTIONS)
        posted = clock.now() - timedelta(days=DAYS * (1 - at / NUMBER) ** 1.4, minutes=dice.randint(1, 900))
        waited = timedelta(hours=min(dice.expovariate(1 / 14), 120))
        state = _state(dice, reason, at)
        done = state in ("reported", "answered", "irrelevant", "spam")
        number = f"LP-{posted.year}-{at + 900:06}" if state == "reported" else None
        label = ("answered", "Selesai", "Solved")  # finished: no Lapor is asked about what is made up
        db.execute(
            "INSERT INTO mention (platform, external, account_id, office_id, author, text, url, at, received_at,"
            " source, state, reason, answer, decided_at, decided_by, report_number, report_url, report_state,"
            " report_label, report_label_en, report_seen)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (account["platform"], f"demo-{at}", account["id"], account["office_id"], f"warga_demo_{at % 97}",
             text.format(place=dice.choice(places)), f"https://contoh.example/{account['platform']}/{at}",
             posted.isoformat(), posted.isoformat(), "webhook" if at % 5 else "csv", state, reason if done else "",
             "Terima kasih, sudah kami teruskan ke petugas (demo)." if state == "answered" else None,
             min(posted + waited, clock.now()).isoformat() if done else None, "Operator (demo)" if done else "",
             number, f"https://contoh.example/laporan/{number}" if number else "",
             *(label if number else ("", "", "")), clock.now().isoformat() if number else None),
        )  # fmt: skip


def _state(dice: random.Random, reason: str, at: int) -> str:
    """The last ones still wait."""
    if at > NUMBER - 24:
        return "new"
    if reason:
        return "spam" if reason in ("advertisement", "machine") else "irrelevant"
    return "reported" if dice.random() < 0.7 else "answered"


def _fakes(db: sqlite3.Connection) -> None:
    for days, handle, platform, words, state, reason in FAKES:
        at = (clock.now() - timedelta(days=days)).isoformat()
        handle = f"{handle}_{city().slug.replace('-', '')[:10]}"
        db.execute(
            "INSERT INTO fake (at, url, platform, handle, words, state, reason, decided_at, decided_by)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (at, PLATFORMS[platform].address(handle), platform, handle, words, state, reason,
             at if reason else None, "Operator (demo)" if reason else ""),
        )  # fmt: skip
