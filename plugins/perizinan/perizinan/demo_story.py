"""What happened to the demonstration's applications: events, steps, corrections, permits."""

import random
import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from lumbung_plugin import clock, codes

from perizinan import rules
from perizinan.demo_texts import FOUND, NOTES, REASONS, TERMS, WRONG
from perizinan.rules import Kind, State

OFFICERS = ("Verifikator (demo)", "Surveyor (demo)", "Pejabat pemutus (demo)")
SIGNATORY = ("Kepala Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu", "Penanda tangan (demo)")
HOURS = {"send": 9, "ask": 11, "answer": 8, "pass": 10, "survey": 11, "approve": 14, "refuse": 14, "withdraw": 15}
VERIFIED = (State.SURVEYING, State.DECIDING, State.ISSUED, State.REFUSED)


@dataclass(frozen=True)
class Told:
    """One application's days; `paused` working days of correction lie between the first two."""

    sent: date
    checked: date
    surveyed: date
    decided: date
    paused: int


class Story:
    """Writes what happened; nothing of it lies in the future."""

    def __init__(self, db: sqlite3.Connection, dice: random.Random) -> None:
        self.db, self.dice = db, dice

    def tell(self, id: int, state: State, told: Told, needs: list[sqlite3.Row], survey: bool) -> None:
        """All that led to `state`."""
        if state is State.DRAFT:
            return
        self.event(id, told.sent, "send")
        if told.paused or state is State.CORRECTION:
            self._correction(id, told, needs[0]["id"], state is not State.CORRECTION)
        if state in VERIFIED:
            self._step(id, told.checked, "pass", Kind.VERIFICATION, self.dice.choice(NOTES))
        if state in VERIFIED[1:] and survey:
            self._step(id, told.surveyed, "survey", Kind.SURVEY, self.dice.choice(FOUND), state is not State.REFUSED)
        if state is State.WITHDRAWN:
            self.event(id, told.decided, "withdraw")
        if state is State.ISSUED:
            self._step(id, told.decided, "approve", Kind.DECISION, "")
        if state is State.REFUSED:
            self._step(id, told.decided, "refuse", Kind.DECISION, self.dice.choice(REASONS), False)

    def event(self, id: int, day: date, act: str, actor: str = "", text: str = "") -> None:
        """A line of the history, at an office hour."""
        self.db.execute(
            "INSERT INTO event (application_id, at, act, actor, text, public) VALUES (?, ?, ?, ?, ?, 1)",
            (id, at(day, HOURS.get(act, 15)), act, actor, text),
        )

    def permit(self, id: int, row: sqlite3.Row, values: dict[str, Any], day: date) -> None:
        """The permit an approval led to."""
        until = rules.last_day(day, row["valid_months"])
        seal = "".join(self.dice.choice(codes.LETTERS) for _ in range(8))
        number = codes.number(self.db, row["code"], day.year)
        self.db.execute(
            "INSERT INTO permit (number, seal, application_id, type_id, holder, purpose, place, terms, issued_on,"
            " valid_until, signatory_office, signatory_name, title, legal, office_name)"
            " SELECT ?,?,?,t.id,?,?,?,?,?,?,?,?, t.name, t.legal, coalesce(o.name, '')"
            " FROM permit_type t LEFT JOIN office o ON o.id = t.office_id WHERE t.id = ?",
            (
                number, f"{seal[:4]}-{seal[4:]}", id, values["name"], values["purpose"],
                values["place_address"], TERMS.get(row["slug"], ""), day.isoformat(),
                until.isoformat() if until else None, *SIGNATORY, row["id"],
            ),
        )  # fmt: skip

    def _step(self, id: int, day: date, act: str, kind: Kind, note: str, good: bool = True) -> None:
        officer = list(Kind).index(kind)
        self.db.execute(
            "INSERT INTO step (application_id, kind, by_id, by_name, at, good, note) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (id, kind, f"demo-{officer}", OFFICERS[officer], at(day, HOURS[act]), int(good), note),
        )
        self.event(id, day, act, OFFICERS[officer], note if act == "refuse" else "")

    def _correction(self, id: int, told: Told, need: int, answered: bool) -> None:
        day = told.sent if answered else told.checked
        self.db.execute(
            "INSERT INTO correction (application_id, requirement_id, reason, asked_at, answered_at) VALUES (?,?,?,?,?)",
            (id, need, self.dice.choice(WRONG), at(day, 11), at(told.checked, 8) if answered else None),
        )
        self.event(id, day, "ask", OFFICERS[0])
        if answered:
            self.event(id, told.checked, "answer")


def at(day: date, hour: int) -> str:
    """An hour of a day as tables keep moments; never later than now."""
    moment = clock.local(datetime.combine(day, time(0), UTC)).replace(hour=hour, minute=7, day=day.day, month=day.month)
    return min(moment.astimezone(UTC), clock.now()).isoformat()
