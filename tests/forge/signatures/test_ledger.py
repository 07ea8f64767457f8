"""The list of everything released: whatever is changed in it is found by whoever has a copy, or one line."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from registry.core.chains import START, BrokenChainError
from registry.forge.signatures import ledger
from registry.forge.signatures.cli import transparency

WHEN = "2026-11-23T00:00:00Z"
RECIPE = Path(ledger.__file__).parents[1] / "templates/forge/signatures/chain.txt"


def log(count: int) -> list[str]:
    made, before = [], START
    for number in range(1, count + 1):
        digest = hashlib.sha256(b"%d" % number).hexdigest()
        entry = ledger.follow(before, number, digest, "lapor", f"1.0.{number}", "tar.gz", WHEN)
        made.append(entry.line)
        before = entry.chain
    return made


def test_a_whole_log_is_read() -> None:
    assert [entry.number for entry in ledger.read(log(4))] == [1, 2, 3, 4]


@pytest.mark.parametrize("change", [
    lambda lines: [lines[0], lines[1].replace(lines[1].split()[1], "0" * 64), *lines[2:]],
    lambda lines: [lines[0], lines[1].replace("lapor", "papan"), *lines[2:]],
    lambda lines: [lines[0], lines[1].replace("1.0.2", "1.0.9"), *lines[2:]],
    lambda lines: [*lines[:1], *lines[2:]],
    lambda lines: lines[1:],
    lambda lines: [lines[1], lines[0], *lines[2:]],
    lambda lines: [*lines[:2], lines[1], *lines[2:]],
    lambda lines: [lines[0], "x" * 5_000, *lines[1:]],
    lambda lines: [lines[0], "", *lines[1:]],
    lambda lines: [lines[0], lines[1] + " more", *lines[2:]],
])  # fmt: skip
def test_a_line_changed_removed_moved_or_added_is_found(change) -> None:
    with pytest.raises(BrokenChainError):
        list(ledger.read(change(log(4))))


def test_a_log_made_anew_without_a_release_differs_from_an_earlier_copy() -> None:
    rewritten = log(1)
    entry = ledger.follow(rewritten[0].split()[-1], 2, "f" * 64, "lapor", "1.0.3", "tar.gz", WHEN)
    with pytest.raises(BrokenChainError, match="line 2"):
        ledger.grown(log(2), [*rewritten, entry.line])


def test_a_log_cut_short_is_found_by_who_has_a_copy() -> None:
    assert ledger.grown(log(2), log(5)) == 3
    with pytest.raises(BrokenChainError, match="is gone"):
        ledger.grown(log(3), log(2))


def test_the_commands_on_the_page_find_the_same(tmp_path: Path) -> None:
    path = tmp_path / "releases.txt"
    for lines, said in ((log(3), ""), ([log(3)[0], log(3)[1].replace("lapor", "papan"), log(3)[2]], "changed: 2 ")):
        path.write_text("".join(f"{line}\n" for line in lines))
        command = ["bash", "-c", RECIPE.read_text()]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert done.stdout.startswith(said) and bool(done.stdout) == bool(said)


def test_the_command_says_whether_a_file_is_listed(tmp_path: Path) -> None:
    path, held = tmp_path / "releases.txt", tmp_path / "1.0.2.tar.gz"
    path.write_text("".join(f"{line}\n" for line in log(3)))
    held.write_bytes(b"2")
    good = CliRunner().invoke(transparency, ["verify", str(path), "--release", str(held)])
    assert good.exit_code == 0 and "line 2: lapor 1.0.2 tar.gz" in good.output
    held.write_bytes(b"other")
    bad = CliRunner().invoke(transparency, ["verify", str(path), "--release", str(held)])
    assert bad.exit_code == 1 and "do not use it" in bad.output
