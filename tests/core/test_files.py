"""Files that are never seen half written."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from registry.core.files import write_lasting, write_whole


class KilledError(BaseException):
    pass


@pytest.mark.parametrize("write", [write_whole, write_lasting])
def test_who_is_killed_while_writing_leaves_what_was_there(write, tmp_path: Path, monkeypatch) -> None:
    def killed(_self: Path, _target: Path) -> None:
        raise KilledError

    path = tmp_path / "note"
    write(path, "before")
    monkeypatch.setattr(Path, "rename", killed)
    with pytest.raises(KilledError):
        write(path, "after")
    monkeypatch.undo()
    assert path.read_text() == "before"
    write(path, "after")
    assert path.read_text() == "after"
    assert os.listdir(tmp_path) == ["note"], "the draft of the killed one went into the next"


def test_what_lasts_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch) -> None:
    steps: list[str] = []
    sync, rename = os.fsync, Path.rename
    monkeypatch.setattr(os, "fsync", lambda number: (steps.append("sync"), sync(number)))
    monkeypatch.setattr(Path, "rename", lambda path, to: (steps.append("name"), rename(path, to)))
    write_lasting(tmp_path / "new" / "note", "text")
    assert steps == ["sync", "name", "sync"], "the file, its name, the folder that has the name"


def test_who_may_read_it_is_settled_before_it_is_seen(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        write_whole(tmp_path / "note", "text", mode=0o644)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "note").stat().st_mode) == 0o644


def test_a_folder_that_is_gone_is_not_made_again(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "gone" / "note", "text")
