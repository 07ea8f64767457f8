"""Demonstration reports for an empty database, deterministic and marked as demo in every row."""

import random
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from lumbung_plugin import city, codes, now, transaction, workdays

from lapor import places, rules
from lapor.demo_texts import NEWS, PLACES, REASONS, REOPENINGS, Case, cases_of, streets_of
from lapor.intake import PREFIX
from lapor.rules import State

COUNT = 300
DAYS = 365
STAFF = "Operator (demo)"
# Where people wrote it who never opened the app: (name, address); invented accounts.
POSTS = (("Instagram", "https://instagram.example/p/demo"), ("X/Twitter", "https://x.example/demo/status"))
# No office leaves a report unanswered for longer.
LONGEST = 40
SPREAD = 0.006
"""How far from the middle of a kelurahan a demo report lies at most, in degrees (some 650 m)."""


def fill(db: sqlite3.Connection, settings: Mapping[str, Any], moment: datetime | None = None) -> int:
    """Insert `COUNT` reports of the last `DAYS` days into an empty database; returns how many."""
    with transaction(db):
        if db.execute("SELECT 1 FROM report LIMIT 1").fetchone():
            return 0
        cases = cases_of(city().code)
        _give_categories(db, cases)
        # A fixed seed: every demo host shows the same reports.
        maker = _Maker(db, random.Random(6474), settings, moment or now())  # noqa: S311 nothing secret
        for index, age in enumerate(maker.ages()):
            maker.one(index, cases[index % len(cases)], age)
    return COUNT


def _give_categories(db: sqlite3.Connection, cases: Sequence[Case]) -> None:
    """Each category its usual office."""
    for office, category in {(case.office, case.category) for case in cases}:
        db.execute(
            "UPDATE category SET office_id = (SELECT id FROM office WHERE name = ?) "
            "WHERE name = ? AND office_id IS NULL",
            (office, category),
        )


class _Maker:
    """Makes the reports one by one; what it remembers are earlier ones that duplicates can point at."""

    def __init__(
        self, db: sqlite3.Connection, dice: random.Random, settings: Mapping[str, Any], moment: datetime
    ) -> None:
        self.db, self.dice, self.settings, self.now = db, dice, settings, moment
        self.middles = places.middles()
        self.kelurahan: Sequence[str] = settings["kelurahan"] or [name for name, _ in self.middles]
        self.first: dict[str, tuple[int, sqlite3.Row]] = {}

    def ages(self) -> list[float]:
        """Days ago, oldest first: more lately than long ago, a dozen of today and yesterday."""
        fresh = [0.05 + 1.9 * self.dice.random() for _ in range(12)]
        older = [2 + (DAYS - 2.1) * self.dice.random() ** 1.3 for _ in range(COUNT - len(fresh))]
        return sorted(older + fresh, reverse=True)

    def one(self, index: int, case: Case, age: float) -> None:
        born = self.now - timedelta(days=age)
        state = _state(self.dice, age)
        category, usual = self._category(case.category)
        original = self.first.get(case.title)
        if state is State.DUPLICATE and original is None:
            state = State.REJECTED
        if state in (State.ASSIGNED, State.ANSWERED) and usual is None:
            state = State.ACCEPTED
        given = usual if state in (State.ASSIGNED, State.ANSWERED) else None
        row = self._row(case, category, state, given, born)
        if state is State.DUPLICATE and original is not None:
            row |= {"duplicate_of": original[0], **{name: original[1][name] for name in SAME_PLACE}}
        steps = _Steps(self.db, self.dice, born, self.now, self._insert(row))
        steps.tell(state, case, given)
        if state in rules.PUBLIC:
            kept = self.db.execute("SELECT * FROM report WHERE id = ?", (steps.report_id,)).fetchone()
            self.first[case.title] = (steps.report_id, kept)

    def _category(self, name: str) -> tuple[int, int | None]:
        row = self.db.execute("SELECT id, office_id FROM category WHERE name = ?", (name,)).fetchone()
        row = row or self.db.execute("SELECT id, office_id FROM category ORDER BY id DESC LIMIT 1").fetchone()
        return row["id"], row["office_id"]

    def _row(self, case: Case, category: int, state: State, given: int | None, born: datetime) -> dict[str, Any]:
        due = workdays.add_working_days((born + timedelta(days=1)).date(), self.settings["deadline_days"])
        named = self.dice.random() < 0.4
        street = self.dice.choice(streets_of(city().code))
        place = self._place(street)
        row = {
            "number": codes.number(self.db, PREFIX, born.year),
            "code_hash": "",
            "kind": case.kind,
            "category_id": category,
            "body": case.body,
            **place,
            "title": f"{case.title}, {street}" if self.dice.random() < 0.7 else case.title,
            "reporter_name": "Warga demo" if named else None,
            "reporter_phone": f"+628000000{self.dice.randrange(100, 999)}" if named else None,
            "confidential": int(self.dice.random() < 0.04),
            **self._source(),
            "state": state,
            "office_id": given,
            "deadline": due.isoformat() if given else None,
            "created_at": _text(born),
            "demo": 1,
        }
        return row | (rules.ERASED if state is State.WITHDRAWN else {})

    def _place(self, street: str) -> dict[str, Any]:
        """Most reports have a point on the map, in their kelurahan; some only its name."""
        name = self.dice.choice(self.kelurahan or [""])
        address = f"{self.dice.choice(PLACES)} {street}"
        middle = dict(self.middles).get(name)
        if middle is None or self.dice.random() < 0.15:
            return {"kelurahan": name, "address": address, "latitude": None, "longitude": None}
        lat, lon = (round(value + self.dice.uniform(-SPREAD, SPREAD), 6) for value in middle)
        return {"kelurahan": name, "address": address, "latitude": lat, "longitude": lon}

    def _source(self) -> dict[str, Any]:
        if self.dice.random() >= 0.07:
            return {"source": "web", "source_name": "", "source_url": "", "reference": None}
        name, address = self.dice.choice(POSTS)
        post = f"{self.dice.randrange(10**9):09}"
        told = {"source_name": name, "source_url": f"{address}/{post}", "reference": f"demo-{post}"}
        return {"source": "kanal", **told}

    def _insert(self, row: Mapping[str, Any]) -> int:
        names, marks = ", ".join(row), ", ".join("?" for _ in row)
        sql = f"INSERT INTO report ({names}) VALUES ({marks})"  # noqa: S608 names are literals above
        return self.db.execute(sql, tuple(row.values())).lastrowid or 0


SAME_PLACE = ("title", "kelurahan", "address", "latitude", "longitude")


def _state(dice: random.Random, age: float) -> State:
    """Old reports are mostly answered, fresh ones mostly wait."""
    chance = dice.random()
    if age < 2:
        return State.NEW if chance < 0.7 else State.ACCEPTED
    if chance < 0.11:
        return State.REJECTED if chance < 0.05 else State.DUPLICATE if chance < 0.095 else State.WITHDRAWN
    if age < 8:
        return State.ANSWERED if chance < 0.3 else State.ASSIGNED if chance < 0.82 else State.ACCEPTED
    return State.ANSWERED if age > LONGEST or chance < 0.72 else State.ASSIGNED


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


class _Steps:
    """Writes the history of one report, each step some hours after the one before, never in the future."""

    def __init__(
        self, db: sqlite3.Connection, dice: random.Random, born: datetime, now: datetime, report_id: int
    ) -> None:
        self.db, self.dice, self.at, self.now = db, dice, born, now
        self.report_id = report_id

    def event(self, act: str, text: str = "", office_id: int | None = None, public: bool = True) -> None:
        actor = "" if act in ("created", "rate", "reopen", "withdraw") else STAFF
        self.db.execute(
            "INSERT INTO event (report_id, at, act, actor, office_id, text, public) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (self.report_id, _text(self.at), act, actor, office_id, text, int(public)),
        )

    def wait(self, hours_from: float, hours_to: float) -> None:
        later = self.at + timedelta(hours=self.dice.uniform(hours_from, hours_to))
        self.at = min(later, self.now)

    def tell(self, state: State, case: Case, office_id: int | None) -> None:
        """All events that lead to `state`."""
        self.event("created")
        if state is State.NEW:
            return
        self.wait(1, 20)
        if state in (State.REJECTED, State.DUPLICATE, State.WITHDRAWN):
            act = {State.REJECTED: "reject", State.DUPLICATE: "merge"}.get(state, "withdraw")
            self.event(act, self.dice.choice(REASONS) if act == "reject" else "")
            return
        self.event("accept")
        if state is State.ACCEPTED:
            return
        self.wait(0.5, 6)
        self.event("assign", office_id=office_id)
        if self.dice.random() < 0.35:
            self.wait(6, 40)
            self.event("progress", self.dice.choice(NEWS), office_id)
        if self.dice.random() < 0.06:
            self._again(case, office_id)
        if state is State.ANSWERED:
            self._answer(case, office_id)

    def _again(self, case: Case, office_id: int | None) -> None:
        """Answered once already, and opened again by its reporter."""
        self.wait(8, 60)
        self.event("answer", case.answer, office_id)
        self.wait(10, 70)
        self.event("reopen", self.dice.choice(REOPENINGS), office_id)
        self.db.execute("UPDATE report SET reopened = 1 WHERE id = ?", (self.report_id,))

    def _answer(self, case: Case, office_id: int | None) -> None:
        self.wait(8, 150)
        self.event("answer", case.answer, office_id)
        answered = _text(self.at)
        stars = self.dice.choice((5, 5, 5, 4, 4, 4, 3, 2)) if self.dice.random() < 0.55 else None
        if stars:
            self.wait(2, 30)
            self.event("rate", f"{stars}/5", office_id)
        self.db.execute("UPDATE report SET answered_at = ?, rating = ? WHERE id = ?", (answered, stars, self.report_id))
