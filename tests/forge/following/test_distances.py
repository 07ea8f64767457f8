"""What counts as a change of a city, and what only says whose a fork is."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.forge.following.distances import is_nameplate
from tests.forge.conftest import PUBLICCODE, commit, git


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    git("init", "-q", tmp_path)
    return tmp_path


@pytest.mark.parametrize("spoilt", [None, b"\xff\xfe"])
def test_a_nameplate_that_is_gone_or_no_text_is_a_change_whichever_side_lost_it(
    clone: Path, spoilt: bytes | None
) -> None:
    whole = commit(clone, "publiccode.yml", PUBLICCODE.format(version="1.0.0"))
    if spoilt is None:
        git("rm", "-q", "publiccode.yml", cwd=clone)
        broken = commit(clone)
    else:
        broken = commit(clone, "publiccode.yml", spoilt)
    repository = clone / ".git"
    assert is_nameplate(repository, whole, whole)
    assert not is_nameplate(repository, whole, broken) and not is_nameplate(repository, broken, whole)
