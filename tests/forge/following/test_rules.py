"""What keeping up decides: the way, the safety branch, whom a release concerns, what is a security release."""

from __future__ import annotations

from datetime import date

import pytest

from registry.forge.following import rules
from registry.forge.following.rules import CONFLICTS, CURRENT, FORWARD, MERGE, RENEW, UNRELATED

LOG = """\
# Changelog

## 1.2.0 - 2026-11-20

### Ditambahkan
- Foto.

### Keamanan
- Unggahan diperiksa (lubang pada 1.1.0).

### Diperbaiki
- Salah ketik.

## 1.1.1 [security]
- Sessions end at sign-out.

## 1.1.0
### Added
- Security questions.
"""


@pytest.mark.parametrize(
    ("base", "head", "target", "conflicts", "renewal", "way"),
    [
        ("", "a", "b", False, False, UNRELATED),
        ("b", "a", "b", False, False, CURRENT),
        ("a", "a", "b", False, False, FORWARD),
        ("a", "a", "b", False, True, RENEW),
        ("c", "a", "b", False, True, RENEW),
        ("c", "a", "b", False, False, MERGE),
        ("c", "a", "b", True, False, CONFLICTS),
    ],
)
def test_the_way_follows_from_where_the_three_commits_lie(base, head, target, conflicts, renewal, way):
    assert rules.way(base, head, target, conflicts, renewal) == way


def test_a_safety_branch_tells_its_day_and_never_takes_a_name_in_use():
    day = date(2026, 11, 23)
    assert rules.safety_branch([], day) == "aman/2026-11-23-1"
    assert rules.safety_branch(["aman/2026-11-23-1", "main"], day) == "aman/2026-11-23-2"
    assert rules.safety_branch(["aman"], day) == "aman-lama/2026-11-23-1"


@pytest.mark.parametrize(
    ("version", "told"),
    [("1.2.0", "- Unggahan diperiksa (lubang pada 1.1.0)."), ("1.1.1", "- Sessions end at sign-out."), ("1.1.0", None),
     ("9.9.9", None)],
)  # fmt: skip
def test_a_change_log_flags_security_by_its_section_or_its_heading(version, told):
    assert rules.security_notes(LOG, version) == told


@pytest.mark.parametrize(
    ("has", "released", "concerned"),
    [("1.0.0", "1.0.1", True), ("1.0.1", "1.0.1", False), ("1.9.0", "1.10.0", True), ("2.0.0", "1.0.5", False),
     ("1.0.0", "1.1.0-rc.1", False), ("1.1.0-rc.1", "1.1.0-rc.2", True)],
)  # fmt: skip
def test_a_city_hears_of_what_is_higher_and_of_trial_versions_only_when_it_has_one(has, released, concerned):
    assert rules.concerns(has, released) is concerned


def test_a_marked_text_is_read_as_pieces():
    text = "a\n<<<<<<< x\nb\n=======\nc\nd\n>>>>>>> y\ne\n"
    found = rules.pieces(text)
    assert [(one.lines, one.ours, one.theirs) for one in found] == [
        (("a",), (), ()), ((), ("b",), ("c", "d")), (("e",), (), ()),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "problem"),
    [("fine\n=======\n", None), ("<<<<<<< a\n", "markers"), ("x\n>>>>>>> b", "markers"), ("x <<<<<<< y", None),
     ("a\0b", "not-text"), ("\ud800", "not-text"), ("x" * (200 * 1024 + 1), "too-long")],
)  # fmt: skip
def test_an_edited_text_is_refused_with_markers_without_letters_or_too_long(text, problem):
    assert rules.edited_problem(text) == problem
