"""Asking the siblings: honest, bounded, and one bad answer spoils nothing."""

import time
from datetime import datetime, timedelta

import pytest
from lumbung_plugin import clock
from lumbung_plugin.kpi import Figure
from pusatkendali import gathering, history, sources, tasks
from pusatkendali.models import Grain, Hearing

from .conftest import LATE

ANSWER = {"figures": [{"name": "lapor.terlambat", "value": 12, "unit": "laporan", "label": {"id": "Lewat tenggat"}}]}


def state(db, app):
    return db.execute("SELECT * FROM source WHERE app = ?", (app,)).fetchone()


def test_what_a_sibling_tells_stands_on_the_board(lumbung, leader):
    lumbung.answers("lapor", "kpi.read", ANSWER)
    page = leader.get("/kerja").text
    assert "Lewat tenggat" in page and "12" in page and "1 dari 10 aplikasi terhubung" in page


@pytest.mark.parametrize(
    ("code", "hearing"),
    [
        ("not-granted", Hearing.DENIED),
        ("sibling-absent", Hearing.ABSENT),
        ("capability-absent", Hearing.ABSENT),
        ("sibling-off", Hearing.OFF),
        ("sibling-closed", Hearing.OFF),
        ("sibling-away", Hearing.SILENT),
        ("quota", Hearing.SILENT),
        ("unavailable", Hearing.SILENT),
    ],
)
def test_each_way_of_not_being_heard_has_its_own_name(lumbung, db, code, hearing):
    lumbung.refuses(code, "lapor", "kpi.read")
    gathering.gather(db)
    assert state(db, "lapor")["state"] == hearing


@pytest.mark.parametrize("nonsense", ["halo", [], {"figures": "many"}, {"figures": None}, None, 7])
def test_an_answer_that_is_no_figures_is_called_nonsense(lumbung, db, nonsense):
    lumbung.answers("lapor", "kpi.read", nonsense)
    gathering.gather(db)
    assert state(db, "lapor")["state"] == Hearing.NONSENSE


def test_an_error_of_a_sibling_is_nonsense_and_what_it_told_before_stays(lumbung, db):
    lumbung.answers("lapor", "kpi.read", ANSWER)
    gathering.gather(db)
    heard = state(db, "lapor")["heard_at"]
    lumbung.answers("lapor", "kpi.read", {"error": "x"}, 500)
    gathering.gather(db)
    row = state(db, "lapor")
    assert (row["state"], row["heard_at"]) == (Hearing.NONSENSE, heard)
    assert db.execute("SELECT value FROM figure").fetchone()["value"] == 12


def test_figures_that_are_none_are_left_out(lumbung, db):
    told = [*ANSWER["figures"], {"name": "x", "value": "many"}, {"name": "y", "value": 1e300}, {"value": 3}, 5]
    lumbung.answers("lapor", "kpi.read", {"figures": told})
    gathering.gather(db)
    assert [row["name"] for row in db.execute("SELECT name FROM figure")] == ["lapor.terlambat"]


def test_words_of_a_sibling_are_no_markup(lumbung, leader):
    told = {"name": "x", "value": 1, "unit": "<b>", "label": {"id": "<script>alert(1)</script>", "en": ""}}
    lumbung.answers("lapor", "kpi.read", {"figures": [told]})
    page = leader.get("/kerja").text
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_two_siblings_may_use_the_same_name(lumbung, db):
    for app in ("lapor", "antrian"):
        lumbung.answers(app, "kpi.read", ANSWER)
    gathering.gather(db)
    assert db.execute("SELECT count(*) FROM figure").fetchone()[0] == 2


def test_a_slow_sibling_holds_up_nobody(db, host):
    def slow(app, *, seconds):
        time.sleep(3 if app == "lapor" else 0)
        return [Figure(f"{app}.x", 1)]

    host.setattr(gathering.peers, "figures_of", slow)
    began = time.monotonic()
    answers = gathering.ask(list(sources.known()), 3, 0.5)
    assert time.monotonic() - began < 1.5
    assert "lapor" not in answers and len(answers) == 9


def test_a_sibling_that_breaks_the_client_is_nonsense(host):
    def broken(app, *, seconds):
        raise RuntimeError

    host.setattr(gathering.peers, "figures_of", broken)
    assert gathering.ask(["lapor"], 1, 1)["lapor"].hearing is Hearing.NONSENSE


def test_the_board_asks_at_most_once_a_minute(lumbung, leader):
    leader.get("/kerja")
    asked = len(lumbung.asked)
    leader.get("/kerja")
    assert len([one for one in lumbung.asked[asked:] if one.path.startswith("/siblings")]) == 0


def test_who_is_not_to_be_asked_is_not_asked(lumbung, leader, db):
    leader.post("/admin/sumber/lapor", data={"active": "0"})
    gathering.gather(db)
    assert not [one for one in lumbung.asked if one.path.startswith("/siblings/lapor")]


def test_alone_the_board_opens_and_the_task_says_so(leader, capsys):
    assert leader.get("/kerja").status_code == 200
    tasks.gather()
    assert "alone" in capsys.readouterr().out


def test_a_figure_from_the_future_is_one_of_now(tell, db):
    tell(Figure("lapor.x", 1, at=clock.now() + timedelta(days=900)))
    assert db.execute("SELECT at FROM figure").fetchone()["at"] <= clock.now().isoformat()


def test_history_keeps_last_lowest_and_highest_in_three_grains(tell, db):
    at = datetime.fromisoformat("2026-11-23T03:01:00+00:00")
    figure = tell(LATE, at)
    for minutes, value in ((1, 20), (2, 5)):
        tell(Figure("lapor.terlambat", value), at + timedelta(minutes=minutes))
    for grain in Grain:
        rows = history.series(db, figure, grain)
        assert [(row["value"], row["low"], row["high"]) for row in rows] == [(5, 5, 20)], grain


def test_a_day_ends_when_the_city_says_so(tell, db):
    figure = tell(LATE, datetime.fromisoformat("2026-11-23T17:00:00+00:00"))
    assert history.series(db, figure, Grain.DAY)[0]["at"] == "2026-11-24"


def test_each_grain_is_kept_as_long_as_promised(tell, db, capsys):
    now = clock.now()
    figure = tell(LATE, now)
    for days in (1, 3, 59, 61, 5 * 366 - 1, 5 * 366 + 1):
        history.record(db, figure, 1, now - timedelta(days=days))
    db.commit()
    tasks.tidy()
    kept = {grain: len(history.series(db, figure, grain)) for grain in Grain}
    assert kept == {Grain.RAW: 2, Grain.HOUR: 4, Grain.DAY: 6}
