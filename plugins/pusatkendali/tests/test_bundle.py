"""The bundle as a repository of its own: complete, in both languages, filled for a demonstration."""

import json
import time
import tomllib
from pathlib import Path

import pusatkendali
import pytest
from lumbung_plugin import i18n
from lumbung_plugin.kpi import Figure
from pusatkendali import sources, words
from pusatkendali.migrations import upgrade
from pusatkendali.models import Act, Hearing, Refusal, State, Theme

BUNDLE = Path(pusatkendali.__file__).parent.parent
MANIFEST = tomllib.loads((BUNDLE / "lumbung.toml").read_text())
SCHEMA = json.loads((BUNDLE / "config.schema.json").read_text())


def test_every_message_is_translated():
    assert i18n.missing(BUNDLE / "pusatkendali") == []


@pytest.mark.parametrize(
    ("named", "kinds"),
    [(words.HEARING, Hearing), (words.HEARING_ADVICE, Hearing), (words.STATES, State), (words.STATE_TONES, State),
     (words.STEPS, Act), (words.REFUSALS, Refusal), (words.THEMES, Theme)],
)  # fmt: skip
def test_everything_that_can_be_has_its_words(named, kinds):
    assert set(named) == set(kinds)


def test_the_manifest_asks_for_every_sibling_and_names_what_exists():
    asked = {one.partition(":")[0] for one in MANIFEST["connect"]["uses"]}
    assert asked == set(sources.known())
    for task in MANIFEST["task"]:
        module, _, name = task["call"].partition(":")
        assert callable(getattr(__import__(module, fromlist=[name]), name))


@pytest.mark.parametrize("name", sorted(SCHEMA["properties"]))
def test_every_setting_has_a_default_and_words_in_both_languages(name):
    rule = SCHEMA["properties"][name]
    assert "default" in rule and rule["title"] and rule["description"]
    assert rule["x-en"]["title"] and rule["x-en"]["description"]


def test_the_version_is_one_everywhere():
    text = (BUNDLE / "publiccode.yml").read_text()
    assert f"softwareVersion: {pusatkendali.__version__}\n" in text
    assert f"## {pusatkendali.__version__}\n" in (BUNDLE / "CHANGELOG.md").read_text()


@pytest.fixture
def demo(host, db):
    db.execute("DELETE FROM office")
    db.commit()
    host.setenv("TENANT_DEMO", "1")
    began = time.monotonic()
    upgrade()
    assert time.monotonic() - began < 3
    return db


def test_demo_content_comes_once_is_marked_and_has_every_state(demo):
    upgrade()
    states = {row["state"] for row in demo.execute("SELECT state FROM disposition")}
    assert states == set(State)
    for table in ("figure", "alert", "disposition"):
        assert demo.execute(f"SELECT count(*) FROM {table} WHERE demo = 0").fetchone()[0] == 0
    apps = {row["app"] for row in demo.execute("SELECT DISTINCT app FROM figure")}
    assert apps == set(sources.known())


def test_demo_figures_have_sixty_days_and_none_lies_in_the_future(demo):
    rows = demo.execute(
        "SELECT count(*) AS n, max(at) AS last FROM history WHERE grain = 'day' GROUP BY figure_id"
    ).fetchall()
    assert {row["n"] for row in rows} == {61}
    assert not demo.execute("SELECT 1 FROM step WHERE julianday(at) > julianday('now', '+1 minute')").fetchall()


def test_without_the_wish_there_is_no_demo(db):
    assert db.execute("SELECT count(*) FROM figure").fetchone()[0] == 0


def test_a_made_up_history_leads_to_the_first_value_told(demo, tell):
    figure = tell(Figure("lapor.terlambat", 38, "laporan", "Lewat tenggat", "Late", good="down"))
    row = demo.execute("SELECT * FROM figure WHERE id = ?", (figure,)).fetchone()
    assert (row["value"], row["demo"]) == (38, 0)
    yesterday = demo.execute(
        "SELECT value FROM history WHERE figure_id = ? AND grain = 'day' ORDER BY at DESC LIMIT 1 OFFSET 1", (figure,)
    ).fetchone()["value"]
    assert 25 < yesterday < 50


def test_made_up_figures_a_sibling_does_not_know_leave_the_board(demo, tell):
    tell(Figure("lapor.terlambat", 38))
    hidden = {row["name"] for row in demo.execute("SELECT name FROM figure WHERE hidden = 1")}
    assert "lapor.diterima" in hidden and not any(name.startswith("antrian") for name in hidden)


def test_a_wish_in_an_address_reaches_no_database(leader):
    assert leader.get("/kerja/angka/1%20OR%201=1").status_code == 404
