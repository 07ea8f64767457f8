"""Hostile objects in a real repository, the operator's command, and what the doctor says."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry.forge import storage, writing
from registry.forge.git import line, run
from registry.forge.signatures import objects
from registry.forge.signatures.cli_here import releases
from registry.operate import programs
from tests.forge.conftest import World
from tests.forge.signatures.signing import commit_text


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    made = storage.make_scratch(tmp_path / "r.git")
    run(made, "mktree", stdin=b"")
    return made


def written(repository: Path, commit: bytes) -> str:
    return line(repository, "hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=commit)


def test_a_commit_with_an_endless_header_is_skipped_and_the_next_one_read(repository: Path) -> None:
    huge = written(repository, commit_text(gpgsig="A" * 3_000_000))
    small = written(repository, commit_text())
    found = objects.read(repository, [huge, "1" * 40, small])
    assert found[huge].content is None and found[small].content == commit_text()
    assert set(found) == {huge, small}


@pytest.mark.parametrize("name", [
    "--batch-all-objects", "HEAD", "refs/tags/a b", "refs/tags/a\nHEAD", "main^{tree}", ""
])  # fmt: skip
def test_only_whole_ids_and_tags_are_asked_for(repository: Path, name: str) -> None:
    assert objects.read(repository, [name]) == {}


def test_what_signs_nothing_leaves_an_object_as_it_was(repository: Path) -> None:
    author = writing.Author("Dinas", "d@example.id", datetime(2026, 11, 23, tzinfo=UTC))
    made = writing.commit_tree(repository, "4b825dc642cb6eb9a060e54bf8d69288fbee4904", "", "x", author)
    assert b"gpgsig" not in run(repository, "cat-file", "commit", made)


def test_the_operator_is_told_of_a_file_that_differs(world: World) -> None:
    runner = world.app.test_cli_runner()
    assert "what the log says" in runner.invoke(releases).output
    world.storage.archive("lapor", "1.0.0", "zip").write_bytes(b"other")
    found = runner.invoke(releases)
    assert found.exit_code == 1 and "lapor 1.0.0 zip" in found.output


def test_the_doctor_says_what_is_not_checked_without_gpgv(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "gpgv" else honest(name))
    told = next(found for found in programs.found() if found.name == "signatures")
    assert told.level == "warn" and "apt-get install gpgv" in told.text
