"""The end of a log."""

from __future__ import annotations

from pathlib import Path

from registry.core import tails


def test_the_newest_lines_come_oldest_first(tmp_path: Path) -> None:
    log = tmp_path / "plugin.log"
    log.write_text("one\ntwo\nthree\n")
    assert tails.newest_lines(log, 2) == ["two", "three"]


def test_of_an_endless_log_only_the_end_is_read(tmp_path: Path) -> None:
    log = tmp_path / "plugin.log"
    log.write_bytes(b"x" * tails.MOST + b"\nlast \xff\n")
    assert tails.newest_lines(log, 1) == ["last �"]
    with log.open("rb") as file:
        assert len(tails.end(file, 10)) <= 10


def test_no_log_has_no_lines(tmp_path: Path) -> None:
    assert tails.newest_lines(tmp_path / "none.log", 5) == []
