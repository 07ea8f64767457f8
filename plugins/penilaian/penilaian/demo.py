"""Content for a demonstration: offices, services, two years of ratings. Made up, equal each time, no people in it."""

import random
import sqlite3
from datetime import date, datetime, timedelta

from lumbung_plugin import city, clock, offices, transaction

from penilaian import periods, plans
from penilaian.config import chosen
from penilaian.demo_texts import BY_CITY, COMMENTS, GENERIC, HIDDEN, PLANS
from penilaian.words import PROFILE

Thing = tuple[int, float, float, str]
"""(id, how good, how busy, kind) of something that is rated."""

DAYS = 400
RATINGS, RESPONSES = 4_200, 1_500
WEIGHTS = {
    "age": (6, 30, 27, 19, 12, 6),
    "sex": (53, 47),
    "education": (8, 14, 46, 28, 4, 0),
    "occupation": (11, 2, 2, 38, 25, 22),
}


def fill(db: sqlite3.Connection) -> None:
    """Fill an empty database; one that holds anything to rate is left alone."""
    with transaction(db):
        if db.execute("SELECT 1 FROM target LIMIT 1").fetchone():
            return
        dice = random.Random(f"penilaian {city().code}")  # noqa: S311 - a demonstration, no secret
        targets = _targets(db, dice)
        _ratings(db, dice, targets)
        _responses(db, dice, targets)
        _comments(db, dice, targets)
        _bursts(db, targets)
        _served(db, dice, targets)
        _plans(db)


def _targets(db: sqlite3.Connection, dice: random.Random) -> list[Thing]:
    """(id, how good, how busy, kind) of each."""
    made: list[Thing] = []
    listed = BY_CITY.get(city().code, GENERIC)
    offices.seed(db, [office for office, _level, _things in listed])
    ids = {row["name"]: row["id"] for row in offices.all(db)}
    for office, level, things in listed:
        for at, (kind, name, name_en, number, place, busy) in enumerate(things):
            code = "".join(dice.choice("abcdefghjkmnpqrstvwxyz23456789") for _ in range(6))
            row = db.execute(
                "INSERT INTO target (office_id, kind, name, name_en, number, place, code, survey, token_only)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (ids[office], kind, name, name_en, number, place, code, int(kind != "official"), int(at == 3)),
            )  # fmt: skip
            made.append((row.lastrowid or 0, level + dice.uniform(-0.2, 0.2), busy, kind))
    return made


def _moment(dice: random.Random) -> datetime:
    """Some time in office hours; later days are likelier, since more people know of it."""
    days = int(DAYS * (1 - dice.random() ** 0.6))
    at = clock.now() - timedelta(days=days, minutes=dice.randint(10, 600))
    return at.replace(second=dice.randint(0, 59))


def _score(dice: random.Random, level: float) -> int:
    return max(1, min(4, round(dice.gauss(level, 0.62))))


def _better(at: datetime) -> float:
    """By how much a service had become better then."""
    return 0.25 * (1 - (clock.now() - at).days / DAYS)


def _ratings(db: sqlite3.Connection, dice: random.Random, targets: list[Thing]) -> None:
    rows: list[tuple[int, str, int, str]] = []
    for target_id, level, _busy, _kind in dice.choices(targets, [one[2] for one in targets], k=RATINGS):
        at = _moment(dice)
        rows.append((target_id, at.isoformat(), _score(dice, level + _better(at)), "open"))
    rows.sort(key=lambda row: row[1])
    db.executemany("INSERT INTO rating (target_id, at, score, origin) VALUES (?, ?, ?, ?)", rows)


def _responses(db: sqlite3.Connection, dice: random.Random, targets: list[Thing]) -> None:
    surveyed = [one for one in targets if one[3] != "official"]
    # Every element has a lean of its own: waiting and facilities are what people complain of.
    lean = (0.1, 0.0, -0.35, 0.35, 0.1, 0.1, 0.15, -0.15, -0.25)
    rows: list[tuple[object, ...]] = []
    told: list[tuple[int, date]] = []
    kind = str(chosen()["period"])
    for target_id, level, _busy, _kind in dice.choices(surveyed, [one[2] for one in surveyed], k=RESPONSES):
        at = _moment(dice)
        present = level + _better(at)
        answers = [_score(dice, present + one) for one in lean]
        day = clock.local(at).date()
        rows.append((target_id, at.isoformat(), day.isoformat(), *answers, periods.ensured(db, day, kind)))
        if dice.random() < 0.8:
            told.append((target_id, day))
    rows.sort(key=lambda row: str(row[1]))
    db.executemany(
        "INSERT INTO response (target_id, at, day, u1, u2, u3, u4, u5, u6, u7, u8, u9, period, origin)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open')",
        rows,
    )
    _profiles(db, dice, told)


def _profiles(db: sqlite3.Connection, dice: random.Random, told: list[tuple[int, date]]) -> None:
    db.executemany(
        "INSERT INTO profile (target_id, month, field, value, people) VALUES (?, ?, ?, ?, 1)"
        " ON CONFLICT DO UPDATE SET people = people + 1",
        [
            (target_id, day.isoformat()[:7], field, dice.choices(list(PROFILE[field]), weights)[0])
            for target_id, day in told
            for field, weights in WEIGHTS.items()
        ],
    )


def _comments(db: sqlite3.Connection, dice: random.Random, targets: list[Thing]) -> None:
    year = clock.today().year
    number = 0
    for at in range(72):
        target_id = dice.choices(targets, [one[2] for one in targets])[0][0]
        score, text, answer = COMMENTS[at % len(COMMENTS)]
        number += 1
        when = clock.now() - timedelta(days=(72 - at) * 2, minutes=dice.randint(5, 500))
        state = "waiting" if at > 64 else "shown"
        if at % 12 == 7 and state == "shown":
            score, text, answer, state = 1, HIDDEN, "", "hidden"
        answered = bool(answer) and state == "shown" and dice.random() < 0.75
        later = (when + timedelta(days=1)).isoformat() if state != "waiting" else None
        db.execute(
            "INSERT INTO comment (number, target_id, at, score, text, state, reason, code_hash, judged_at, judged_by,"
            " answer, answered_at) VALUES (?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?)",
            (f"KMT-{year}-{number:06}", target_id, when.isoformat(), score, text, state,
             "person" if state == "hidden" else "", later, "Operator (demo)" if later else "",
             answer if answered else "", later if answered else None),
        )  # fmt: skip
    db.execute("INSERT INTO counter (prefix, year, last) VALUES ('KMT', ?, ?)", (year, number))


def _bursts(db: sqlite3.Connection, targets: list[Thing]) -> None:
    """One burst that was judged, one that waits."""
    for at, (days, size, score, state, reason) in enumerate((
        (41, 26, 4, "excluded", "Semua dari satu jaringan dalam tujuh menit, di luar jam layanan (demo)."),
        (2, 17, 1, "waiting", ""),
    )):  # fmt: skip
        target_id = targets[at * 2][0]
        began = clock.now() - timedelta(days=days)
        ended = began + timedelta(seconds=20 * size)
        burst = db.execute(
            "INSERT INTO burst (target_id, what, began, ended, state, reason, judged_at, judged_by)"
            " VALUES (?, 'rating', ?, ?, ?, ?, ?, ?)",
            (target_id, began.isoformat(), ended.isoformat(), state, reason,
             (began + timedelta(days=1)).isoformat() if reason else None, "Operator (demo)" if reason else ""),
        ).lastrowid  # fmt: skip
        db.executemany(
            "INSERT INTO rating (target_id, at, score, origin, burst_id) VALUES (?, ?, ?, 'open', ?)",
            [(target_id, (began + timedelta(seconds=20 * one)).isoformat(), score, burst) for one in range(size)],
        )


def _served(db: sqlite3.Connection, dice: random.Random, targets: list[Thing]) -> None:
    """People served in each period; all periods but the last two are closed."""
    for at, row in enumerate(periods.all(db)):
        people = {one[0]: int(dice.randint(4, 60) * 10 * one[2]) for one in targets if one[3] != "official"}
        periods.save_served(db, row["code"], people)
        if at > 1:
            periods.close(db, row["code"], "Administrator (demo)")


def _plans(db: sqlite3.Connection) -> None:
    period = periods.all(db)[0]["code"]
    for office, element, action, days, done in PLANS:
        row = db.execute("SELECT id FROM office WHERE name = ?", (office,)).fetchone()
        if row:
            plans.add(db, row["id"], period, element, action, clock.today() + timedelta(days=days))
            db.execute("UPDATE plan SET done_at = ? WHERE action = ? AND ?", (clock.now().isoformat(), action, done))
