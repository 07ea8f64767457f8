"""The registry signs commits with a new key: what the old one signed still holds, unless somebody else may have it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.forge.keeping.cli import rotate_key
from registry.forge.signatures import own
from tests.forge.conftest import World, git

TAG = "/api/v1/apps/lapor/repository/tags/v1.0.0/signature"


@pytest.fixture(autouse=True)
def _no_former_keys(world: World) -> Iterator[None]:
    yield
    (world.app.extensions["lumbung"].secrets / own.FORMER).unlink(missing_ok=True)


def rotate(world: World, *options: str) -> str:
    done = world.app.test_cli_runner().invoke(rotate_key, options)
    assert done.exit_code == 0, done.output
    return done.output


def test_what_the_old_key_signed_still_holds_here_and_in_a_clone(world: World, tmp_path: Path) -> None:
    client, clone, signers = world.app.test_client(), tmp_path / "clone", tmp_path / "signers"
    with world.app.app_context():
        before = own.public_line()
    assert rotate(world).startswith("ssh-ed25519 ") and before not in rotate(world)
    assert client.get(TAG).json["state"] == "here"
    signers.write_text(client.get("/transparency/allowed_signers").text)
    assert len(signers.read_text().splitlines()) == 3, "two were replaced"
    git("clone", "-q", f"{world.origin}/git/lapor.git", clone)
    assert "Good" in git("-c", f"gpg.ssh.allowedSignersFile={signers}", "verify-tag", "v1.0.0", cwd=clone)


def test_a_key_somebody_else_may_have_is_believed_nothing(world: World) -> None:
    client = world.app.test_client()
    rotate(world, "--leaked")
    assert client.get(TAG).json["state"] == "unknown"
    assert len(client.get("/transparency/allowed_signers").text.splitlines()) == 1
