import pytest

from registry.hosting import rules
from registry.hosting.plain import Limits
from tests.hosting.conftest import SCHEMA


@pytest.mark.parametrize("name", ["lapor", "kesah-etam", "a1"])
def test_a_name_that_may_be_a_host_label(name):
    assert rules.name_problem(name) is None


@pytest.mark.parametrize("name", ["", "Lapor", "1a", "-a", "a-", "a--b", "a.b", "a/b", "a" * 41])
def test_a_name_that_may_not(name):
    assert rules.name_problem(name) == "not-a-label"


def test_a_bundle_gets_what_it_asks_up_to_what_the_host_gives():
    asked = Limits(memory=64 * 2**20, cpu=16, disk=1, processes=9999)
    assert rules.granted(asked) == Limits(memory=64 * 2**20, cpu=2.0, disk=1, processes=256)


def test_a_config_is_checked_by_path_and_unknown_keys_by_name():
    found = rules.config_findings(SCHEMA, {"days": 99, "warna": "merah"})
    assert {finding.path for finding in found} >= {"days", "warna", "config"}


def test_a_secret_left_as_it_was_keeps_its_value():
    given = {"title": "A", "key": rules.SECRET_KEPT}
    assert rules.merge_secrets(SCHEMA, given, {"key": "rahasia"}) == {"title": "A", "key": "rahasia"}


def test_a_secret_is_never_shown():
    assert rules.shown_config(SCHEMA, {"title": "A", "key": "rahasia"}) == {"title": "A", "key": rules.SECRET_KEPT}


def test_a_form_follows_the_schemas_order_and_language():
    assert [field.name for field in rules.fields(SCHEMA, "id")] == ["title", "days", "key"]
    assert rules.fields(SCHEMA, "en")[0].title == "Title"
    assert rules.fields(SCHEMA, "id")[0].title == "Judul"
