"""Asking the siblings for their figures: a few at a time, bounded in time, and honest about who did not answer."""

import logging
import sqlite3
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

from lumbung_plugin import OutsideError, clock, outside, peers, transaction
from lumbung_plugin.kpi import Figure

from pusatkendali import alerts, demo_fit, history, sources
from pusatkendali.models import Hearing

FEW = 4
# A task may wait for siblings that sleep; a person who opens the board may not.
PATIENT, BRISK = (10.0, 60.0), (3.0, 4.0)
OLD = timedelta(minutes=1)
LARGEST = 1e15

_BY_CODE = {
    "not-granted": Hearing.DENIED,
    "alone": Hearing.ABSENT,
    "sibling-absent": Hearing.ABSENT,
    "capability-absent": Hearing.ABSENT,
    "sibling-off": Hearing.OFF,
    "sibling-closed": Hearing.OFF,
    "sibling-unclear": Hearing.NONSENSE,
}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking one sibling; `code` is the reason when it told nothing."""

    hearing: Hearing
    figures: Sequence[Figure] = ()
    code: str = ""


def gather(db: sqlite3.Connection, patience: tuple[float, float] = PATIENT) -> int:
    """Ask every sibling now and take in what they tell; returns how many were heard."""
    answers = ask(sources.active(db), *patience)
    with transaction(db):
        return take_in(db, answers, clock.now())


def gather_when_old(db: sqlite3.Connection) -> None:
    """Before the board is shown: ask when the last round is older than a minute and nobody else is asking."""
    if not outside.there():
        return
    moment = clock.now()
    with transaction(db):
        last = db.execute("SELECT at FROM round").fetchone()["at"]
        if last and timedelta() <= moment - datetime.fromisoformat(last) < OLD:
            return
        _begin(db, moment)
    gather(db, BRISK)


def ask(apps: Sequence[str], seconds: float, within: float) -> dict[str, Answer]:
    """The answers that came `within` so many seconds; who is still thinking then is left out. Never raises."""
    pool = ThreadPoolExecutor(FEW, "sibling")
    asked: dict[Future[Answer], str] = {pool.submit(_ask, app, seconds): app for app in apps}
    done, _late = wait(asked, within)
    # Threads under way end by themselves after `seconds`; nobody waits for them.
    pool.shutdown(wait=False, cancel_futures=True)
    return {asked[future]: future.result() for future in done}


def take_in(db: sqlite3.Connection, answers: dict[str, Answer], now: datetime) -> int:
    """Keep what was told and how each sibling stands, in the caller's transaction; returns how many were heard."""
    _begin(db, now)
    for app, answer in answers.items():
        for figure in answer.figures:
            _take(db, app, figure, now)
        heard = answer.hearing is Hearing.SHOWN
        if heard:
            demo_fit.hide_untold(db, app, [figure.name for figure in answer.figures])
        db.execute(
            "UPDATE source SET state = ?, code = ?, asked_at = ?, told = ?, heard_at = iif(?, ?, heard_at) "
            "WHERE app = ?",
            (answer.hearing, answer.code, now.isoformat(), len(answer.figures), heard, now.isoformat(), app),
        )
    return sum(answer.hearing is Hearing.SHOWN for answer in answers.values())


def _begin(db: sqlite3.Connection, now: datetime) -> None:
    db.execute("UPDATE round SET at = ?", (now.isoformat(),))


def _ask(app: str, seconds: float) -> Answer:
    try:
        told = peers.figures_of(app, seconds=seconds)
    except OutsideError as error:
        return Answer(_BY_CODE.get(error.code, Hearing.SILENT), code=error.code)
    except Exception:  # whatever one sibling makes of it, the others are heard
        logger.exception("asking %s failed", app)
        return Answer(Hearing.NONSENSE, code="error")
    return Answer(Hearing.SHOWN, [figure for figure in told if abs(figure.value) <= LARGEST])


def _take(db: sqlite3.Connection, app: str, figure: Figure, now: datetime) -> None:
    at = min(figure.at or now, now)
    known = db.execute("SELECT id, value, demo FROM figure WHERE app = ? AND name = ?", (app, figure.name)).fetchone()
    if known and known["demo"]:
        demo_fit.fit(db, known["id"], known["value"], figure.value)
    row = db.execute(
        "INSERT INTO figure (app, name, label_id, label_en, unit, good, theme, value, at, seen_at) "
        "VALUES (:app, :name, :id, :en, :unit, :good, :theme, :value, :at, :now) "
        "ON CONFLICT (app, name) DO UPDATE SET label_id = :id, label_en = :en, unit = :unit, good = :good, "
        "value = :value, at = :at, seen_at = :now, demo = 0 RETURNING id",
        {
            "app": app,
            "name": figure.name,
            "id": figure.label_id or figure.name,
            "en": figure.label_en or figure.label_id or figure.name,
            "unit": figure.unit,
            "good": figure.good,
            "theme": sources.known()[app].theme,
            "value": float(figure.value),
            "at": at.isoformat(),
            "now": now.isoformat(),
        },
    ).fetchall()[0]
    history.record(db, row["id"], float(figure.value), now)
    alerts.watch(db, row["id"], float(figure.value), now)
