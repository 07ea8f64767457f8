"""A deployment's data: copied, put back and settled after a kill at any point."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from registry.host import copying, data
from registry.hosting.plain import DeploymentPaths

FOLDERS = ["copies", "data", "incoming", "log", "snapshots"]


@pytest.fixture
def store(tmp_path: Path) -> data.Store:
    store = data.Store(DeploymentPaths(tmp_path, 7), None)
    store.prepare()
    return store


def _write(store: data.Store, text: str) -> None:
    (store.paths.data / "file").write_text(text)


def _read(store: data.Store) -> str:
    return (store.paths.data / "file").read_text()


def test_restore_brings_back_exactly_the_snapshot(store: data.Store) -> None:
    _write(store, "one")
    store.snapshot(1)
    _write(store, "two")
    (store.paths.data / "added").touch()
    store.restore(1)
    assert _read(store) == "one"
    assert not (store.paths.data / "added").exists()


def test_a_snapshot_can_be_restored_twice(store: data.Store) -> None:
    _write(store, "one")
    store.snapshot(1)
    for _ in range(2):
        _write(store, "broken")
        store.restore(1)
        assert _read(store) == "one"


def test_a_missing_snapshot_leaves_the_data_alone(store: data.Store) -> None:
    _write(store, "one")
    with pytest.raises(FileNotFoundError):
        store.restore(9)
    assert _read(store) == "one"


def test_killed_between_the_two_renames_nothing_is_lost(store: data.Store) -> None:
    _write(store, "one")
    store.paths.data.rename(store.paths.home / "data.old")
    (store.paths.home / "data.new").mkdir()
    store.prepare()
    assert _read(store) == "one"
    assert sorted(path.name for path in store.paths.home.iterdir()) == FOLDERS


def test_killed_while_replacing_a_snapshot_the_older_one_is_kept(store: data.Store) -> None:
    _write(store, "one")
    store.snapshot(1)
    store.paths.snapshot(1).rename(store.paths.snapshots / "1.old")
    (store.paths.snapshots / "1.new").mkdir()
    store.settle()
    assert (store.paths.snapshot(1) / "file").read_text() == "one"
    assert [path.name for path in store.paths.snapshots.iterdir()] == ["1"]


def test_folders_nested_without_end_are_refused(store: data.Store) -> None:
    folder = store.paths.data
    for _ in range(copying.MAX_DEPTH + 1):
        folder = folder / "d"
        folder.mkdir()
    with pytest.raises(copying.TooDeepError):
        store.snapshot(1)


def test_measured_is_what_the_disk_holds_without_following_links(store: data.Store) -> None:
    (store.paths.data / "big").write_bytes(b"x" * 100_000)
    (store.paths.data / "usr").symlink_to("/usr")
    usage = data.measure(store.paths.data)
    assert 100_000 <= usage.size < 200_000
    assert usage.files == 2
    assert usage.complete


def test_a_file_of_many_names_is_copied_once(store: data.Store) -> None:
    (store.paths.data / "file").write_bytes(b"x" * 2**20)
    (store.paths.data / "folder").mkdir()
    for number in range(50):
        os.link(store.paths.data / "file", store.paths.data / "folder" / str(number))
    store.snapshot(1)
    names = [store.paths.snapshot(1) / "file", *(store.paths.snapshot(1) / "folder").iterdir()]
    assert len(names) == 51
    assert len({name.stat().st_ino for name in names}) == 1


def test_a_snapshot_never_fills_the_disk(store: data.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(store, "one")
    store.snapshot(1)
    monkeypatch.setattr(data, "spare", lambda folder: 2**62)
    with pytest.raises(OSError, match="nearly full"):
        store.snapshot(2)
    assert not store.paths.snapshot(2).exists()
    store.restore(1)
    assert _read(store) == "one"


def _nest(folder: Path, levels: int) -> None:
    """Folders as only a program can make them: deeper than any path may be long."""
    descriptor = os.open(folder, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir("d" * 200, dir_fd=descriptor)
        below = os.open("d" * 200, os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = below
    os.close(descriptor)


def test_a_failed_migration_that_nested_folders_is_undone(store: data.Store) -> None:
    _write(store, "one")
    store.snapshot(1)
    _nest(store.paths.data, 3000)
    store.restore(1)
    assert _read(store) == "one"
    assert sorted(path.name for path in store.paths.home.iterdir()) == FOLDERS


def test_what_is_nested_too_deep_to_count_is_not_taken_as_counted(store: data.Store) -> None:
    _nest(store.paths.data, 30)
    assert not data.measure(store.paths.data).complete
    store.empty()
