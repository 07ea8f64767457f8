"""Logs of the parts, in which strangers choose some of the words, are bounded."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.operate import part_logs


@pytest.fixture(autouse=True)
def _folders(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    (tmp_path / "postgres").mkdir()


def test_a_log_over_its_size_begins_anew_under_the_hand_of_who_writes_it(tmp_path: Path) -> None:
    with (tmp_path / "log" / "web.log").open("ab", buffering=0) as part:
        for turn in range(50):
            part.write(b"x" * 90 + b"%09d\n" % turn)
            part_logs.shorten(part_logs.of(tmp_path), 1000)
        part.write(b"the last line\n")
    assert (tmp_path / "log" / "web.log").read_bytes().endswith(b"the last line\n")
    assert 0 < (tmp_path / "log" / "web.log").stat().st_size <= 1014
    assert (tmp_path / "log" / "web.log.1").stat().st_size <= 1100
    assert {path.name for path in (tmp_path / "log").iterdir()} == {"web.log", "web.log.1"}


def test_a_small_log_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "log" / "web.log").write_bytes(b"x" * 1000)
    part_logs.shorten(part_logs.of(tmp_path), 1000)
    assert [path.name for path in (tmp_path / "log").iterdir()] == ["web.log"]


def test_a_full_disk_does_not_keep_a_log_from_being_shortened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_names: Path) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "log" / "web.log").write_bytes(b"x" * 2000)
    monkeypatch.setattr(part_logs.shutil, "copyfile", full)
    part_logs.shorten(part_logs.of(tmp_path), 1000)
    assert (tmp_path / "log" / "web.log").read_bytes() == b""


def test_mistakes_in_a_plugins_questions_do_not_fill_the_disk(tmp_path: Path) -> None:
    server = tmp_path / "postgres" / "server.log"
    server.write_bytes(b"ERROR:  division by zero\n" * 100)
    part_logs.shorten(part_logs.of(tmp_path), 1000)
    assert server.read_bytes() == b""
