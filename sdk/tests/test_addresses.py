from datetime import date

import pytest
from lumbung_plugin import addresses


@pytest.fixture
def at(app):
    return lambda query: app.test_request_context("/daftar?" + query)


@pytest.mark.parametrize("value", ["", "-1", "1.5", "1e3", "x", "%D9%A1", "9" * 12, "%00", "1%0A"])
def test_a_number_that_is_none_counts_as_absent(at, value):
    with at(f"n={value}"):
        assert addresses.number("n") is None and addresses.number("absent") is None


@pytest.mark.parametrize("value", ["", "x", "2026-02-30", "26-1-1", "2026-11-24T00:00", "9" * 500])
def test_a_day_that_is_none_counts_as_absent(at, value):
    with at(f"d={value}"):
        assert addresses.day("d") is None


def test_texts_are_bounded_and_choices_known(at):
    with at("q=%00%20jalan" + "a" * 500 + "&s=new&t='--"):
        assert addresses.text("q") == "jalan" + "a" * 75
        assert (addresses.choice("s", ["new"]), addresses.choice("t", ["new"]), addresses.choice("u", "")) == (
            "new",
            "",
            "",
        )


def test_what_is_right_is_read(at):
    with at("n=42&d=2026-11-24"):
        assert (addresses.number("n"), addresses.day("d")) == (42, date(2026, 11, 24))


def test_neighbouring_pages_keep_every_filter_but_not_the_language(at):
    with at("q=a%26b&opd=1&opd=2&sesudah=9&lang=en"):
        assert addresses.page_links(before=3) == {"previous": "/daftar?q=a%26b&opd=1&opd=2&sebelum=3", "next": None}
        assert addresses.page_links(after=0)["next"] == "/daftar?q=a%26b&opd=1&opd=2&sesudah=0"
