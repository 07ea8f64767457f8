"""Made-up content of a demonstration city: figures, alerts and dispositions in every state, marked as demo."""

import random
import sqlite3
from datetime import date, datetime, timedelta

from lumbung_plugin import city, clock, codes, offices, transaction, workdays

from pusatkendali import demo_figures, dispositions
from pusatkendali.demo_texts import MATTERS, OFFICES, OFFICES_OF, THRESHOLDS, Matter
from pusatkendali.models import Act, State

LEADER = "Kantor wali kota (demo)"
OFFICER = "Petugas OPD (demo)"


def fill(db: sqlite3.Connection) -> bool:
    """Fill a database that holds no figure; returns whether it did."""
    now = clock.now()
    with transaction(db):
        if db.execute("SELECT 1 FROM figure").fetchone():
            return False
        offices.seed(db, OFFICES_OF.get(city().code, OFFICES))
        figures = demo_figures.fill(db, now)
        alerts = _alerts(db, figures, now)
        listed = [_office(db, name) for name in OFFICES_OF.get(city().code, OFFICES)]
        for place, matter in enumerate(MATTERS):
            obliged = [listed[one] for one in (matter.office, *matter.partners)]
            chance = random.Random(place)  # noqa: S311 the same every time
            _disposition(db, matter, obliged, alerts.get(matter.figure), now, chance)
    return True


def _office(db: sqlite3.Connection, name: str) -> int:
    return int(db.execute("SELECT id FROM office WHERE name = ?", (name,)).fetchone()["id"])


def _alerts(db: sqlite3.Connection, figures: dict[str, int], now: datetime) -> dict[str, int]:
    """Thresholds and what they raised; returns the last alert by the figure's name."""
    found: dict[str, int] = {}
    for one in THRESHOLDS:
        figure = figures[one.figure]
        made = db.execute(
            "INSERT INTO threshold (figure_id, side, bound, clear, minutes, note) VALUES (?, ?, ?, ?, ?, ?)",
            (figure, one.side, one.bound, one.clear, one.minutes, one.note),
        )
        for alert in one.raised:
            raised, ended = now - timedelta(hours=alert.ago), None
            if alert.lasted is not None:
                ended = (raised + timedelta(hours=alert.lasted)).isoformat()
            read = (raised + timedelta(minutes=25)).isoformat() if alert.read else None
            kept = db.execute(
                "INSERT INTO alert (threshold_id, figure_id, side, bound, note, value, worst, raised_at, read_at, "
                "read_by, read_note, ended_at, end_value, demo) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
                (made.lastrowid, figure, one.side, one.bound, one.note, alert.value, alert.worst, raised.isoformat(),
                 read, LEADER if read else "", alert.read, ended, one.clear if ended else None),
            )  # fmt: skip
            found[one.figure] = kept.lastrowid or 0
    return found


def _disposition(
    db: sqlite3.Connection, matter: Matter, obliged: list[int], alert: int | None, now: datetime, chance: random.Random
) -> None:
    given = now - timedelta(days=matter.ago, minutes=chance.randint(5, 200))
    due = workdays.add_working_days(clock.local(given).date(), matter.days)
    if matter.late and due >= clock.today():
        due = clock.today() - timedelta(days=matter.late)
    trail = _trail(matter, given, due, now)
    moments = {act: at for act, at, _text in trail}
    made = db.execute(
        "INSERT INTO disposition (number, title, instruction, urgent, alert_id, state, given_by, given_at, "
        "due, reported_at, closed_at, demo) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
        (codes.number(db, "DSP", given.year), matter.title, matter.instruction, int(matter.urgent), alert,
         matter.state, LEADER, given.isoformat(), due.isoformat(), moments.get(Act.REPORT),
         moments.get(Act.ACCEPT) or moments.get(Act.WITHDRAW)),
    )  # fmt: skip
    number = made.lastrowid or 0
    dispositions.oblige(db, number, obliged[0], obliged[1:])
    if matter.state in (State.REPORTED, State.ACCEPTED):
        db.execute("UPDATE duty SET done_at = ? WHERE disposition_id = ?", (moments[Act.REPORT], number))
    elif len(obliged) > 2:
        _part_done(db, number, obliged[1], given + timedelta(days=1))
    for act, at, text in trail:
        own = act in (Act.START, Act.REPORT)
        actor = "" if act is Act.REMIND else OFFICER if own else LEADER
        db.execute(
            "INSERT INTO step (disposition_id, at, act, actor, office_id, text, due) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                at,
                act,
                actor,
                obliged[0] if own else None,
                text,
                due.isoformat() if act is Act.GIVE else None,
            ),
        )


def _part_done(db: sqlite3.Connection, number: int, office: int, at: datetime) -> None:
    """The first partner has done its part."""
    db.execute(
        "UPDATE duty SET done_at = ? WHERE disposition_id = ? AND office_id = ?", (at.isoformat(), number, office)
    )
    db.execute(
        "INSERT INTO step (disposition_id, at, act, actor, office_id, text) VALUES (?, ?, ?, ?, ?, ?)",
        (number, at.isoformat(), Act.PART, OFFICER, office, "Bagian kami sudah selesai."),
    )


def _trail(matter: Matter, given: datetime, due: date, now: datetime) -> list[tuple[Act, str, str]]:
    """What happened to it, (act, moment, words), evenly between the giving and now."""
    ways = {
        State.GIVEN: [Act.GIVE],
        State.WORKING: [Act.GIVE, Act.START],
        State.REPORTED: [Act.GIVE, Act.START, Act.REPORT],
        State.RETURNED: [Act.GIVE, Act.START, Act.REPORT, Act.RETURN],
        State.ACCEPTED: [Act.GIVE, Act.START, Act.REPORT, Act.ACCEPT],
        State.WITHDRAWN: [Act.GIVE, Act.WITHDRAW],
    }
    acts = ways[matter.state]
    if due < clock.today() and matter.state in (State.GIVEN, State.WORKING):
        acts = [*acts, Act.REMIND]
    words = {
        Act.REPORT: matter.report,
        Act.ACCEPT: matter.verdict,
        Act.RETURN: matter.verdict,
        Act.WITHDRAW: matter.verdict,
    }
    last = min(now, given + timedelta(days=matter.days)) if matter.state is State.ACCEPTED else now
    span = (last - given) / len(acts)
    return [
        (act, (given + place * span).replace(microsecond=0).isoformat(), words.get(act, ""))
        for place, act in enumerate(acts)
    ]
