"""What a bundle calls its settings is shown in the registry's own pages: as text, whatever it is."""

from __future__ import annotations

import json

import pytest

from tests.hosting.conftest import SCHEMA

EVIL = "</label><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def bundle(bundle):
    hostile = {
        "judul": {"type": "string", "title": EVIL, "description": EVIL, "default": EVIL},
        "pilihan": {"type": "string", "title": EVIL, "enum": [EVIL, "b"]},
        EVIL: {"type": "string"},
    }
    schema = {**SCHEMA, "properties": {**SCHEMA["properties"], **hostile}}
    (bundle / "config.schema.json").write_text(json.dumps(schema))
    return bundle


def test_titles_defaults_and_names_of_settings_are_shown_as_text(world, client):
    client.post("/sign-in", data={"email": "admin@bontang.example", "password": "kata-sandi-panjang"})
    page = client.get("/console/bontang/plugins/new?app=papan")
    assert page.status_code == 200
    assert "alert(1)" in page.text
    assert "<script>alert" not in page.text and "<img src=x" not in page.text
