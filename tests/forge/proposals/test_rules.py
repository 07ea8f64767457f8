"""The rulebook of proposals, without a database."""

from __future__ import annotations

import pytest

from registry.forge.proposals import rules
from registry.forge.proposals.rules import Spoken


@pytest.mark.parametrize(
    ("act", "state", "side", "problem"),
    [
        (rules.MERGE, rules.OPEN, rules.PUBLISHER, None),
        (rules.MERGE, rules.OPEN, rules.CITY, "other-side"),
        (rules.SQUASH, rules.MERGED, rules.PUBLISHER, "decided"),
        (rules.DECLINE, rules.DECIDING, rules.PUBLISHER, "deciding"),
        (rules.WITHDRAW, rules.OPEN, rules.CITY, None),
        (rules.WITHDRAW, rules.OPEN, rules.PUBLISHER, "other-side"),
        (rules.REOPEN, rules.WITHDRAWN, rules.CITY, None),
        (rules.REOPEN, rules.WITHDRAWN, rules.PUBLISHER, "other-side"),
        (rules.REOPEN, rules.DECLINED, rules.CITY, "other-side"),
        (rules.REOPEN, rules.MERGED, rules.PUBLISHER, "not-closed"),
        (rules.REOPEN, rules.OPEN, rules.CITY, "not-closed"),
    ],
)
def test_who_may_do_what_when(act, state, side, problem):
    assert rules.act_problem(act, state, side) == problem


def test_the_last_word_of_each_reviewer_counts_and_comments_change_nothing():
    said = [Spoken("changes", 1, "a"), Spoken("approve", 1, "b"), Spoken("comment", 1, "b"), Spoken("approve", 2, "a")]
    assert rules.standing(said, "b") == (1, 0, 1)
    assert rules.standing([*said, Spoken("changes", 1, "b")], "b") == (0, 1, 1)


def test_who_left_does_not_approve_any_more():
    assert rules.standing([Spoken("approve", None, "a")], "a") == (0, 0, 0)


@pytest.mark.parametrize(("title", "problem"), [("Good", None), (" ", "empty"), ("x" * 201, "long"),
                                                ("a\nb", "unprintable"), ("\u202eevil", "unprintable")])  # fmt: skip
def test_titles(title, problem):
    assert rules.title_problem(title) == problem


def test_texts_are_measured_in_bytes():
    assert rules.text_problem("é" * 10, 19) == "long" and rules.text_problem("é" * 10, 20) is None
    assert rules.text_problem("a\0", 20) == rules.text_problem("\udc80", 20) == "unprintable"
    assert rules.text_problem(" ", 20, needed=True) == "empty"


@pytest.mark.parametrize(("fit", "seen", "problem"), [("clean", "a", None), ("clean", "b", "moved"),
                                                      ("conflicts", "a", "conflicts"), ("", "a", "moved")])  # fmt: skip
def test_only_what_was_looked_at_and_fits_is_merged(fit, seen, problem):
    assert rules.merge_problem(fit, seen, "a") == problem


def test_the_commits_message_ends_with_its_trailers():
    told = rules.message("Better", 7, "Kota Bontang", "https://r.example/7", ["T <t@example.id>"] * 50)
    assert told.startswith("Better (#7)\n\nKota Bontang\n\nProposal: https://r.example/7\nCo-authored-by: T")
    assert told.count("Co-authored-by") == rules.MAX_CO_AUTHORS


@pytest.mark.parametrize(
    ("state", "host", "confirmed", "problem"),
    [
        ("passed", True, False, None),
        ("passed", False, False, None),
        ("failed", True, True, rules.FAILED),
        ("failed", False, True, rules.FAILED),
        ("wanted", True, True, rules.UNDER_WAY),
        ("running", False, False, rules.UNCONFIRMED),
        ("running", False, True, None),
        ("broken", True, False, rules.UNCONFIRMED),
        ("broken", True, True, None),
        ("", True, True, rules.UNTESTED),
        ("", False, False, rules.UNCONFIRMED),
        ("", False, True, None),
    ],
)
def test_tests_that_failed_are_never_overruled_and_what_nobody_can_test_needs_a_word(state, host, confirmed, problem):
    assert rules.tests_problem(state, host, confirmed) == problem
