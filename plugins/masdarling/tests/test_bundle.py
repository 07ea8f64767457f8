"""The bundle as a repository of its own: metadata, settings, languages, weight, demonstration."""

import json
import subprocess
import sys
import time
import tomllib
from contextlib import closing
from pathlib import Path

import masdarling
import pytest
from lumbung_plugin import connect, i18n
from lumbung_plugin.testing import hosted
from masdarling import migrations, numbers, rollout
from masdarling.rules import Refusal
from masdarling.words import SENTENCES

ROOT = Path(masdarling.__file__).parent
BUNDLE = ROOT.parent
SCHEMA = json.loads((BUNDLE / "config.schema.json").read_text(encoding="utf-8"))
HEAVY = ("PIL", "holidays", "fpdf", "segno", "masdarling.migrations", "masdarling.demo")


def test_every_sentence_is_translated_to_indonesian() -> None:
    assert i18n.missing(ROOT) == []


def test_every_refusal_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Refusal)


@pytest.mark.parametrize("name", sorted(SCHEMA["properties"]))
def test_every_setting_is_explained_in_both_languages(name: str) -> None:
    rule = SCHEMA["properties"][name]
    assert all(part[key] for part in (rule, rule["x-en"]) for key in ("title", "description"))


def test_the_manifest_names_what_exists() -> None:
    manifest = tomllib.loads((BUNDLE / "lumbung.toml").read_text(encoding="utf-8"))
    assert manifest["plugin"]["entrypoint"] == "masdarling:create_app"
    assert manifest["data"]["migrate"] == "masdarling.migrations:upgrade" and callable(migrations.upgrade)
    assert [task["call"] for task in manifest["task"]] == ["masdarling.tasks:kpi", "masdarling.tasks:tidy"]


@pytest.mark.parametrize("name", ["publiccode.yml", "CHANGELOG.md"])
def test_the_version_stands_where_people_look(name: str) -> None:
    assert masdarling.__version__ in (BUNDLE / name).read_text(encoding="utf-8")


def test_a_woken_plugin_loads_no_heavy_library() -> None:
    code = "import masdarling, sys; masdarling.create_app(); print(*(n for n in sys.argv[1:] if n in sys.modules))"
    found = subprocess.run([sys.executable, "-c", code, *HEAVY], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""


@pytest.mark.parametrize("code", ["64.74", "21.72", "32.73", "99.99"])
def test_each_city_has_a_rich_demonstration(code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hosted(monkeypatch, tmp_path / code, {}, "masdarling") if (tmp_path / code).mkdir() is None else None
    monkeypatch.setenv("TENANT_CODE", code)
    monkeypatch.setenv("TENANT_DEMO", "1")
    began = time.monotonic()
    migrations.upgrade()
    assert time.monotonic() - began < 10
    with closing(connect()) as db:
        reaches = {row["reach"] for row in rollout.kelurahan(db)}
        assert reaches == {"running", "prepared", "planned"}
        assert numbers.total(db).grams > 500_000 and numbers.total(db).paid
        worst = db.execute("SELECT min(b) FROM (SELECT sum(amount) AS b FROM entry GROUP BY customer_id)").fetchone()
        assert worst[0] >= 0
        assert db.execute("SELECT count(*) FROM activity_photo").fetchone()[0] >= 6
