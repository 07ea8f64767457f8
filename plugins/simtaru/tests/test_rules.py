"""What is allowed where, and how things move on."""

import pytest
from simtaru import classes, rules, uses_file
from simtaru.rules import Stage, Verdict

from .conftest import square


def test_the_letters_are_those_of_the_zoning_matrix():
    assert [rules.LETTERS[letter] for letter in "ITBX"] == [
        Verdict.ALLOWED, Verdict.LIMITED, Verdict.CONDITIONAL, Verdict.FORBIDDEN,
    ]  # fmt: skip


@pytest.mark.parametrize(("stage", "to", "may"), [("new", Stage.ISSUED, True), ("new", Stage.WITHDRAWN, False),
                                                  ("issued", Stage.ISSUED, False), ("issued", Stage.WITHDRAWN, True),
                                                  ("refused", Stage.ISSUED, False)])  # fmt: skip
def test_a_request_is_answered_once(stage, to, may):
    assert rules.may_move(stage, to) is may


@pytest.mark.parametrize(("lat", "lon"), [("0.12", "117.48"), ("0,12", " 117,48 ")])
def test_a_place_is_written_with_point_or_comma(lat, lon):
    assert rules.place_of(lat, lon) == (117.48, 0.12)


@pytest.mark.parametrize(("lat", "lon"), [("", ""), ("nan", "117"), ("inf", "117"), ("117.48", "0.12"), ("x", "1"),
                                          ("51.5", "0.1")])  # fmt: skip
def test_what_is_no_place_in_indonesia_is_none(lat, lon):
    assert rules.place_of(lat, lon) is None


def test_the_green_share_counts_all_kinds_of_open_green_space():
    assert rules.green_share({"RTH-2": 20.0, "RTH-7": 10.0, "R-2": 70.0}) == 30.0
    assert rules.green_share({}) is None


def test_a_place_with_another_class_is_a_change_and_a_new_one_too():
    before = [("R-2", [[square(117.0, 0.0)]])]
    after = [("K-1", "A", "Telihan", 5.0, [[square(117.0, 0.0)]]), ("R-2", "B", "", 9.0, [[square(117.5, 0.0)]])]
    assert [(one.before, one.after) for one in rules.changes(before, after)] == [("", "R-2"), ("R-2", "K-1")]


def test_the_example_speaks_of_known_classes_and_letters_only():
    rows = list(uses_file.example())
    assert rows and all(code in classes.known() and letter in rules.LETTERS for code, _, letter, *_ in rows)
    assert all(words and english for _, _, letter, words, english in rows if letter in "TB")


def test_every_class_has_a_colour_and_both_names():
    for one in classes.known().values():
        assert len(one.colour) == 7 and one.name and one.name_en and one.group in classes.groups()
