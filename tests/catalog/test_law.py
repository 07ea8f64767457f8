"""``[law]`` of lumbung.toml: rules by the names people cite them by, bounded; or not there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from registry.catalog import service as catalog
from registry.catalog.inspection import manifest
from registry.core.uow import unit_of_work
from registry.hosting.plain import Manifest
from tests.catalog.conftest import MANIFEST

PLUGINS = Path(__file__).parents[2] / "plugins"


def read(basis: str):
    return manifest.parse(f'[plugin]\nentrypoint = "a:b"\n\n[law]\nbasis = {basis}\n'.encode())


def test_the_rules_travel_from_the_file_to_the_release_and_back():
    values, findings = read('["PermenPANRB 59/2020", " Perpres  95/2018 ", "PermenPANRB 59/2020"]')
    made = manifest._manifest(values)
    assert findings == [] and made.law == ("PermenPANRB 59/2020", "Perpres 95/2018")
    assert Manifest.from_json(json.loads(json.dumps(made.to_json()))) == made


def test_a_release_from_before_names_no_rule():
    assert Manifest.from_json({"entrypoint": "a:b"}).law == ()


@pytest.mark.parametrize(
    "basis",
    ["[]", '"UU 25/2009"', '["UU"]', "[7]", '["' + "x" * 121 + '"]', '["UU 25/2009\\u0000"]', '["UU \\u202e25/2009"]',
     "[" + ", ".join(f'"UU {number}/2009"' for number in range(21)) + "]"],
)  # fmt: skip
def test_a_rule_said_otherwise_is_refused_where_it_stands(basis):
    [finding] = read(basis)[1]
    assert finding.path == "lumbung.toml#law.basis" and finding.line == 5


def test_an_unknown_key_is_refused_with_a_hint():
    [finding] = manifest.parse(b'[plugin]\nentrypoint = "a:b"\n\n[law]\nbases = ["UU 25/2009"]\n')[1]
    assert "basis" in finding.message


def test_the_apps_page_names_the_rules_and_runs_nothing_of_them(publisher, bundle, client):
    law = MANIFEST + '\n[law]\nbasis = ["UU 25/2009", "<script>alert(1)</script>"]\n'
    with unit_of_work():
        found = bundle(**{"lumbung.toml": law.encode()})
        app = catalog.record_app(publisher, "antrian", found)
        catalog.record_release(app, found, "1.0.0", "v1.0.0", "c" * 40, "t" * 40, "s" * 64, 10, None)
    shown = client.get("/apps/antrian?lang=en").text
    assert "It carries out or keeps these rules:" in shown and '<li class="breaking">UU 25/2009</li>' in shown
    assert "<script>alert" not in shown


@pytest.mark.parametrize("plugin", ["anggaran", "lapor", "penilaian", "perizinan", "simtaru", "spbe"])
def test_a_plugin_of_the_house_that_carries_out_a_rule_names_it(plugin):
    values, findings = manifest.parse((PLUGINS / plugin / "lumbung.toml").read_bytes())
    words = "".join(
        path.read_text() for path in (PLUGINS / plugin).rglob("*") if path.suffix in (".py", ".json", ".md")
    )
    assert findings == [] and values["law"]["basis"]
    assert all(name.rpartition(" ")[2] in words for name in values["law"]["basis"]), "it cites what it names"
