"""What may be opened, written and asked for."""

from __future__ import annotations

import pytest

from registry.forge.browsing import rules


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("docs/catatan.md", None), ("a", None), ("berkas dengan spasi.txt", None), ("gambar/jalan-é.png", None),
        ("", "unsafe"), ("/a", "unsafe"), ("a/../b", "unsafe"), ("a//b", "unsafe"), (".git/config", "unsafe"),
        ("a/.GiT/x", "unsafe"), ("a\\b", "unsafe"), ("a\nb", "unsafe"), ("a/" * 20 + "b", "unsafe"),
        (".gitmodules", "git"), ("a/.gitattributes", "git"), (" a", "edges"), ("a /b", "edges"), ("a./b", "edges"),
        ("e\u0301.md", "unnormalised"), ("a\u202eb", "hidden"), ("a\u200bb", "hidden"), ("a\u2028b", "hidden"),
    ],
)  # fmt: skip
def test_where_a_file_may_be_written(path: str, problem: str | None) -> None:
    assert rules.path_problem(path) == problem


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("usulan/jalan-1", None), ("v2", None), ("a" * 100, None),
        ("a" * 101, "long"), ("", "format"), ("-a", "format"), ("a b", "format"), ("a..b", "format"),
        ("a/.b", "format"),
        ("a.lock/b", "format"), ("a/b.", "format"), ("a~1", "format"), ("refs/heads/a", "misleading"),
        ("HEAD", "misleading"), ("heads/a", "misleading"), ("1234567", "misleading"), ("abcdef" * 6, "misleading"),
    ],
)  # fmt: skip
def test_what_a_new_branch_may_be_called(name: str, problem: str | None) -> None:
    assert rules.branch_problem(name) == problem


@pytest.mark.parametrize(
    "text",
    ["", "a b", "a~1", "a^", "a:b", "a?", "a*", "a[b", "a\\b", "a..b", "a@{1}", "a.", ".a", "a/.b", "a//b", "a.lock",
     "a\x7f", "a\nb", "\ufffd", "\udcff", "x" * 251],
)  # fmt: skip
def test_what_git_calls_no_branch_is_not_asked_for(text: str) -> None:
    assert not rules.is_ref_name(text)


def test_a_message_is_bounded_and_plain() -> None:
    assert rules.message_of(" a\r\nb\x00\x1b \ud800", "x") == "a\nb ?"
    assert rules.message_of(" \n ", "Change a") == "Change a"
    assert len(rules.message_of("a" * 10_000, "x")) == rules.MAX_MESSAGE
