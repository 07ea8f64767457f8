"""Trees read and written out without a checkout."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from flask import Flask

from registry.catalog.inspection.bundle import BundleLimits
from registry.core.errors import InvalidError, NotFoundError
from registry.forge import git, storage, writing
from registry.forge.trees import GitTree, export_tree, resolve
from registry.forge.writing import Author, File

AUTHOR = Author("Kota <Uji>\n", "git@example.id", datetime(2026, 11, 23, tzinfo=UTC))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return storage.make_scratch(tmp_path / "r.git")


def tree_with(repository: Path, *files: File) -> str:
    made = writing.commit_files(repository, "refs/heads/main", files, "a message", AUTHOR)
    return writing.tree_of(repository, made)


@pytest.fixture(autouse=True)
def _context(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def test_reads_what_was_committed(repository: Path) -> None:
    tree = tree_with(repository, File("a/b.txt", 0o100644, b"hello"), File('odd "name"\\.sh', 0o100755, b"#!"))
    with GitTree(repository, tree) as opened:
        assert [(one.path, one.mode, one.size) for one in opened.entries()] == [
            ("a/b.txt", 0o100644, 5), ('odd "name"\\.sh', 0o100755, 2),
        ]  # fmt: skip
        assert (opened.read("a/b.txt", 3), opened.read("a/b.txt", 99)) == (b"hel", b"hello")
        with pytest.raises(FileNotFoundError):
            opened.read("a", 9)


def test_the_same_files_make_the_same_tree(repository: Path, tmp_path: Path) -> None:
    other = storage.make_scratch(tmp_path / "other.git")
    files = (File("b", 0o100644, b"1"), File("a", 0o100755, b"2"))
    assert tree_with(repository, *files) == tree_with(other, *reversed(files))


def test_an_export_has_the_same_bytes_and_modes(repository: Path, tmp_path: Path) -> None:
    tree = tree_with(repository, File("x/run", 0o100755, b"#!/bin/sh\n"), File("data", 0o100644, bytes(200_000)))
    export_tree(repository, tree, tmp_path / "out")
    assert (tmp_path / "out" / "data").read_bytes() == bytes(200_000)
    assert oct((tmp_path / "out" / "x" / "run").stat().st_mode & 0o777) == "0o755"
    assert oct((tmp_path / "out" / "data").stat().st_mode & 0o777) == "0o644"


@pytest.mark.parametrize("mode", [0o120000, 0o160000])
def test_links_and_submodules_are_not_exported(repository: Path, tmp_path: Path, mode: int) -> None:
    target = git.line(repository, "hash-object", "-w", "--stdin", stdin=b"/etc/passwd")
    content = f"{mode:o} link\0".encode() + bytes.fromhex(target)
    tree = git.line(repository, "hash-object", "-w", "-t", "tree", "--stdin", stdin=content)
    with pytest.raises(InvalidError, match="link"):
        export_tree(repository, tree, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_hostile_path_is_not_exported(repository: Path, tmp_path: Path) -> None:
    blob = git.line(repository, "hash-object", "-w", "--stdin", stdin=b"x")
    content = b"100644 evil\0" + bytes.fromhex(blob)
    inner = git.line(repository, "hash-object", "-w", "-t", "tree", "--literally", "--stdin", stdin=content)
    content = b"40000 ..\0" + bytes.fromhex(inner)
    tree = git.line(repository, "hash-object", "-w", "-t", "tree", "--literally", "--stdin", stdin=content)
    with pytest.raises(InvalidError):
        export_tree(repository, tree, tmp_path / "out")


@pytest.mark.parametrize("limits", [BundleLimits(files=1), BundleLimits(size=9), BundleLimits(file=5)])
def test_an_export_has_limits(repository: Path, tmp_path: Path, limits: BundleLimits) -> None:
    tree = tree_with(repository, File("a", 0o100644, b"123456"), File("b", 0o100644, b"123456"))
    with pytest.raises(InvalidError, match="larger"):
        export_tree(repository, tree, tmp_path / "out", limits)


def test_a_ref_names_a_commit(repository: Path) -> None:
    tree = tree_with(repository, File("a", 0o100644, b"1"))
    found = resolve(repository, "main")
    assert (found.tree, found.subject, found.author) == (tree, "a message", "Kota  Uji")
    assert resolve(repository, found.id) == found


@pytest.mark.parametrize("ref", ["nothing", "--output=stolen", "main^{tree}", "a..b"])
def test_anything_else_is_not_found(repository: Path, ref: str) -> None:
    tree_with(repository, File("a", 0o100644, b"1"))
    with pytest.raises(NotFoundError):
        resolve(repository, ref)


def test_git_knows_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("LUMBUNG_SECRET", "x")
    known = git.run(None, "-c", "alias.env=!env", "env").decode()
    assert "LUMBUNG_SECRET" not in known and "/nowhere" not in known


def test_attributes_and_hooks_of_a_repository_run_nothing_and_change_no_byte(repository: Path, tmp_path: Path) -> None:
    hook = repository / "hooks" / "reference-transaction"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/hooked\n")
    hook.chmod(0o755)
    with (repository / "config").open("a") as config:
        config.write(f'[filter "evil"]\n\tsmudge = touch {tmp_path}/smudged\n\tclean = touch {tmp_path}/cleaned\n')
    attributes = File(".gitattributes", 0o100644, b"* filter=evil export-subst eol=crlf working-tree-encoding=UTF-16\n")
    tree = tree_with(repository, attributes, File("a.txt", 0o100644, b"$Format:%H$\n"))
    export_tree(repository, tree, tmp_path / "out")
    assert (tmp_path / "out" / "a.txt").read_bytes() == b"$Format:%H$\n"
    assert {path.name for path in tmp_path.iterdir()} == {"out", "r.git"}


@pytest.mark.parametrize(
    ("setting", "value"),
    [("http.followRedirects", "false"), ("protocol.allow", "never"), ("core.hooksPath", "/dev/null")],
)
def test_git_goes_nowhere_by_itself(setting: str, value: str) -> None:
    assert git.run(None, "config", "--get", setting).decode().strip() == value


def test_git_that_talks_or_takes_too_much_is_stopped(repository: Path) -> None:
    with pytest.raises(git.GitOutputError):
        git.run(repository, "-c", "alias.much=!yes", "much", limit=1000)
    with pytest.raises(git.GitTimeoutError):
        git.run(repository, "-c", "alias.slow=!exec sleep 9", "slow", seconds=0.2)


def test_no_process_stays_behind(repository: Path) -> None:
    tree, before = tree_with(repository, File("a", 0o100644, b"1")), psutil.Process().children()
    next(GitTree(repository, tree).listing())
    with GitTree(repository, tree) as opened:
        opened.read("a", 1)
    assert set(psutil.Process().children()) <= set(before)
