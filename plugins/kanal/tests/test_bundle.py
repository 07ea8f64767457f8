"""The bundle as a repository of its own: metadata, settings, languages."""

import json
import time
import tomllib
from contextlib import closing
from pathlib import Path

import kanal
import pytest
from kanal import demo, tasks, words
from kanal.migrations import upgrade
from kanal.rules import Due, State
from lumbung_plugin import connect, i18n
from lumbung_plugin.outside import CODES

ROOT = Path(kanal.__file__).parent
BUNDLE = ROOT.parent
SCHEMA = json.loads((BUNDLE / "config.schema.json").read_text(encoding="utf-8"))
MANIFEST = tomllib.loads((BUNDLE / "lumbung.toml").read_text(encoding="utf-8"))


def test_every_sentence_is_translated_to_indonesian() -> None:
    assert i18n.missing(ROOT) == []


def test_whatever_the_rules_name_has_words() -> None:
    assert set(words.STATES) == set(State) == set(words.TONES) and set(words.DUE) == set(Due)
    assert set(words.TROUBLES) <= {*CODES, "alone", "sibling-unclear"}


@pytest.mark.parametrize("name", sorted(SCHEMA["properties"]))
def test_every_setting_is_explained_in_both_languages(name: str) -> None:
    rule = SCHEMA["properties"][name]
    assert all(part[key] for part in (rule, rule["x-en"]) for key in ("title", "description"))


def test_the_manifest_names_what_exists() -> None:
    assert callable(kanal.create_app) and MANIFEST["plugin"]["entrypoint"] == "kanal:create_app"
    assert [one["call"] for one in MANIFEST["task"]] == ["kanal.tasks:kpi", "kanal.tasks:send", "kanal.tasks:tidy"]
    assert callable(tasks.kpi) and callable(tasks.tidy)
    assert MANIFEST["access"]["staff"] == ["/kerja", "/admin"] and MANIFEST["connect"]["uses"] == [
        "lapor:reports.create"
    ]


def test_the_secret_is_written_only() -> None:
    rule = SCHEMA["properties"]["webhook_secret"]
    assert rule["writeOnly"] is True and rule["default"] == ""


@pytest.mark.parametrize("name", ["publiccode.yml", "CHANGELOG.md"])
def test_the_version_stands_where_people_look(name: str) -> None:
    assert kanal.__version__ in (BUNDLE / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("code", ["64.74", "21.72", "32.73", "11.01"])
def test_a_demonstration_is_filled_once_and_fast(host, code: str) -> None:
    host.setenv("TENANT_DEMO", "1")
    host.setenv("TENANT_CODE", code)
    began = time.process_time()
    upgrade()
    assert time.process_time() - began < 3
    with closing(connect()) as db:
        before = "\n".join(db.iterdump())
        demo.fill(db)
        assert "\n".join(db.iterdump()) == before
        assert db.execute("SELECT count(*) FROM mention").fetchone()[0] == demo.NUMBER


def test_upgrading_again_changes_nothing(host) -> None:
    with closing(connect()) as db:
        before = "\n".join(db.iterdump())
    upgrade()
    with closing(connect()) as db:
        assert "\n".join(db.iterdump()) == before


def test_alone_it_prepares_its_own_database(host, tmp_path) -> None:
    host.delenv("PLUGIN_ORIGIN")
    host.setenv("DATA_DIR", str(tmp_path / "alone"))
    assert kanal.create_app().test_client().get("/").status_code == 200
