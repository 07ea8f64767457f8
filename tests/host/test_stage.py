"""Paths for lesser users: what is closed is bound elsewhere, and nobody outside sees it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from registry.core import stage

root_only = pytest.mark.skipif(os.getuid() != 0, reason="only root drops to lesser users")


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A folder below one that only its owner may walk."""
    inside = tmp_path / "closed" / "inside"
    inside.mkdir(parents=True, mode=0o755)
    inside.chmod(0o755)
    (inside / "file").write_text("read me")
    inside.parent.chmod(0o700)
    return inside


def _as_nobody(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["cat", path], user=65534, group=65534, extra_groups=[], capture_output=True, text=True)


def test_open_paths_are_themselves() -> None:
    assert stage.reach(Path("/usr/bin")) == Path("/usr/bin")


@root_only
def test_a_lesser_user_walks_to_what_was_closed(closed: Path) -> None:
    assert _as_nobody(closed / "file").returncode != 0
    assert _as_nobody(stage.reach(closed) / "file").stdout == "read me"
    assert _as_nobody(stage.reach(closed / "file")).stdout == "read me"


@root_only
def test_the_name_is_stable_and_shared_with_child_processes(closed: Path) -> None:
    ours = stage.reach(closed)
    assert stage.reach(closed) == ours
    code = "import sys, pathlib; from registry.core import stage; print(stage.reach(pathlib.Path(sys.argv[1])))"
    child = subprocess.run([sys.executable, "-c", code, closed], capture_output=True, text=True, check=True)
    assert child.stdout.strip() == str(ours)


@root_only
def test_a_folder_made_anew_is_reached_anew(closed: Path) -> None:
    stage.reach(closed)
    (closed / "file").unlink()
    closed.rmdir()
    closed.mkdir()
    (closed / "file").write_text("new")
    assert (stage.reach(closed) / "file").read_text() == "new"


@root_only
def test_nothing_is_mounted_outside_this_process(closed: Path) -> None:
    name = stage.reach(closed).name
    outside = Path("/proc/1/mountinfo").read_text()
    assert name not in outside


def test_a_missing_path_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        stage.reach(tmp_path / "gone")
