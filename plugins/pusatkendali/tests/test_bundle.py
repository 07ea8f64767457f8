"""The bundle as a repository of its own: complete, in both languages, filled for a demonstration."""

import pytest
from lumbung_plugin.contract import BundleContract
from lumbung_plugin.kpi import Figure
from pusatkendali import sources, words
from pusatkendali.models import Act, Hearing, Refusal, State, Theme


class TestBundle(BundleContract):
    tasks = ("gather", "remind", "kpi", "tidy")
    pages = ("/",)


@pytest.mark.parametrize(
    ("named", "kinds"),
    [(words.HEARING, Hearing), (words.HEARING_ADVICE, Hearing), (words.STATES, State), (words.STATE_TONES, State),
     (words.STEPS, Act), (words.REFUSALS, Refusal), (words.THEMES, Theme)],
)  # fmt: skip
def test_everything_that_can_be_has_its_words(named, kinds):
    assert set(named) == set(kinds)


def test_the_manifest_asks_for_every_sibling(bundle):
    assert {one.partition(":")[0] for one in bundle.manifest["connect"]["uses"]} == set(sources.known())


def test_a_demonstration_has_every_state_and_every_sibling(demo, db):
    assert {row["state"] for row in db.execute("SELECT state FROM disposition")} == set(State)
    assert {row["app"] for row in db.execute("SELECT DISTINCT app FROM figure")} == set(sources.known())


def test_demo_figures_have_sixty_days(demo, db):
    rows = db.execute("SELECT count(*) AS n FROM history WHERE grain = 'day' GROUP BY figure_id").fetchall()
    assert {row["n"] for row in rows} == {61}


def test_without_the_wish_there_is_no_demo(db):
    assert db.execute("SELECT count(*) FROM figure").fetchone()[0] == 0


def test_a_made_up_history_leads_to_the_first_value_told(demo, db, tell):
    figure = tell(Figure("lapor.terlambat", 38, "laporan", "Lewat tenggat", "Late", good="down"))
    row = db.execute("SELECT * FROM figure WHERE id = ?", (figure,)).fetchone()
    assert (row["value"], row["demo"]) == (38, 0)
    yesterday = db.execute(
        "SELECT value FROM history WHERE figure_id = ? AND grain = 'day' ORDER BY at DESC LIMIT 1 OFFSET 1", (figure,)
    ).fetchone()["value"]
    assert 25 < yesterday < 50


def test_made_up_figures_a_sibling_does_not_know_leave_the_board(demo, db, tell):
    tell(Figure("lapor.terlambat", 38))
    hidden = {row["name"] for row in db.execute("SELECT name FROM figure WHERE hidden = 1")}
    assert "lapor.diterima" in hidden and not any(name.startswith("antrian") for name in hidden)


def test_a_wish_in_an_address_reaches_no_database(leader):
    assert leader.get("/kerja/angka/1%20OR%201=1").status_code == 404
