"""A bundle in a folder."""

import os

import pytest

from registry.catalog.inspection.bundle import EXECUTABLE, FILE, SYMLINK, FolderTree


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.py").write_text("x = 1\n")
    (tmp_path / "run.sh").write_text("")
    (tmp_path / "run.sh").chmod(0o755)
    return tmp_path


def test_files_are_told_with_gits_modes(folder):
    found = {entry.path: (entry.mode, entry.size) for entry in FolderTree(folder).entries()}
    assert found == {"app/main.py": (FILE, 6), "run.sh": (EXECUTABLE, 0)}


def test_a_link_is_told_and_never_followed(folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "secret"
    outside.write_text("secret")
    (folder / "link").symlink_to(outside)
    (folder / "folder-link").symlink_to(outside.parent)
    modes = {entry.path: entry.mode for entry in FolderTree(folder).entries()}
    assert modes["link"] == modes["folder-link"] == SYMLINK
    for path in ("link", "folder-link/secret", "../" + folder.name + "/run.sh", "/etc/passwd"):
        with pytest.raises(FileNotFoundError):
            FolderTree(folder).read(path, 10)


def test_a_pipe_does_not_hang_the_reader(folder):
    os.mkfifo(folder / "pipe")
    with pytest.raises(FileNotFoundError):
        FolderTree(folder).read("pipe", 10)


def test_reading_stops_at_the_limit(folder):
    assert FolderTree(folder).read("app/main.py", 3) == b"x ="


def test_the_folders_own_repository_and_by_products_are_no_part_of_it(folder):
    for name in (".git", "app/__pycache__"):
        (folder / name).mkdir()
        (folder / name / "x").write_text("")
    assert {entry.path for entry in FolderTree(folder).entries()} == {"app/main.py", "run.sh"}


def test_a_git_folder_deeper_down_is_told(folder):
    (folder / "app" / ".git").mkdir()
    (folder / "app" / ".git" / "config").write_text("")
    assert "app/.git/config" in {entry.path for entry in FolderTree(folder).entries()}
