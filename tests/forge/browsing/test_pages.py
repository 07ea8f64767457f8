"""The pages of a repository: of an app's upstream for everybody, of a fork for its city's people."""

from __future__ import annotations

import hashlib

import pytest

from registry.forge import git
from tests.forge.browsing.conftest import put
from tests.forge.conftest import World
from tests.forge.test_pages import signed_in

PAGES = (
    "source/", "source/lapor/__init__.py", "raw/README.md", "blame/publiccode.yml", "search?q=Lapor", "history",
    "history?path=lapor", "compare?from=v1.0.0&to=main", "branches",
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_an_upstream_is_everybodys_and_a_fork_its_citys(world: World, page: str) -> None:
    visitor, admin, stranger = world.app.test_client(), signed_in(world, "b"), signed_in(world, "c")
    assert visitor.get(f"/apps/lapor/{page}").status_code == 200
    assert admin.get(f"/console/bontang/forks/lapor/{page}").status_code == 200
    assert stranger.get(f"/console/bontang/forks/lapor/{page}").status_code == 404
    assert visitor.get(f"/console/bontang/forks/lapor/{page}").location.startswith("/sign-in")


@pytest.mark.parametrize("kind", ["zip", "tar.gz", "bundle"])
def test_any_version_can_be_had_as_one_file_with_its_checksum(world: World, kind: str) -> None:
    visitor, admin = world.app.test_client(), signed_in(world, "b")
    for base, who in (("/apps/lapor", visitor), ("/console/bontang/forks/lapor", admin)):
        asked = who.get(f"{base}/archive?kind={kind}")
        file, told = who.get(asked.location), who.get(f"{asked.location}.sha256")
        assert told.text.split()[0] == hashlib.sha256(file.data).hexdigest()
        assert file.headers["Content-Disposition"].startswith("attachment")


def test_source_that_reads_otherwise_than_it_runs_is_marked(world: World) -> None:
    """Trojan Source, CVE-2021-42574."""
    repository = world.storage.fork("bontang", "lapor")
    main = git.line(repository, "rev-parse", "refs/heads/main")
    made = put(repository, {"a.py": "akses = 'umum\u202e \u2066# hanya admin\u2069'\n"}, parent=main)
    admin, base = signed_in(world, "b"), "/console/bontang/forks/lapor"
    for page in ("source/a.py", f"commits/{made}"):
        shown = admin.get(f"{base}/{page}").text
        assert "[U+202E]" in shown and "\u202e" not in shown and "note-warn" in shown
    for page in ("blame/a.py", "search?q=akses"):
        shown = admin.get(f"{base}/{page}").text
        assert "[U+202E]" in shown and "\u202e" not in shown
    assert "note-warn" not in admin.get(f"{base}/source/README.md").text


def test_a_branch_and_a_tag_of_one_name_are_told_apart(world: World) -> None:
    repository = world.storage.fork("bontang", "lapor")
    git.run(repository, "update-ref", "refs/heads/v1.0.0", "refs/heads/main")
    admin, base = signed_in(world, "b"), "/console/bontang/forks/lapor"
    shown = admin.get(f"{base}/source/?ref=v1.0.0").text
    assert 'href="?ref=heads/v1.0.0"' in shown and 'value="tags/v1.0.0" selected' in shown
    assert 'value="heads/v1.0.0" selected' in admin.get(f"{base}/source/?ref=heads/v1.0.0").text


def test_lines_are_anchors_and_search_machines_stay_away(world: World) -> None:
    visitor = world.app.test_client()
    shown = visitor.get("/apps/lapor/source/publiccode.yml").text
    assert 'id="L3"' in shown and 'href="#L3"' in shown and "noindex" not in shown
    assert "noindex" in visitor.get("/apps/lapor/blame/publiccode.yml").text
