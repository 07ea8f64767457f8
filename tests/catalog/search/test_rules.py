"""What words mean: their spelling, their roots, what is asked by a whole line."""

import pytest

from registry.catalog.search import rules, spelling
from registry.catalog.search.lexicon import lexicon, words
from registry.catalog.search.mark import Marker, best, mark
from registry.catalog.search.sets import Scores, as_planes, from_members, members
from registry.catalog.search.spelling import Speller


@pytest.mark.parametrize(
    "one, other",
    [("perijinan", "izin"), ("perizinan", "perijinan"), ("antrean", "antrian"), ("antre", "antrian"),
     ("sistim", "sistem"), ("aduan", "pengaduan"), ("melaporkan", "laporan"), ("pelaporan", "lapor"),
     ("kependudukan", "penduduk"), ("mengirim", "kiriman"), ("menulis", "tulisan"), ("pembayaran", "membayar"),
     ("perpajakan", "pajak"), ("kebersihan", "bersih"), ("permits", "permit"), ("complaints", "complaint"),
     ("queues", "queue"), ("queueing", "queue"), ("licence", "license"), ("cities", "city")],
)  # fmt: skip
def test_forms_of_a_word_meet(one, other):
    assert set(lexicon().roots_of(one)) & set(lexicon().roots_of(other))


@pytest.mark.parametrize(
    "one, other", [("pasar", "pasien"), ("dinas", "dina"), ("bencana", "rencana"), ("tamu", "taman")]
)
def test_different_words_stay_apart(one, other):
    assert not set(lexicon().roots_of(one)) & set(lexicon().roots_of(other))


def texts(line):
    return [term.text for term in rules.parse(line, lexicon()).terms]


def test_words_that_say_nothing_are_left_out():
    assert texts("aplikasi untuk mengurus izin") == ["izin"]
    assert texts("the app for queues") == ["queues"]


def test_weak_words_count_when_there_are_no_others():
    assert texts("aplikasi") == ["aplikasi"]


def test_known_phrases_are_one_thing():
    assert texts("antrian rumah sakit") == ["antrian", "rumah sakit"]


def test_quotes_and_minus_are_understood():
    query = rules.parse('"tata ruang" -hotel peta', lexicon())
    assert query.phrases == (("tata", "ruang"),) and query.without == ("hotel",)
    assert [term.text for term in query.terms] == ["tata ruang", "peta"]


def test_synonyms_of_both_languages_are_meant_too_but_count_less():
    (term,) = rules.parse("izin", lexicon()).terms
    assert dict(term.ways)[("permit",)] < dict(term.ways)[("izin",)] == 1


def test_only_the_last_word_may_be_unfinished():
    assert [term.open for term in rules.parse("pajak hote", lexicon()).terms] == [False, True]


def test_compounds_are_found_joined_and_apart():
    assert words("e-Budgeting") == ["e", "budgeting", "ebudgeting"]


@pytest.mark.parametrize("typed", ["antirian", "antrin", "antriian", "antrisn"])
def test_one_slip_is_forgiven(typed):
    assert Speller([("antrian", 3), ("anggaran", 9)]).nearest(typed) == "antrian"


def test_two_slips_are_forgiven_in_a_long_word_only():
    speller = Speller([("perpustakaan", 1), ("pasar", 1)])
    assert speller.nearest("perpustkaan") == speller.nearest("perpustakkan") == "perpustakaan"
    assert speller.nearest("psr") is None and speller.nearest("pesan") is None


def test_two_words_typed_as_one_are_parted():
    assert spelling.split("tataruang", {"tata", "ruang"}.__contains__) == ("tata", "ruang")
    assert spelling.split("tataxruang", {"tata", "ruang"}.__contains__) is None


def test_marked_words_are_escaped_first():
    told = mark("<b>Antrian</b> & izin", frozenset({"antrian"}))
    assert told == "&lt;b&gt;<mark>Antrian</mark>&lt;/b&gt; &amp; izin"


def test_the_best_feature_has_most_of_the_words():
    texts = [Marker.of(text) for text in ("Nomor", "Nomor antrian", "Layar")]
    assert best(texts, frozenset({"nomor", "antrian"})) is texts[1]
    assert best(texts[2:], frozenset({"nomor"})) is None


def test_sets_keep_their_members():
    held = [0, 7, 8, 63, 64, 99_999]
    assert list(members(from_members(held))) == held


def test_scores_add_up_and_sort():
    scores = Scores()
    scores.plus(as_planes({5: 0b0011, 3: 0b0111}))
    scores.plus(as_planes({1: 0b0100, 4: 0b0001}))
    assert list(scores.best_first(0b1111)) == [0b0001, 0b0010, 0b0100, 0b1000]
    assert scores.at_least(0b1111, 5) == 0b0011 and scores.at_least(0b1111, 1) == 0b0111
