"""Demonstration reports for an empty database, deterministic and marked as demo in every row."""

import random
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from lumbung_plugin import transaction

from lapor import rules, store
from lapor.demo_texts import CASES, NEWS, PLACES, REASONS, STREETS, Case
from lapor.rules import State

COUNT = 120
DAYS = 60
STAFF = "Operator demo"


def fill(db: sqlite3.Connection, settings: Mapping[str, Any], now: datetime | None = None) -> int:
    """Insert `COUNT` reports of the last `DAYS` days into an empty database; returns how many."""
    with transaction(db):
        if db.execute("SELECT 1 FROM report LIMIT 1").fetchone():
            return 0
        for office, category in {(case.office, case.category) for case in CASES}:
            db.execute(
                "UPDATE category SET opd_id = (SELECT id FROM opd WHERE name = ?) WHERE name = ? AND opd_id IS NULL",
                (office, category),
            )
        # A fixed seed: every demo host shows the same reports.
        dice = random.Random(6474)  # noqa: S311 nothing secret
        now = now or datetime.now(UTC)
        ages = sorted((0.05 + (DAYS - 0.1) * dice.random() ** 1.4 for _ in range(COUNT)), reverse=True)
        for index, age in enumerate(ages):
            _one(db, dice, settings, CASES[index % len(CASES)], now - timedelta(days=age), now)
    return COUNT


def _one(
    db: sqlite3.Connection,
    dice: random.Random,
    settings: Mapping[str, Any],
    case: Case,
    born: datetime,
    now: datetime,
) -> None:
    category = db.execute("SELECT id, opd_id FROM category WHERE name = ?", (case.category,)).fetchone()
    if category is None:
        category = db.execute("SELECT id, opd_id FROM category ORDER BY id DESC LIMIT 1").fetchone()
    state = _state(dice, (now - born).days)
    given = state in (State.ASSIGNED, State.ANSWERED) and category["opd_id"] is not None
    if state in (State.ASSIGNED, State.ANSWERED) and not given:
        state = State.ACCEPTED
    steps = _Steps(db, dice, born, now)
    due = rules.deadline((born + timedelta(days=1)).date(), settings["deadline_days"])
    named = dice.random() < 0.4
    row = {
        "number": store.next_number(db, born.isoformat()),
        "code_hash": "demo",
        "kind": case.kind,
        "category_id": category["id"],
        "title": case.title,
        "body": case.body,
        "kelurahan": dice.choice(settings["kelurahan"] or [""]),
        "address": f"{dice.choice(PLACES)} {dice.choice(STREETS)}",
        "reporter_name": "Warga Demo" if named else None,
        "reporter_phone": f"0800 0000 0{dice.randrange(100, 999)}" if named else None,
        "confidential": int(dice.random() < 0.04),
        "state": state,
        "opd_id": category["opd_id"] if given else None,
        "deadline": due.isoformat() if given else None,
        "created_at": steps.text(born),
        "demo": 1,
    }
    names, marks = ", ".join(row), ", ".join("?" for _ in row)
    sql = f"INSERT INTO report ({names}) VALUES ({marks})"  # noqa: S608 names are literals above
    steps.report_id = db.execute(sql, tuple(row.values())).lastrowid or 0
    steps.tell(state, case, row["opd_id"])


def _state(dice: random.Random, age: int) -> State:
    """Old reports are mostly answered, fresh ones mostly wait."""
    chance = dice.random()
    if age < 2:
        return State.NEW if chance < 0.6 else State.ACCEPTED
    if chance < 0.06:
        return State.REJECTED
    if age < 7:
        return State.ANSWERED if chance < 0.3 else State.ASSIGNED if chance < 0.8 else State.ACCEPTED
    return State.ANSWERED if chance < 0.98 else State.ASSIGNED


class _Steps:
    """Writes the history of one report, each step some hours after the one before, never in the future."""

    def __init__(self, db: sqlite3.Connection, dice: random.Random, born: datetime, now: datetime) -> None:
        self.db, self.dice, self.at, self.now = db, dice, born, now
        self.report_id = 0

    @staticmethod
    def text(moment: datetime) -> str:
        return moment.isoformat(timespec="seconds")

    def event(self, act: str, text: str = "", opd_id: int | None = None, public: bool = True) -> None:
        actor = "" if act in ("created", "rate") else STAFF
        self.db.execute(
            "INSERT INTO event (report_id, at, act, actor, opd_id, text, public) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (self.report_id, self.text(self.at), act, actor, opd_id, text, int(public)),
        )

    def wait(self, hours_from: float, hours_to: float) -> None:
        later = self.at + timedelta(hours=self.dice.uniform(hours_from, hours_to))
        self.at = min(later, self.now)

    def tell(self, state: State, case: Case, opd_id: int | None) -> None:
        """All events that lead to `state`."""
        self.event("created")
        if state is State.NEW:
            return
        self.wait(1, 20)
        if state is State.REJECTED:
            self.event("reject", self.dice.choice(REASONS))
            return
        self.event("accept")
        if state is State.ACCEPTED:
            return
        self.wait(0.5, 6)
        self.event("assign", opd_id=opd_id)
        if self.dice.random() < 0.35:
            self.wait(6, 40)
            self.event("progress", self.dice.choice(NEWS), opd_id)
        if state is State.ANSWERED:
            self._answer(case, opd_id)

    def _answer(self, case: Case, opd_id: int | None) -> None:
        self.wait(8, 150)
        self.event("answer", case.answer, opd_id)
        answered = self.text(self.at)
        stars = self.dice.choice((5, 5, 5, 4, 4, 4, 3, 2)) if self.dice.random() < 0.55 else None
        if stars:
            self.wait(2, 30)
            self.event("rate", f"{stars}/5", opd_id)
        self.db.execute("UPDATE report SET answered_at = ?, rating = ? WHERE id = ?", (answered, stars, self.report_id))
