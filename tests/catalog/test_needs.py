"""``[needs]`` of lumbung.toml: whole, in both languages, bounded; or not there."""

import json
import tomllib
from pathlib import Path

import pytest

from registry.catalog.inspection import manifest
from registry.hosting.plain import Manifest

PLUGINS = Path(__file__).parents[2] / "plugins"
GOOD = {
    "budget": '"small"',
    "people": '{ id = "Satu operator per loket.", en = "One operator at each counter." }',
    "infrastructure": '{ id = "Satu televisi dan peramban.", en = "One television with a browser." }',
    "data": '{ id = "Nama layanan dan jam buka.", en = "Names of services and opening hours." }',
}


def read(**changes):
    rows = [f"{key} = {value}" for key, value in (GOOD | changes).items() if value]
    return manifest.parse(f'[plugin]\nentrypoint = "a:b"\n\n[needs]\n{chr(10).join(rows)}\n'.encode())


def messages(**changes):
    return {finding.path: finding.message for finding in read(**changes)[1]}


def test_needs_travel_from_the_file_to_the_release_and_back():
    values, findings = read()
    assert findings == []
    made = manifest._manifest(values)
    assert made.needs.budget == "small" and made.needs.people["en"] == "One operator at each counter."
    assert Manifest.from_json(json.loads(json.dumps(made.to_json()))) == made


def test_an_app_need_not_say():
    values, findings = manifest.parse(b'[plugin]\nentrypoint = "a:b"\n')
    assert findings == [] and manifest._manifest(values).needs is None


@pytest.mark.parametrize("key", GOOD)
def test_half_of_the_needs_is_refused_by_name(key):
    assert key in messages(**{key: ""})["lumbung.toml#needs"]


def test_an_unknown_need_is_refused_with_a_hint():
    assert "people" in messages(peple=GOOD["people"])["lumbung.toml#needs.peple"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("budget", '"cheap"'),
        ("budget", "3"),
        ("people", '"Satu operator"'),
        ("people", '{ id = "Satu operator per loket." }'),
        ("people", '{ id = "Satu operator per loket.", en = "One operator.", fr = "Un opérateur." }'),
        ("data", '{ id = "Nama layanan dan jam buka.", en = "" }'),
        ("data", '{ id = "Nama layanan dan jam buka.", en = 7 }'),
        ("data", '{ id = "Nama layanan dan jam buka.", en = "' + "x" * 401 + '" }'),
        ("data", '{ id = "Nama layanan dan jam buka.", en = "opening hours \\u0000 of halls" }'),
        ("data", '{ id = "Nama layanan dan jam buka.", en = "opening \\u202e hours of halls" }'),
    ],
)
def test_a_need_said_otherwise_is_refused_where_it_stands(key, value):
    assert f"lumbung.toml#needs.{key}" in messages(**{key: value})


@pytest.mark.parametrize("plugin", sorted(path.name for path in PLUGINS.iterdir() if path.is_dir()))
def test_every_plugin_of_the_house_says_what_it_needs(plugin):
    text = (PLUGINS / plugin / "lumbung.toml").read_bytes()
    values, findings = manifest.parse(text)
    assert findings == [] and set(values["needs"]) == set(GOOD), tomllib.loads(text.decode()).keys()


def test_a_finding_names_the_line_of_a_dotted_key():
    text = b'[plugin]\nentrypoint = "a:b"\n\n[needs]\nbudget = "none"\npeople.id = "Satu operator per loket."\n'
    lines = {finding.path: finding.line for finding in manifest.parse(text)[1]}
    assert lines["lumbung.toml#needs.people"] == 6 and lines["lumbung.toml#needs"] == 4
