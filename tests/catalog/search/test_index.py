"""The index by itself: what is found, in which order, and how the facets count."""

import pytest

from registry.catalog.search import rules
from registry.catalog.search.entry import Entry, rank
from registry.catalog.search.filters import Filters
from registry.catalog.search.find import count_facets
from registry.catalog.search.index import Index
from registry.catalog.search.lexicon import lexicon
from registry.catalog.search.matching import match


def entry(number, name, text="", **more):
    facets = {key: more.pop(key) for key in ("maturity", "licence", "category", "needs") if key in more}
    return Entry(number, name.lower(), name, {"name": name.lower(), "text": text}, facets, **more)


def index(*entries):
    made = Index(lexicon())
    made.fill(sorted(entries, key=rank))
    return made


def names(held, text):
    found = match(held, rules.parse(text, held.lexicon))
    return [held.lines[number].name for number in found.best_first(found.all)]


def test_a_word_of_the_name_counts_more_than_one_of_the_long_text():
    assert names(index(entry(1, "Kolam", "parkir"), entry(2, "Parkir")), "parkir") == ["Parkir", "Kolam"]


def test_among_equals_the_used_come_first_and_the_deprecated_last():
    held = index(
        entry(1, "Pajak Satu", behind=True, standing=15), entry(2, "Pajak Dua"), entry(3, "Pajak Tiga", standing=9)
    )
    assert names(held, "pajak") == ["Pajak Tiga", "Pajak Dua", "Pajak Satu"]


def test_being_used_by_many_does_not_outweigh_the_words():
    held = index(entry(1, "Kolam", "pajak", standing=15), entry(2, "Pajak"))
    assert names(held, "pajak") == ["Pajak", "Kolam"]


def test_every_word_must_be_there_where_enough_entries_have_them_all():
    held = index(*(entry(number, f"Parkir Pasar {number}") for number in (1, 2, 3)), entry(4, "Parkir"))
    assert len(names(held, "parkir pasar")) == 3


def test_where_few_entries_have_all_words_they_come_before_those_with_most():
    held = index(entry(1, "Parkir"), entry(2, "Parkir Pasar"), entry(3, "Pasar"))
    assert names(held, "parkir pasar")[0] == "Parkir Pasar" and len(names(held, "parkir pasar")) == 3


def test_where_no_entry_has_all_words_those_with_most_are_told():
    held = index(entry(1, "Parkir"), entry(2, "Hotel"))
    found = match(held, rules.parse("parkir zeppelin", held.lexicon))
    assert found.most and names(held, "parkir zeppelin") == ["Parkir"]


def test_a_minus_takes_entries_away():
    held = index(entry(1, "Pajak Hotel"), entry(2, "Pajak Air"))
    assert names(held, "pajak -hotel") == ["Pajak Air"]


def test_the_word_being_typed_is_a_beginning():
    held = index(entry(1, "Perpustakaan"), entry(2, "Hotel"))
    assert names(held, "perpus") == ["Perpustakaan"]
    assert names(held, "perpus zeppelin") == []


def test_facets_count_what_a_choice_would_leave():
    held = index(
        entry(1, "A", maturity=["stable"], licence=["MIT"], category=["hr"], needs=["-postgresql"]),
        entry(2, "B", maturity=["stable"], licence=["EUPL-1.2"], category=["hr", "survey"]),
        entry(3, "C", maturity=["beta"], licence=["MIT"], category=["survey"], needs=["postgresql"]),
    )
    facets = count_facets(held, held.alive, Filters.of(licence="MIT"))
    assert facets["maturity"] == [("beta", 1), ("stable", 1)]
    assert facets["licence"] == [("MIT", 2), ("EUPL-1.2", 1)]
    assert facets["category"] == [("hr", 1), ("survey", 1)]
    assert facets["needs"] == [("-postgresql", 1), ("postgresql", 1)]


def test_of_an_entry_without_a_release_nobody_says_that_it_does_without():
    held = index(entry(1, "A", needs=["-postgresql"]), entry(2, "B"), entry(3, "C", needs=["postgresql"]))
    assert held.facets.narrowed(held.alive, Filters.of(needs="-postgresql")).bit_count() == 1


def test_several_values_of_a_facet_widen_and_a_minus_excludes():
    held = index(entry(1, "A", licence=["MIT"]), entry(2, "B", licence=["EUPL-1.2"]), entry(3, "C", licence=["0BSD"]))
    assert held.facets.narrowed(held.alive, Filters.of(licence=["MIT", "0BSD"])).bit_count() == 2
    assert held.facets.narrowed(held.alive, Filters.of(licence=["-MIT"])).bit_count() == 2


def test_a_renewed_entry_is_found_by_its_new_words_only():
    held = index(entry(1, "Parkir"), entry(2, "Hotel"))
    held.renew(entry(1, "Taman"))
    assert names(held, "parkir") == [] and names(held, "taman") == ["Taman"] and held.size == 2


def test_a_dropped_entry_is_gone():
    held = index(entry(1, "Parkir"), entry(2, "Hotel"))
    held.drop(1)
    held.drop(77)
    assert names(held, "parkir") == [] and held.size == 1


@pytest.mark.parametrize(
    "text", ["", "%", "'", '"', "-", "--", '""', "a\0b", "x" * 5000, "a " * 500, "٣ 𝟛 ß İ", "-" * 300]
)
def test_no_question_breaks_the_search(text):
    held = index(entry(1, "Parkir"))
    match(held, rules.parse(text, held.lexicon))
