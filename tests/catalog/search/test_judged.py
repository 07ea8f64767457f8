"""Real questions, judged by hand: which apps should be among the first three (tests/catalog/judged.toml)."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from registry.catalog.models import App
from registry.catalog.publiccode import file as publiccode
from registry.catalog.search import find
from registry.catalog.search.derive import derive
from registry.core.uow import unit_of_work

HERE = Path(__file__).parents[1]
PLUGINS = Path(__file__).parents[3] / "plugins"
JUDGED = tomllib.loads((HERE / "judged.toml").read_text(encoding="utf-8"))
BOUNDS = {"word": 0.95, "phrase": 0.95, "variant": 0.9, "typo": 0.9, "prefix": 0.9, "english": 0.95, "mixed": 0.8,
          "question": 0.9, "exact": 1.0}  # fmt: skip
FIRST = 3


def invented():
    """The entries of apps.toml as publiccode.yml would tell them."""
    for slug, told in tomllib.loads((HERE / "apps.toml").read_text(encoding="utf-8")).items():
        texts = {
            tag: {"shortDescription": told[tag][0], "features": told[tag][1:], "longDescription": told[tag][0]}
            for tag in ("id", "en")
        }
        scope = ["local-authorities", *told["scope"]]
        yield slug, {"name": told["name"], "categories": told["categories"], "intendedAudience": {"scope": scope},
                     "description": texts}  # fmt: skip


def real():
    for path in sorted(PLUGINS.glob("*/publiccode.yml")):
        described, _findings = publiccode.parse(path.read_bytes())
        yield path.parent.name, dict(described.facts)


@pytest.fixture
def shelf(publisher):
    with unit_of_work() as session:
        for slug, facts in (*real(), *invented()):
            app = App(slug=slug, name=facts["name"], publisher_id=publisher.id, publiccode="", facts=facts,
                      maturity="stable", licence="MIT", categories=facts["categories"])  # fmt: skip
            derive(app)
            session.add(app)


def first(query):
    return [item.app.slug for item in find.search(query).items[:FIRST]]


def good(found, wished):
    return set(wished) <= set(found) if len(wished) <= FIRST else set(found) <= set(wished)


def test_people_find_what_they_look_for(shelf):
    missed: dict[str, list[str]] = {kind: [] for kind in JUDGED}
    for kind, queries in JUDGED.items():
        for query, *wished in queries:
            if not good(found := first(query), wished):
                missed[kind].append(f"{query!r}: {', '.join(wished)} not in {', '.join(found) or 'nothing'}")
    count = sum(map(len, JUDGED.values()))
    score = {kind: 1 - len(missed[kind]) / len(JUDGED[kind]) for kind in JUDGED}
    print(f"{count - sum(map(len, missed.values()))} of {count} judged queries, by class {score}")
    print(*(line for lines in missed.values() for line in lines), sep="\n")
    assert {kind for kind in JUDGED if score[kind] < BOUNDS[kind]} == set(), missed
