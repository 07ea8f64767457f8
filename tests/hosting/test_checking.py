"""A bundle's config schema is a stranger's program: it may cost itself, never the registry."""

from __future__ import annotations

import time

import pytest

from registry.hosting import checking, rules
from tests.hosting.conftest import SCHEMA

DOUBLING = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(40)}


def schema(**more):
    return {"type": "object", "properties": {"title": {"type": "string"}}, **more}


@pytest.mark.parametrize(
    "hostile",
    [
        schema(properties={"title": {"type": "string", "pattern": "^(a+)+$"}}),
        schema(**{"$defs": {**DOUBLING, "d40": {}}, "$ref": "#/$defs/d0"}),
        schema(**{"$ref": "#"}),
        schema(**{"$ref": "#/tidak-ada"}),
    ],
    ids=["backtracks", "doubles", "circles", "leads nowhere"],
)
def test_a_schema_without_end_is_refused_within_seconds(app, hostile, monkeypatch):
    """Of the processor: by a bound that is there long before anybody's patience ends."""
    monkeypatch.setattr(checking, "PATIENCE", 200)
    began = time.monotonic()
    with app.app_context():
        found = checking.config_findings(hostile, {"title": "a" * 40 + "!"})
    assert [finding.path for finding in found] == ["config"]
    assert time.monotonic() - began < checking.PATIENCE


def test_the_other_process_says_what_the_rules_say(app):
    given = {"days": 99, "warna": "merah"}
    with app.app_context():
        assert checking.config_findings(SCHEMA, given) == rules.config_findings(SCHEMA, given)
        assert checking.config_findings(SCHEMA, {"title": "Papan ✓"}) == []
