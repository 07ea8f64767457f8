"""Merges without a work tree: on trial nothing stays behind, each kind of conflict is named and can be decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.forge import git, writing
from registry.forge.following import merging, texts
from registry.forge.following.conflicts import (
    ADDED,
    BINARY,
    GONE_HERE,
    GONE_THERE,
    MODE,
    PLACE,
    RENAMED,
    SORT,
    TEXT,
)
from registry.forge.following.merging import Merge
from tests.forge.following.repositories import Sides, author, commit, content, sides

LONG = "".join(f"line {number}\n" for number in range(30))
IMAGE, OTHER_IMAGE = b"\x89PNG\0\1", b"\x89PNG\0\2"
KINDS = {
    TEXT: ({"a": "1\n"}, {"a": "2\n"}, {"a": "3\n"}),
    ADDED: ({}, {"a": "2\n"}, {"a": "3\n"}),
    GONE_THERE: ({"a": "1\n"}, {"a": "2\n"}, {"a": None}),
    GONE_HERE: ({"a": "1\n"}, {"a": None}, {"a": "3\n"}),
    RENAMED: ({"a": LONG}, {"a": None, "b": LONG}, {"a": None, "c": LONG}),
    PLACE: ({"a": "1\n"}, {"a": "2\n"}, {"a": None, "a/b": "3\n"}),
    BINARY: ({"a": b"\x89PNG\0\0"}, {"a": IMAGE}, {"a": OTHER_IMAGE}),
    MODE: ({}, {"a": "1\n"}, {"a": (0o100755, "1\n")}),
    SORT: ({"a": "1\n"}, {"a": (0o120000, "LICENSE")}, {"a": "3\n"}),
}


def tried(tmp_path: Path, made: Sides) -> Merge:
    (tmp_path / "scratch").mkdir(exist_ok=True)
    return merging.trial(made.repository, made.ours, made.theirs, tmp_path / "scratch")


def files(place: merging.Workplace, tree: str) -> str:
    return place.line("ls-tree", "-r", tree)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_of_conflict_has_its_name(tmp_path, kind):
    found = tried(tmp_path, sides(tmp_path, *KINDS[kind]))
    assert [one.kind for one in found.conflicts] == [kind]
    assert found.conflicts[0].may_edit == (kind in (TEXT, ADDED))


@pytest.mark.parametrize("side", ["ours", "theirs"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_one_sides_version_of_the_place_is_exactly_what_that_side_has(tmp_path, kind, side):
    made = sides(tmp_path, *KINDS[kind])
    found = tried(tmp_path, made)
    tree = merging.with_entries(found.place, found.tree, merging.decided(found, found.conflicts[0], side))
    assert files(found.place, tree) == files(found.place, getattr(made, side))


def test_an_edited_text_takes_the_place_of_both(tmp_path):
    found = tried(tmp_path, sides(tmp_path, *KINDS[TEXT]))
    blob = merging.put(found.place, b"2 and 3\n")
    tree = merging.with_entries(found.place, found.tree, merging.decided(found, found.conflicts[0], "edited", blob))
    assert found.place.run("cat-file", "blob", f"{tree}:a") == b"2 and 3\n"


def test_a_conflicted_trial_leaves_nothing_in_the_repository(tmp_path):
    made = sides(tmp_path, *KINDS[TEXT])
    before = sorted(path for path in made.repository.rglob("*"))
    assert tried(tmp_path, made).conflicts
    assert sorted(path for path in made.repository.rglob("*")) == before


def test_a_clean_merge_is_committed_with_both_parents_and_is_whole(tmp_path):
    made = sides(tmp_path, {"a": LONG}, {"a": "mine\n" + LONG}, {"a": LONG + "theirs\n"})
    found = tried(tmp_path, made)
    new = merging.commit(made.repository, found, made.ours, made.theirs, "Join", author(), "refs/heads/main", made.ours)
    assert content(made.repository, new, "a") == "mine\n" + LONG + "theirs\n"
    assert git.line(made.repository, "rev-parse", "refs/heads/main^1", "refs/heads/main^2").split() == [
        made.ours, made.theirs,
    ]  # fmt: skip
    git.run(made.repository, "fsck", "--full", "--strict")


def test_main_that_moved_meanwhile_is_left_alone(tmp_path):
    made = sides(tmp_path, {"a": LONG}, {"a": "mine\n" + LONG}, {"a": LONG + "theirs\n"})
    found = tried(tmp_path, made)
    other = commit(made.repository, {"b": "pushed\n"}, (made.ours,))
    writing.update_refs(made.repository, {"refs/heads/main": (other, made.ours)})
    with pytest.raises(git.GitError):
        merging.commit(made.repository, found, made.ours, made.theirs, "x", author(), "refs/heads/main", made.ours)
    assert writing.ref_value(made.repository, "refs/heads/main") == other


def test_a_decision_is_known_by_the_three_versions_it_is_about(tmp_path):
    made = sides(tmp_path, *KINDS[TEXT])
    first = tried(tmp_path, made).conflicts[0]
    further = commit(made.repository, {"b": "else\n"}, (made.ours,))
    again = tried(tmp_path, Sides(made.repository, made.base, further, made.theirs)).conflicts[0]
    changed = commit(made.repository, {"a": "4\n"}, (made.ours,))
    other = tried(tmp_path, Sides(made.repository, made.base, changed, made.theirs)).conflicts[0]
    assert first.state == again.state != other.state


def test_files_with_names_nobody_expects_are_merged_like_others(tmp_path):
    name = 'über *[x] "quoted"\ttab'
    found = tried(tmp_path, sides(tmp_path, {name: "1\n"}, {name: "2\n"}, {name: "3\n"}))
    tree = merging.with_entries(found.place, found.tree, merging.decided(found, found.conflicts[0], "theirs"))
    assert found.place.run("cat-file", "blob", f"{tree}:{name}") == b"3\n"


def test_an_attribute_in_the_tree_does_not_choose_how_it_is_merged(tmp_path):
    """A bundle's .gitattributes could say merge=ours or merge=union, and hide a conflict."""
    base = {"a": "1\n", ".gitattributes": "* merge=union\n"}
    assert tried(tmp_path, sides(tmp_path, base, {"a": "2\n"}, {"a": "3\n"})).conflicts


def test_two_histories_without_a_common_commit_are_an_error(tmp_path):
    made = sides(tmp_path, {}, {}, {})
    alien = commit(made.repository, {"z": "1\n"})
    with pytest.raises(git.GitError):
        tried(tmp_path, Sides(made.repository, made.base, made.ours, alien))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_text_typed_in_a_browser_gets_the_line_ends_of_its_file(tmp_path, end):
    found = tried(tmp_path, sides(tmp_path, {"a": f"1{end}x{end}"}, {"a": f"2{end}x{end}"}, {"a": f"3{end}x{end}"}))
    shown = texts.of(found, found.conflicts[0])
    assert texts.as_typed("4\r\nx\r\n", shown) == f"4{end}x{end}"


def test_a_name_that_is_no_text_is_shown_with_its_bytes_and_decided_like_others(tmp_path):
    name = b"a\xff.txt".decode("utf-8", "surrogateescape")
    found = tried(tmp_path, sides(tmp_path, {name: "1\n"}, {name: "2\n"}, {name: "3\n"}))
    (conflict,) = found.conflicts
    assert conflict.path == "a\\xff.txt" and conflict.spot == name
    tree = merging.with_entries(found.place, found.tree, merging.decided(found, conflict, "theirs"))
    assert [one.blob for one in merging.listed(found.place, tree, [name]).values()] == [conflict.theirs.blob]
