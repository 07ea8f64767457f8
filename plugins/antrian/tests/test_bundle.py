"""The bundle as a repository of its own: metadata, settings, languages."""

import json
import tomllib
from pathlib import Path

import antrian
import pytest
from antrian.messages import SENTENCES
from antrian.models import Refusal
from antrian.settings import Settings
from lumbung_plugin import i18n

ROOT = Path(antrian.__file__).parent
BUNDLE = ROOT.parent
SCHEMA = json.loads((BUNDLE / "config.schema.json").read_text(encoding="utf-8"))


def test_every_sentence_is_translated_to_indonesian() -> None:
    assert i18n.missing(ROOT) == []


def test_every_refusal_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Refusal)


def test_defaults_in_the_schema_are_the_defaults_in_the_code() -> None:
    declared = {
        name: rule["default"] for name, rule in SCHEMA["properties"].items() if name not in ("title", "holidays")
    }
    assert declared == {name: getattr(Settings(), name) for name in declared}


@pytest.mark.parametrize("name", sorted(SCHEMA["properties"]))
def test_every_setting_is_explained_in_both_languages(name: str) -> None:
    rule = SCHEMA["properties"][name]
    assert all(part[key] for part in (rule, rule["x-en"]) for key in ("title", "description"))


def test_the_manifest_names_what_exists() -> None:
    manifest = tomllib.loads((BUNDLE / "lumbung.toml").read_text(encoding="utf-8"))
    assert callable(antrian.create_app) and manifest["plugin"]["entrypoint"] == "antrian:create_app"
    assert callable(antrian.migrations.upgrade) and manifest["data"]["migrate"] == "antrian.migrations:upgrade"
    assert manifest["access"]["staff"] == ["/kerja", "/admin"]


@pytest.mark.parametrize("name", ["publiccode.yml", "LICENSE", "README.md", "CHANGELOG.md"])
def test_the_version_stands_where_people_look(name: str) -> None:
    content = (BUNDLE / name).read_text(encoding="utf-8")
    assert content and (name in ("LICENSE", "README.md") or antrian.__version__ in content)
