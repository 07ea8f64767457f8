"""The rules of pushes, slowness and shares, without git and without a database."""

from __future__ import annotations

import pytest

from registry.forge.serving import rules
from registry.forge.serving.rules import MAIN, ZERO, Policy, Update

OLD, NEW = "1" * 40, "2" * 40
TAG = "refs/tags/v1.0.0"


@pytest.mark.parametrize(
    ("update", "problem"),
    [
        (Update(MAIN, OLD, NEW), None),
        (Update(MAIN, OLD, NEW, forward=False), "main-rewritten"),
        (Update(MAIN, OLD, ZERO), "main-deleted"),
        (Update(MAIN, ZERO, NEW), None),
        (Update("refs/heads/topic", OLD, NEW, forward=False), None),
        (Update("refs/heads/topic", OLD, ZERO), None),
        (Update(TAG, ZERO, NEW), None),
        (Update(TAG, OLD, NEW), "tag-moved"),
        (Update(TAG, OLD, ZERO), "tag-moved"),
        (Update("refs/tags/nightly", OLD, NEW), None),
        (Update("refs/keep/1", ZERO, NEW), "not-kept"),
        (Update("HEAD", OLD, NEW), "not-kept"),
    ],
)
def test_what_a_push_may_change(update, problem):
    assert rules.update_problem(Policy(), update) == problem


@pytest.mark.parametrize(
    ("update", "problem"),
    [
        (Update(MAIN, OLD, NEW, forward=False), None),
        (Update(MAIN, OLD, ZERO), "main-deleted"),
        (Update(TAG, OLD, ZERO), None),
        (Update("refs/keep/1", ZERO, NEW), "not-kept"),
    ],
)
def test_what_the_widest_policy_allows(update, problem):
    assert rules.update_problem(Policy(rewrite_main=True, move_release_tags=True), update) == problem


@pytest.mark.parametrize(
    ("made", "deleted", "there", "problem"),
    [(1, 0, 10, None), (1, 0, rules.MAX_REFS, "too-many-refs"), (1, 1, rules.MAX_REFS, None),
     (0, 1, rules.MAX_REFS + 1, None), (1001, 0, 0, "too-many-changes")],
)  # fmt: skip
def test_how_many_branches_and_tags(made, deleted, there, problem):
    updates = [Update("refs/heads/x", ZERO, NEW)] * made + [Update("refs/heads/y", OLD, ZERO)] * deleted
    assert rules.count_problem(updates, there) == problem


@pytest.mark.parametrize(
    ("waited", "moved", "since", "slow"),
    [(1, 0, 1, False), (61, 0, 61, True), (59, 0, 59, False), (121, 10, 1, True), (119, 10, 1, False),
     (200, 200 * rules.FLOOR, 1, False)],
)  # fmt: skip
def test_who_is_too_slow(waited, moved, since, slow):
    assert rules.is_too_slow(waited, moved, since) == slow


@pytest.mark.parametrize(("total", "each"), [(1, 1), (2, 1), (4, 3), (8, 6)])
def test_nobody_has_all_of_the_house(total, each):
    assert rules.share(total) == each


@pytest.mark.parametrize(("size", "may"), [(99, False), (130, True), (1024, True), (1025, False)])
def test_only_a_small_file_can_be_a_pointer(size, may):
    assert rules.may_be_pointer("blob", size) is may
    assert not rules.may_be_pointer("tree", size)


def test_control_characters_never_reach_a_terminal():
    assert rules.printable("a\x1b[31m\n\u202eb") == "a?[31m??b"
