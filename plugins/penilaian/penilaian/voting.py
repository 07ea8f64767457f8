"""Taking ratings and answers: who may, once per visit code or browser, and what comes suspiciously fast."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from flask.sessions import SessionMixin
from lumbung_plugin import clock, codes, stuffing, transaction

from penilaian import periods, rules, store
from penilaian.config import chosen
from penilaian.rules import SCALE, Refusal

PER_HOUR, TRIES = 20, 10
TOGETHER, TOGETHER_IN = 1_500, timedelta(minutes=10)
"""What all senders may do together; far above a busy day of a large city."""
MOST_REMEMBERED = 30
TOKENS_AT_ONCE = 100


def rate(session: SessionMixin, target: sqlite3.Row, score: int | None, token: str = "") -> Refusal | None:
    """Take one rating (1 to 4); None when it was taken."""
    if score not in SCALE:
        return Refusal.SCORE
    with transaction() as db:
        admitted = _admit(db, session, target, token, "rating")
        if isinstance(admitted, Refusal):
            return admitted
        at = clock.now()
        db.execute("INSERT INTO rating (target_id, at, score, origin) VALUES (?, ?, ?, ?)",
                   (target["id"], at.isoformat(), score, admitted))  # fmt: skip
        _watch(db, "rating", target["id"], at)
    _remember(session, target["id"], "rating")
    return None


def respond(session: SessionMixin, target: sqlite3.Row, answers: Sequence[int], profile: Mapping[str, str],
            token: str = "") -> Refusal | None:  # fmt: skip
    """Take one filled-in survey: nine answers, and what the respondent told of themself, soon parted from them."""
    if not target["survey"]:
        return Refusal.NO_SURVEY
    if len(answers) != len(rules.ELEMENTS) or not all(one in SCALE for one in answers):
        return Refusal.SCORE
    with transaction() as db:
        admitted = _admit(db, session, target, token, "response")
        if isinstance(admitted, Refusal):
            return admitted
        at, day = clock.now(), clock.today().isoformat()
        period = periods.ensured(db, clock.today(), str(chosen()["period"]))
        row = db.execute("INSERT INTO response (target_id, at, day, u1, u2, u3, u4, u5, u6, u7, u8, u9, origin, period)"
                         " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                         (target["id"], at.isoformat(), day, *answers, admitted, period))  # fmt: skip
        db.executemany("INSERT INTO told (response_id, field, value) VALUES (?, ?, ?)",
                       [(row.lastrowid, field, value) for field, value in profile.items()])  # fmt: skip
        _watch(db, "response", target["id"], at)
        part(db, at)
    _remember(session, target["id"], "response")
    return None


def part(db: sqlite3.Connection, now: datetime) -> None:
    """Turn what respondents told of themselves into counts, once no burst can set their answers aside any more.

    From then on nothing ties it to anybody's answers. Those of a burst are counted apart, and with it or not.
    """
    before = (now - timedelta(minutes=int(chosen()["burst_minutes"]))).isoformat()
    db.execute(
        "INSERT INTO profile (target_id, month, field, value, burst_id, people)"
        " SELECT target_id, substr(day, 1, 7), field, value, coalesce(burst_id, 0), count(*)"
        " FROM told JOIN response ON response.id = response_id WHERE at < ? GROUP BY 1, 2, 3, 4, 5"
        " ON CONFLICT DO UPDATE SET people = people + excluded.people",
        (before,),
    )
    db.execute("DELETE FROM told WHERE response_id IN (SELECT id FROM response WHERE at < ?)", (before,))


def make_tokens(db: sqlite3.Connection, target_id: int, number: int) -> list[str]:
    """New visit codes, each good for one rating and one survey; only their hashes are kept, so print them now."""
    until = (clock.now() + timedelta(days=int(chosen()["token_days"]))).isoformat()
    made = [codes.secret_code() for _ in range(min(max(number, 1), TOKENS_AT_ONCE))]
    db.executemany("INSERT INTO token (target_id, hash, until) VALUES (?, ?, ?)",
                   [(target_id, codes.hashed(one), until) for one in made])  # fmt: skip
    return made


def _admit(db: sqlite3.Connection, session: SessionMixin, target: sqlite3.Row, token: str, what: str) -> str | Refusal:
    """`open` or `token`, the way this one comes in; or why not. A visit code that lets in is used up by it."""
    if not store.rateable(target, bool(chosen()["officials"])):
        return Refusal.CLOSED
    if stuffing.too_many(db, what, "at", TOGETHER, TOGETHER_IN):
        return Refusal.BUSY
    if token:
        return _use(db, session, target["id"], token, "rated_at" if what == "rating" else "surveyed_at")
    if target["token_only"]:
        return Refusal.TOKEN_NEEDED
    if not stuffing.allowed(session, _key(target["id"], what), 1, _cooling()):
        return Refusal.TOO_SOON
    if not stuffing.allowed(session, "any", PER_HOUR):
        return Refusal.TOO_OFTEN
    return "open"


def _use(db: sqlite3.Connection, session: SessionMixin, target_id: int, token: str, column: str) -> str | Refusal:
    if not stuffing.allowed(session, "try", TRIES):
        return Refusal.TOO_OFTEN
    row = db.execute(
        "SELECT * FROM token WHERE hash = ? AND target_id = ?", (codes.hashed(token), target_id)
    ).fetchone()
    if row is None:
        stuffing.count(session, "try")
        return Refusal.TOKEN_UNKNOWN
    if row[column] is not None:
        return Refusal.TOKEN_USED
    if row["until"] < clock.now().isoformat():
        return Refusal.TOKEN_OLD
    db.execute(f"UPDATE token SET {column} = ? WHERE id = ?", (clock.now().isoformat(), row["id"]))  # noqa: S608
    return "token"


def _watch(db: sqlite3.Connection, what: str, target_id: int, at: datetime) -> None:
    """Set aside what came suspiciously fast. What came with a visit code is one visit each and never suspicious."""
    limits = chosen()
    window = timedelta(minutes=int(limits["burst_minutes"]))
    suspects = db.execute(
        f"SELECT {what}.at FROM {what} LEFT JOIN burst ON burst.id = burst_id"  # noqa: S608 - one of two fixed names
        f" WHERE {what}.target_id = ? AND {what}.at > ? AND origin = 'open'"
        " AND (burst_id IS NULL OR state = 'waiting') ORDER BY at",
        (target_id, (at - window).isoformat()),
    )
    began = rules.burst([datetime.fromisoformat(row["at"]) for row in suspects], int(limits["burst_count"]), window)
    if began is None:
        return
    row = db.execute("SELECT id FROM burst WHERE target_id = ? AND what = ? AND state = 'waiting' AND ended >= ?",
                     (target_id, what, began.isoformat())).fetchone()  # fmt: skip
    if row is None:
        burst_id = db.execute("INSERT INTO burst (target_id, what, began, ended) VALUES (?, ?, ?, ?)",
                              (target_id, what, began.isoformat(), at.isoformat())).lastrowid  # fmt: skip
    else:
        burst_id = row["id"]
        db.execute("UPDATE burst SET ended = ? WHERE id = ?", (at.isoformat(), burst_id))
    db.execute(f"UPDATE {what} SET burst_id = ? WHERE target_id = ? AND at >= ? AND origin = 'open'"  # noqa: S608
               " AND burst_id IS NULL", (burst_id, target_id, began.isoformat()))  # fmt: skip


def _remember(session: SessionMixin, target_id: int, what: str) -> None:
    """In the signed cookie only. The oldest are forgotten, so that the cookie stays small."""
    kept = [key for key in session if key.startswith("sent.t")]
    for key in kept[: max(0, len(kept) - MOST_REMEMBERED)]:
        del session[key]
    stuffing.count(session, _key(target_id, what))
    stuffing.count(session, "any")
    session.permanent = True


def _key(target_id: int, what: str) -> str:
    return f"t{target_id}{what[:3]}"


def _cooling() -> timedelta:
    return timedelta(hours=int(chosen()["cooling_hours"]))
