"""Made-up applications for an empty demonstration, in every state; the same ones every time, told back from today."""

import random
import sqlite3
from datetime import date, timedelta
from typing import Any

from lumbung_plugin import city, clock, codes, transaction
from lumbung_plugin.attachments import folder

from perizinan import deadlines, rules
from perizinan.demo_story import OFFICERS, Story, Told, at
from perizinan.demo_texts import ANYWHERE, CONDITIONS, PURPOSES, REVOKED, STREETS, TOWNS
from perizinan.rules import State, Verdict
from perizinan.zoning import AWAY, Zoning

COUNT, RECENT_COUNT, DAYS = 139, 20, 420
SURVEYED = ("penggunaan-jalan", "rencana-kota", "menara")
PAPER = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 298 120]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length 57>>stream
BT /F 18 Tf 30 55 Td (Berkas contoh, data demo) Tj ET    \nendstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
"""
FATES = (*[State.ISSUED] * 5, State.REFUSED, *[State.ISSUED] * 4, State.WITHDRAWN)
RECENT = (
    State.DECIDING,
    State.CHECKING,
    State.CORRECTION,
    State.CHECKING,
    State.ISSUED,
    State.DECIDING,
    State.CHECKING,
)


def fill(db: sqlite3.Connection) -> int:
    """Insert the demonstration into a database without applications; returns how many there are now."""
    with transaction(db):
        if db.execute("SELECT 1 FROM application LIMIT 1").fetchone():
            return 0
        # A fixed seed: every demonstration of a day shows the same.
        dice = random.Random(6474)  # noqa: S311 nothing secret
        marks = ", ".join("?" for _ in SURVEYED)
        db.execute(f"UPDATE permit_type SET survey = 1 WHERE slug IN ({marks})", SURVEYED)  # noqa: S608 marks only
        types = db.execute("SELECT * FROM permit_type WHERE active = 1 ORDER BY id").fetchall()
        old = (12 + int((DAYS - 14) * dice.random() ** 1.4) for _ in range(COUNT - RECENT_COUNT))
        ages = [*sorted(old, reverse=True), *(9 - index // 2 for index in range(RECENT_COUNT))]
        teller = _Teller(db, dice)
        for index, age in enumerate(ages):
            row = types[index % len(types)]
            state = _fate(age, index)
            if state is State.CHECKING and row["survey"] and index % 3:
                state = State.SURVEYING
            teller.one(row, state, age, index)
        teller.one(types[0], State.DRAFT, 1, COUNT)
        teller.revoke_one()
    return COUNT + 1


def _fate(age: int, index: int) -> State:
    return RECENT[(3 * index + index // 7) % len(RECENT)] if age < 10 else FATES[index % len(FATES)]


class _Teller:
    """Writes applications and their history; nothing of it lies in the future."""

    def __init__(self, db: sqlite3.Connection, dice: random.Random) -> None:
        self.db, self.dice, self.today = db, dice, clock.today()
        self.town = TOWNS.get(city().code, ANYWHERE)
        self.story = Story(db, dice)

    def one(self, row: sqlite3.Row, state: State, age: int, index: int) -> None:
        told = self._told(row["days"], age, state)
        values = self._values(row, state, told, index)
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        query = f"INSERT INTO application ({names}) VALUES ({marks})"  # noqa: S608 names are ours
        id = self.db.execute(query, tuple(values.values())).lastrowid or 0
        needs = self.db.execute(
            "SELECT * FROM requirement WHERE type_id = ? ORDER BY position", (row["id"],)
        ).fetchall()
        if age < 60 or state not in rules.CLOSED:
            self._papers(id, needs, told.sent, short=state is State.DRAFT)
        self.story.tell(id, state, told, needs, bool(row["survey"]))
        if state is State.ISSUED:
            self.story.permit(id, row, values, told.decided)

    def revoke_one(self) -> None:
        row = self.db.execute(
            "SELECT p.id, p.application_id FROM permit p JOIN permit_type t ON t.id = p.type_id"
            " WHERE t.slug = 'reklame' AND p.issued_on < ? ORDER BY p.id DESC LIMIT 1",
            ((self.today - timedelta(days=40)).isoformat(),),
        ).fetchone()
        if row:
            day = self.today - timedelta(days=9)
            query = "UPDATE permit SET revoked_on = ?, revoked_reason = ?, revoked_by = ? WHERE id = ?"
            self.db.execute(query, (day.isoformat(), REVOKED, OFFICERS[2], row["id"]))
            self.story.event(row["application_id"], day, "revoke", OFFICERS[2], REVOKED)

    def _told(self, standard: int, age: int, state: State) -> Told:
        sent = _working(self.today - timedelta(days=age))
        paused = self.dice.choice((0, 0, 0, 1, 2, 4))
        late = self.dice.random() < 0.12
        used = standard + self.dice.randint(1, 4) if late else self.dice.randint(1, standard)
        checked = min(deadlines.due(sent, max(1, used // 2), paused), self.today)
        decided = min(deadlines.due(sent, used, paused), self.today)
        surveyed = max(checked, min(deadlines.due(checked, 1, 0), decided))
        return Told(sent, checked, surveyed, decided, paused if state in rules.CLOSED else 0)

    def _values(self, row: sqlite3.Row, state: State, told: Told, index: int) -> dict[str, Any]:
        sent = state is not State.DRAFT
        deadline = deadlines.due(told.sent, row["days"], told.paused) if sent else None
        decided = state in (State.ISSUED, State.REFUSED)
        used = max(deadlines.between(told.sent, told.decided) - told.paused, 0)
        born = f"{1 + index % 28:02}{1 + index % 12:02}{70 + index % 30}"
        where = self._where(row)
        return {
            "number": codes.number(self.db, "PRZ", told.sent.year),
            "code_hash": "demo",
            "type_id": row["id"],
            "state": state,
            "name": f"Pemohon {index + 1} (demo)",
            # No province has the number 99: this is nobody's.
            "nik": f"999999{born}{index + 1:04}",
            "phone": f"+62800000{index + 1:04}",
            "address": f"{self.dice.choice(STREETS)} {index + 1}",
            "purpose": PURPOSES[row["slug"]][index % len(PURPOSES[row["slug"]])],
            **where,
            "created_at": at(told.sent, 8),
            "touched_at": clock.now().isoformat() if not sent else at(told.sent, 9),
            "sent_on": told.sent.isoformat() if sent else None,
            "standard_days": row["days"] if sent else None,
            "deadline": deadline.isoformat() if deadline else None,
            "paused_on": told.checked.isoformat() if state is State.CORRECTION else None,
            "paused_days": told.paused,
            "survey_on": self._survey_day(row, state, told),
            "used_days": used if decided else None,
            "in_time": int(deadline is not None and told.decided <= deadline) if decided else None,
            "closed_at": at(told.decided, 14) if state in rules.CLOSED else None,
            "demo": 1,
        }

    def _survey_day(self, row: sqlite3.Row, state: State, told: Told) -> str | None:
        """Past where the survey is done; for one that waits, planned or not yet."""
        if not row["survey"] or state in (State.DRAFT, State.CHECKING, State.CORRECTION, State.WITHDRAWN):
            return None
        if state is not State.SURVEYING:
            return told.surveyed.isoformat()
        return deadlines.due(self.today, 2, 0).isoformat() if self.dice.random() < 0.6 else None

    def _where(self, row: sqlite3.Row) -> dict[str, Any]:
        if not row["place"]:
            return {"place_address": ""}
        town, dice = self.town, self.dice
        return {
            "place_address": f"{dice.choice(STREETS)} {dice.randint(1, 90)}, {dice.choice(town.kelurahan)}",
            "latitude": round(town.latitude + dice.uniform(-town.around, town.around), 6),
            "longitude": round(town.longitude + dice.uniform(-town.around, town.around), 6),
            "zoning": self._zone().kept() if row["zoning"] else None,
        }

    def _zone(self) -> Zoning:
        verdict = self.dice.choice([Verdict.ALLOWED] * 4 + [Verdict.LIMITED, Verdict.CONDITIONAL, Verdict.AWAY])
        if verdict is Verdict.AWAY:
            return AWAY
        words = CONDITIONS if verdict is Verdict.CONDITIONAL else ("", "")
        return Zoning(verdict, "Perdagangan dan jasa (demo)", "Trade and services (demo)", *words)

    def _papers(self, id: int, needs: list[sqlite3.Row], day: date, short: bool) -> None:
        for need in needs[:1] if short else needs:
            name = f"{self.dice.getrandbits(128):032x}.pdf"
            (folder() / name).write_bytes(PAPER)
            self.db.execute(
                "INSERT INTO file (application_id, requirement_id, name, title, kind, size, added_at)"
                " VALUES (?, ?, ?, ?, 'pdf', ?, ?)",
                (id, need["id"], name, f"{need['name'].lower()} (demo).pdf", len(PAPER), at(day, 8)),
            )


def _working(day: date) -> date:
    """The day itself, or the working day before it."""
    while not deadlines.between(day - timedelta(days=1), day):
        day -= timedelta(days=1)
    return day
