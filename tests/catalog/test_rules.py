"""What the catalog decides by itself."""

import pytest

from registry.catalog import labels, rules
from registry.catalog.markdown import render
from registry.catalog.publiccode.values import CATEGORIES


def test_versions_are_ordered_as_people_mean_them():
    versions = ["1.10.0", "1.0.0-rc.1", "1.2.0", "1.0.0", "2.0.0b1"]
    assert sorted(versions, key=rules.version_key) == ["1.0.0-rc.1", "1.0.0", "1.2.0", "1.10.0", "2.0.0b1"]


def test_the_newest_is_stable_while_there_is_one():
    assert rules.newest(["1.0.0", "1.1.0", "2.0.0-rc.1"]) == "1.1.0"
    assert rules.newest(["2.0.0-rc.1", "2.0.0-rc.2"]) == "2.0.0-rc.2"
    assert rules.newest([]) is None


@pytest.mark.parametrize("text", ["v1.0.0", "1.0.0/..", "latest", "", "1" * 41, "1.0 0", "1.0.0\n"])
def test_what_cannot_stand_in_an_address_is_no_version(text):
    assert not rules.is_version(text)


@pytest.mark.parametrize(
    "category, field",
    [("procurement", "procurement"), ("budgeting", "budgeting"), ("document-management", "archives"),
     ("hr", "personnel"), ("feedback-and-reviews-management", "complaints")],
)  # fmt: skip
def test_the_eight_fields_of_the_regulation_are_recognised(category, field):
    assert rules.national_fields([category, "blog"]) == (field,)


def test_there_are_eight_fields_and_all_are_told_by_known_categories():
    assert len(rules.FIELDS) == 8
    assert set().union(*rules.FIELDS.values()) <= CATEGORIES
    assert rules.national_fields(["appointment-scheduling"]) == ()


def test_an_app_is_described_in_the_visitors_language_or_the_nearest():
    facts = {"description": {"en-GB": {"a": 1}, "id": {"a": 2}, "nl": {"a": 3}}}
    assert rules.description(facts, ["id"])[0] == "id"
    assert rules.description(facts, ["en"])[0] == "en-GB"
    assert rules.description(facts, ["fr"])[0] == "en-GB"
    assert rules.description({"description": {"nl": {}}}, ["id"])[0] == "nl"
    assert rules.description({}, ["id"]) == ("", {})


def test_a_releases_changes_are_cut_out_of_the_change_log():
    text = "# Changes\n\n## [1.10.0] - 2026\n\nTen.\n\n### Fixed\n\nx\n\n## 1.1.0\n\nOne.\n"
    assert rules.changes_of(text, "1.10.0") == "Ten.\n\n### Fixed\n\nx"
    assert rules.changes_of(text, "1.1.0") == "One."
    assert rules.changes_of(text, "1.1") == ""


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](https://a.example/i.png)", "<img src=x onerror=y>",
     "[x](data:text/html,hi)"],
)  # fmt: skip
def test_a_strangers_markdown_brings_no_script_and_no_picture(text):
    html = render(text)
    assert "<script" not in html and "<img" not in html and "href" not in html


def test_headings_of_a_description_stay_below_the_pages_own():
    assert "<h3 " in render("# Big") and "<h6 " in render("###### Small")


def test_every_category_has_an_indonesian_name():
    assert set(labels.INDONESIAN) == CATEGORIES
