"""Each bundle outside Lumbung: its release as a city downloads it, unpacked somewhere, with the plugins' library only.

And what every bundle owes to the city that takes it over: a clean check, two releases, pictures, a read-me.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from flask import Flask

from registry.catalog.inspection.bundle import FolderTree
from registry.catalog.inspection.inspect import inspect
from registry.catalog.publiccode import file as publiccode
from registry.forge import archives
from registry.forge.storage import Storage, make_app
from tests.apart import free_port
from tests.pages import REPOSITORY

from .conftest import await_health, folder_of

BUNDLES = sorted(path.parent.name for path in (REPOSITORY / "plugins").glob("*/publiccode.yml"))
LEFT_OVER = shutil.ignore_patterns("__pycache__", ".*_cache", "instance")
WHEN = datetime(2026, 11, 24, tzinfo=UTC)
VERSION = re.compile(r"^## \[?v?(\d+\.\d+\.\d+)", re.MULTILINE)
ENGLISH = re.compile(r"^## (?:In )?English$", re.MULTILINE)
SMALL = 120 * 1024
CONSENT = "lumbung.toml#connect"
PARTS = {
    "id": ("warga|publik", "operator", "administrator", "sendiri"),
    "en": ("citizen|public|everybody", "operator", "administrator", "alone|itself|its own|yourself"),
}


@dataclass(frozen=True)
class Alone:
    """A bundle that runs by itself: nobody is staff at ``closed``, everybody at ``open``."""

    name: str
    closed: str
    open: str


def git(pool: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Lumbung", "-c", "user.email=git@lumbung.example", "-c", "commit.gpgsign=false")
    command = ("git", f"--git-dir={pool}", *who, *arguments)
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def downloaded(name: str, folder: Path) -> Path:
    """The tar.gz of the bundle's present state, made by the registry from a repository of its own."""
    place, source = Storage(folder / "registry"), folder / "source"
    shutil.copytree(folder_of(name), source, ignore=LEFT_OVER)
    make_app(place, name)
    pool = place.pool(name)
    git(pool, f"--work-tree={source}", "add", "--all")
    tree = git(pool, "write-tree")
    commit = git(pool, "commit-tree", tree, "-m", "Release")
    git(pool, "tag", "v1.0.0", commit)
    registry = Flask("registry")
    registry.extensions["lumbung"] = SimpleNamespace(data=place.data)
    with registry.app_context():
        archives.make(place, name, "1.0.0", commit, tree, WHEN)
    return place.archive(name, "1.0.0", "tar.gz")


@pytest.fixture(params=BUNDLES)
def alone(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Alone]:
    name: str = request.param
    archive = downloaded(name, tmp_path)
    running, origins = [], []
    for who, extra in (("closed", {}), ("open", {"STANDALONE_STAFF": "Petugas (demo):administrator"})):
        place = tmp_path / who
        with tarfile.open(archive) as tar:
            tar.extractall(place, filter="data")
        process, port = started(name, place / f"{name}-1.0.0", extra, tmp_path / f"{who}.log")
        running.append((process, port, tmp_path / f"{who}.log"))
        origins.append(f"http://127.0.0.1:{port}")
    for process, port, log in running:
        await_health(port, process, log)
    yield Alone(name, *origins)
    for process, _port, _log in running:
        process.kill()
    for process, _port, _log in running:
        process.wait(10)


def started(name: str, folder: Path, extra: dict[str, str], log: Path) -> tuple[subprocess.Popen[bytes], int]:
    """``flask run`` in the unpacked folder; of all variables only what a shell has, and the library's folder."""
    port = free_port()
    entry = manifest(folder)["plugin"]["entrypoint"]
    command = [sys.executable, "-m", "flask", "--app", entry, "run", "--port", str(port)]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY / "sdk"), **extra}
    with log.open("wb") as output:
        return subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=output), port


def manifest(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "lumbung.toml").read_text())


def asked(address: str) -> tuple[int, str]:
    try:
        with urlopen(address, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def staff_pages(name: str) -> list[str]:
    pages: list[str] = manifest(folder_of(name))["access"]["staff"]
    return pages


def test_it_runs_alone_from_its_archive(alone: Alone) -> None:
    """First page in both languages, health, staff pages closed, and open only for trying out."""
    for language in ("id", "en"):
        status, page = asked(f"{alone.closed}/?lang={language}")
        assert status == 200 and f'<html lang="{language}"' in page
    assert asked(f"{alone.closed}/healthz") == (200, "ok\n")
    for page in staff_pages(alone.name):
        assert asked(f"{alone.closed}{page}")[0] == 403, f"{page} is open to everybody"
        assert asked(f"{alone.open}{page}")[0] == 200, f"{page} is closed to staff"


@pytest.mark.parametrize("name", BUNDLES)
def test_nothing_of_the_registry_is_in_it(name: str) -> None:
    sources = [path for path in folder_of(name).rglob("*.py") if "tests" not in path.relative_to(folder_of(name)).parts]
    reaching = [
        str(path) for path in sources if re.search(r"^\s*(from|import) registry\b", path.read_text(), re.MULTILINE)
    ]
    assert sources and not reaching


@pytest.mark.parametrize("name", BUNDLES)
def test_the_check_has_nothing_to_say(name: str) -> None:
    """Besides what the city's admin is to be told before allowing it."""
    findings = [
        one for one in inspect(FolderTree(folder_of(name))).findings if not str(one).startswith(f"warning {CONSENT}")
    ]
    assert [str(one) for one in findings] == []


@pytest.mark.parametrize("name", BUNDLES)
def test_its_changelog_tells_of_two_releases_the_present_one_first(name: str) -> None:
    told = VERSION.findall((folder_of(name) / "CHANGELOG.md").read_text())
    assert len(set(told)) >= 2 and told[0] == described(name).facts["softwareVersion"]


@pytest.mark.parametrize("name", BUNDLES)
def test_its_pictures_are_there_and_small(name: str) -> None:
    pictures = [folder_of(name) / path for path in described(name).files.values()]
    pictures = [path for path in pictures if path.suffix in (".jpg", ".png", ".webp")]
    assert len(set(pictures)) >= 3
    assert all(0 < path.stat().st_size < SMALL for path in pictures)


@pytest.mark.parametrize("name", BUNDLES)
def test_its_readme_teaches_everybody_in_both_languages(name: str) -> None:
    text = (folder_of(name) / "README.md").read_text()
    halves = ENGLISH.split(text)
    assert len(halves) == 2, "no part that begins with ## English"
    for half, language in zip(halves, PARTS, strict=True):
        missing = [word for word in PARTS[language] if not re.search(word, half.lower())]
        assert not missing, f"nothing for {missing} in the part for {language}"


def described(name: str) -> Any:
    found, findings = publiccode.parse((folder_of(name) / "publiccode.yml").read_bytes())
    assert found, findings
    return found
