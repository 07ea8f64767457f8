"""The pages of a repository: of an app's upstream for everybody, of a fork for its city's people."""

from __future__ import annotations

import hashlib

import pytest

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
