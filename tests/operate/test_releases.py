"""What the history of a repository tells of a plugin's releases, and how the demo publishes them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from sqlalchemy import select

from registry.catalog import service as catalog
from registry.catalog.models import App
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.operate import demo_plugins, releases
from registry.tenants.models import City
from tests.forge.conftest import CODE, MANIFEST, PUBLICCODE

PATH = "plugins/lapor"


def git(place: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Lumbung", "-c", "user.email=git@lumbung.example", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *who, *arguments], cwd=place, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def write(root: Path, version: str, text: str = "", path: str = PATH) -> None:
    folder = root / path
    folder.mkdir(parents=True, exist_ok=True)
    files = {"publiccode.yml": PUBLICCODE.format(version=version), "lumbung.toml": MANIFEST, "lapor.py": CODE,
             "LICENSE": "MIT License\n", "README.md": f"# Lapor\n\n{text}\n",
             "CHANGELOG.md": f"# Changelog\n\n## {version}\n\n- A release.\n"}  # fmt: skip
    for name, content in files.items():
        (folder / name).write_text(content)


def commit(root: Path, message: str) -> str:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", message)
    return git(root, "rev-parse", "HEAD")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three releases: 1.0.0 with a correction, 1.1.0, and 2.0.0 that only lies in the working folder."""
    place = tmp_path / "lumbung"
    place.mkdir()
    git(place, "init", "--quiet", "--initial-branch=main")
    write(place, "1.0.0", "first")
    commit(place, "lapor 1.0.0")
    write(place, "1.0.0", "corrected")
    commit(place, "lapor: a correction")
    (place / "README.md").write_text("Something else\n")
    commit(place, "not of lapor")
    write(place, "1.1.0", "second")
    commit(place, "lapor 1.1.0")
    write(place, "2.0.0", "third")
    return place


def versions(root: Path) -> list[str]:
    return [one.version for one in releases.of(root, PATH)]


def test_every_version_is_a_release_oldest_first(root):
    assert versions(root) == ["1.0.0", "1.1.0", "2.0.0"]


def test_a_release_is_the_newest_commit_of_its_version(root):
    first = releases.of(root, PATH)[0]
    with releases.opened(root, PATH, first) as folder:
        assert "corrected" in (folder / "README.md").read_text() and folder.name == "lapor"
    assert not folder.exists()


def test_the_working_folder_is_the_newest_release_even_when_its_version_was_committed(root):
    commit(root, "lapor 2.0.0")
    (root / PATH / "README.md").write_text("not committed\n")
    found = releases.of(root, PATH)
    assert [one.version for one in found] == ["1.0.0", "1.1.0", "2.0.0"]
    with releases.opened(root, PATH, found[-1]) as folder:
        assert folder == root / PATH


def test_a_commit_without_a_version_is_no_release(root):
    for text in ("softwareVersion: [1]\n", "name: x\n", "{", "softwareVersion: later\n", "\0"):
        (root / PATH / "publiccode.yml").write_text(text)
        commit(root, "broken")
    write(root, "2.0.0")
    assert versions(root) == ["1.0.0", "1.1.0", "2.0.0"]


def test_a_plugin_that_was_away_for_a_time_keeps_its_releases(root):
    git(root, "rm", "--quiet", "-r", "--force", PATH)
    commit(root, "away")
    assert versions(root) == ["1.0.0", "1.1.0"]
    write(root, "2.0.0")
    assert versions(root) == ["1.0.0", "1.1.0", "2.0.0"]


def test_an_unpacked_archive_has_the_newest_only(root, tmp_path):
    write(tmp_path / "unpacked", "2.0.0")
    assert versions(tmp_path / "unpacked") == ["2.0.0"]


def test_a_shallow_clone_has_the_newest_only(root, tmp_path):
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{root}", "shallow")
    assert versions(tmp_path / "shallow") == ["1.1.0"]


def test_a_work_tree_beside_the_repository_has_the_whole_history(root, tmp_path):
    git(root, "worktree", "add", "--quiet", str(tmp_path / "beside"), "HEAD")
    assert versions(tmp_path / "beside") == ["1.0.0", "1.1.0"]


def test_an_empty_repository_has_the_newest_only(tmp_path):
    git(tmp_path, "init", "--quiet")
    write(tmp_path, "1.0.0")
    assert versions(tmp_path) == ["1.0.0"]


@pytest.fixture
def bandung(context) -> City:
    with unit_of_work() as session:
        city = City(code="32.73", slug="bandung", name="Kota Bandung", province="Jawa Barat", publisher=True,
                    state="admitted")  # fmt: skip
        session.add(city)
    return city


def publish(root: Path) -> None:
    demo_plugins.publish(demo_plugins.names(root), root)


def published() -> list[str]:
    app = db.session.scalar(select(App).where(App.slug == "lapor"))
    return sorted(one.version for one in catalog.releases_of(app)) if app else []


def test_the_demo_publishes_every_release_in_order(root, bandung):
    publish(root)
    assert published() == ["1.0.0", "1.1.0", "2.0.0"]
    order = [one.version for one in sorted(catalog.releases_of(catalog.get_app("lapor")), key=lambda one: one.id)]
    assert order == ["1.0.0", "1.1.0", "2.0.0"]


def test_a_release_in_the_catalog_is_left_and_what_is_newer_is_added(root, bandung):
    publish(root)
    (root / PATH / "README.md").write_text("changed without a new version\n")
    publish(root)
    commit(root, "lapor 2.0.0")
    write(root, "2.1.0")
    publish(root)
    assert published() == ["1.0.0", "1.1.0", "2.0.0", "2.1.0"]


def test_history_is_never_filled_in_behind_a_release(root, bandung):
    git(root, "clone", "--quiet", "--depth=1", f"file://{root}", "shallow")
    publish(root / "shallow")
    publish(root)
    assert published() == ["1.1.0", "2.0.0"]


def test_one_bad_bundle_keeps_no_other_from_the_catalog(root, bandung):
    write(root, "1.0.0", path="plugins/antrian")
    (root / "plugins/antrian/lumbung.toml").write_text("[plugin]\n")
    publish(root)
    assert published() == ["1.0.0", "1.1.0", "2.0.0"]
    assert db.session.scalar(select(App).where(App.slug == "antrian")) is None
