"""What a plugin prints: without citizens' data, bounded in size, in rate and in days."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from registry.core import clock
from registry.host import logs
from registry.host.logs import PluginLog, Policy
from registry.host.redaction import redacted

REAL_LINES = {
    "Pelapor 6474011203850002 tidak ditemukan": "Pelapor [nik] tidak ditemukan",
    "perempuan: 3273015210900004.": "perempuan: [nik].",
    "NIK 64.74.01.120385.0002": "NIK [nik]",
    "no. KK 6474 0112 0385 0002, RT 3": "no. KK [nik], RT 3",
    "hubungi 081234567890 segera": "hubungi [telepon] segera",
    "WA +62 812-3456-7890": "WA [telepon]",
    "telepon 6281234567890": "telepon [telepon]",
    "kantor +62548123456": "kantor [telepon]",
    "surat dari warga.bontang+1@contoh.co.id masuk": "surat dari [surel] masuk",
    "GET /cari?nik=6474011203850002&hp=%2B6281234567890&email=warga%40contoh.id HTTP/1.1":
        "GET /cari?nik=[nik]&hp=[telepon]&email=[surel] HTTP/1.1",
    "sqlalchemy: [parameters: ('081234567890', 'a@b.id')]": "sqlalchemy: [parameters: ('[telepon]', '[surel]')]",
}  # fmt: skip


@pytest.mark.parametrize("line", REAL_LINES, ids=range(len(REAL_LINES)))
def test_citizens_data_is_replaced_by_what_it_is(line: str) -> None:
    assert redacted(line) == REAL_LINES[line]


@pytest.mark.parametrize(
    "line",
    ["2026-11-24 08:12:45,123 INFO 200 GET /antrian/12", "permohonan 2026/000123/DPMPTSP", "size 1234567890123456",
     "order 9999999999999999", "commit 4b825dc642cb6eb9a060e54bf8d69288fbee4904", "1763960000.123456 selesai",
     "@app.route('/')", "kode 64.74.01", "0812"],
)  # fmt: skip
def test_what_only_looks_alike_stays(line: str) -> None:
    assert redacted(line) == line


@pytest.mark.parametrize("piece", ["a", "1", "1 ", "0 8 ", "a@", "a.", "+62 8", "%20", "1%20", "64740112038500", "@a."])
def test_no_line_takes_long(piece: str) -> None:
    began = time.thread_time()
    redacted(piece * 2000)
    assert time.thread_time() - began < 0.5


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log" / "plugin.log"


@pytest.fixture
def moved() -> Iterator[None]:
    yield
    clock.back()


def test_the_file_never_holds_it_however_the_output_is_cut(path: Path) -> None:
    log = PluginLog(path)
    for byte in b"pelapor 6474011203850002\n":
        log.feed(bytes([byte]))
    assert path.read_text().endswith("pelapor [nik]\n")


@pytest.mark.parametrize("before", range(1980, 2001, 5))
def test_a_cut_line_does_not_end_in_half_a_number(path: Path, before: int) -> None:
    log = PluginLog(path)
    log.feed(b"x " * (before // 2) + b"6474011203850002 and more\n")
    log.feed(b"y " * (before // 2) + b"647401120385")
    log.feed(b"0002 and more\n")
    log.close()
    assert "64740" not in path.read_text()


def test_of_a_line_without_an_end_only_the_beginning_is_kept(path: Path) -> None:
    log = PluginLog(path)
    for _ in range(100):
        log.feed(b"z" * 1000)
    log.feed(b"\nnext\n")
    assert path.stat().st_size < 2 * logs.MAX_LINE
    assert path.read_text().endswith(" next\n")


def test_the_host_s_own_notes_are_redacted_too(path: Path) -> None:
    PluginLog(path).note("slow: /warga/6474011203850002")
    assert "[lumbung] slow: /warga/[nik]" in path.read_text()


def test_a_flood_of_lines_is_counted_not_kept(path: Path) -> None:
    log = PluginLog(path)
    log.feed(b"again\n" * 5000)
    log.close()
    kept = path.read_text().count("again")
    assert logs.LINES_PER_SECOND <= kept <= 2 * logs.LINES_PER_SECOND
    assert f"({5000 - kept} lines dropped)" in path.read_text()


def test_a_flood_of_bytes_is_counted_not_kept(path: Path) -> None:
    log = PluginLog(path)
    log.feed((b"w" * 1900 + b"\n") * 90)
    log.close()
    assert path.stat().st_size < 2 * logs.BYTES_PER_SECOND + 4000


def test_a_day_has_an_end_for_a_chatterer(path: Path, monkeypatch: pytest.MonkeyPatch, moved: None) -> None:
    monkeypatch.setattr(logs, "LINES_PER_DAY", 50)
    log = PluginLog(path)
    log.feed(b"chat\n" * 80)
    log.close()
    assert path.read_text().count("chat") == 50
    clock.move(timedelta(days=1))
    log.feed(b"chat\n")
    assert path.read_text().count("chat") == 1, "a new day, a new file"


def test_all_files_together_stay_within_their_size(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MAX_FILE", 1000)
    monkeypatch.setattr(logs, "LINES_PER_SECOND", 10**9)
    monkeypatch.setattr(logs, "BYTES_PER_SECOND", 10**9)
    log = PluginLog(path, policy=Policy(size=5000))
    for number in range(300):
        log.feed(f"line {number}\n".encode() * 4)
    assert sum(file.stat().st_size for file in logs.files(path)) < 7000
    assert len(logs.files(path)) > 2
    assert "line 299" in path.read_text()


def test_old_lines_go_after_their_days(path: Path, moved: None) -> None:
    log = PluginLog(path)
    log.feed(b"old\n")
    then = clock.now().timestamp()
    clock.move(timedelta(days=8))
    log.feed(b"newer\n")
    os.utime(path, (then + 8 * 86400,) * 2)
    assert [file.read_text().split()[-1] for file in logs.files(path)] == ["newer", "old"]
    clock.move(timedelta(days=8))
    logs.expire(path, Policy())
    assert [file.read_text().split()[-1] for file in logs.files(path)] == ["newer"]


def test_a_full_disk_takes_the_log_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("no folder")
    PluginLog(tmp_path / "log" / "plugin.log").feed(b"hello\n")
