"""A variant beside its original: what it kept, added, left out."""

import pytest

from registry.catalog import service
from registry.catalog.models import App
from registry.catalog.variants import Sheet, difference, normal, sheet
from registry.core.db import db
from registry.core.uow import unit_of_work
from tests.catalog.conftest import PUBLICCODE

ORIGINAL = Sheet(["Numbers online", "Waiting-room display"], {"licence": "MIT", "maturity": "stable"})


def test_features_are_the_same_but_for_case_punctuation_and_spaces():
    assert normal("Waiting-room  Display.") == normal("waiting room display") != normal("waiting room displays")
    assert normal("Café") == normal("cafe")


def test_what_a_variant_kept_added_and_left_out():
    told = difference(ORIGINAL, Sheet(["numbers ONLINE!", "Paper tickets"], {"licence": "MIT", "maturity": "beta"}))
    assert told.kept == ("numbers ONLINE!",) and told.added == ("Paper tickets",)
    assert told.left_out == ("Waiting-room display",) and told.facts == {"maturity": ("stable", "beta")}


def test_the_other_way_round_added_and_left_out_change_places():
    variant = Sheet(["Paper tickets"], {})
    there, back = difference(ORIGINAL, variant), difference(variant, ORIGINAL)
    assert there.added == back.left_out and there.left_out == back.added


@pytest.mark.parametrize("features", [None, "text", 7, {"a": 1}])
def test_features_of_any_shape_break_nothing(features):
    assert sheet({"description": {"id": {"features": features}}}, "id").features == []


@pytest.fixture
def family(publisher, partner, bundle):
    """Antrian of the publisher, and a variant of it by Bontang."""
    changed = PUBLICCODE.replace("lumbung.example/git/antrian.git", "lumbung.example/git/antre.git")
    changed = changed.replace("platforms:", "isBasedOn: https://lumbung.example/git/antrian.git\nplatforms:", 1)
    changed = changed.replace("Waiting-room display", "Paper tickets").replace("license: MIT", "license: EUPL-1.2")
    with unit_of_work():
        service.record_app(publisher, "antrian", bundle())
        service.record_app(partner, "antre", bundle(**{"publiccode.yml": changed.encode()}))
    assert db.session.query(App).filter_by(slug="antre").one().based_on.slug == "antrian"


def test_the_pages_of_both_tell_the_difference(family, client):
    for path in ("/apps/antrian?lang=en", "/apps/antre?lang=en"):
        text = client.get(path).text
        added, left_out = text.index("Added by the variant"), text.index("Left out by the variant")
        same = text.index("same in both")
        assert added < text.index("Paper tickets", added) < left_out
        assert left_out < text.index("Waiting-room display", left_out) < same < text.index("Numbers online", same)
        assert "<td>MIT</td><td>EUPL-1.2</td>" in text
