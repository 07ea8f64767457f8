"""What cities gave is named in the notes of the release it comes with, and of no other."""

from __future__ import annotations

import pytest

from registry.catalog.models import Release
from registry.catalog.rules import changes_of
from registry.core.db import db
from registry.forge.proposals import crediting, rules
from tests.forge.proposals.conftest import Table


def notes(table: Table, version: str) -> str:
    with table.house.app.app_context():
        found = db.session.query(Release).filter_by(version=version).one()
        return changes_of(found.changelog, version)


@pytest.mark.parametrize("way", rules.WAYS)
def test_the_next_release_names_the_proposal_and_its_city_and_the_one_after_does_not(table, way):
    number = table.offer("A better README")
    table.merge(number, way)
    table.house.release("1.1.0", "- Small things.", {"README.md": table.text("README.md")})
    told = notes(table, "1.1.0")
    assert told.startswith("- Small things.") and "Kota Bontang" in told
    assert f"A better README (Kota Bontang, [#{number}](" in told and f"/apps/lapor/proposals/{number})" in told
    table.house.release("1.2.0")
    assert "Bontang" not in notes(table, "1.2.0")
    assert "A better README" in table.client().get("/apps/lapor").text


def test_what_was_not_merged_is_not_named(table):
    table.offer("Not yet")
    table.house.release("1.1.0")
    assert "Not yet" not in notes(table, "1.1.0")


def test_who_publishes_reads_before_what_cities_will_read(table):
    table.merge(table.offer("A better README"))
    client = table.client("a@example.id")
    page = client.post("/programme/publish/pushed", data={"app": "lapor", "ref": "main", "act": "look"})
    assert "A better README" in page.text and "Kota Bontang" in page.text


def test_a_citys_words_give_the_notes_no_markup(table):
    table.merge(table.offer("[security] <b>x</b> [y](https://bad.example)"))
    table.house.release("1.1.0", "- Small things.", {"README.md": table.text("README.md")})
    page = table.client().get("/apps/lapor").text
    assert 'href="https://bad.example"' not in page and "<b>x</b>" not in page
    assert "closes a security hole" not in page


@pytest.mark.parametrize(
    ("changelog", "found"),
    [
        ("# Changelog\n\n## 1.1.0\n\n- A\n\n## 1.0.0\n\n- B\n", "## 1.1.0\n\n- A\n\n**Given**\n\n- x\n\n## 1.0.0"),
        ("# 1.1.0\n\n## Added\n\n- A\n\n# 1.0.0\n", "## Added\n\n- A\n\n## Given\n\n- x\n\n# 1.0.0"),
        ("# Changelog\n\n## 2.0.0\n\n- A\n", "# Changelog\n\n## 2.0.0\n\n- A\n"),
    ],
)
def test_it_stands_at_the_end_of_the_versions_own_part(changelog, found):
    assert found in crediting.with_given(changelog, "1.1.0", ["Given", "- x"])
