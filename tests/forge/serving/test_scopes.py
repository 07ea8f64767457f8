"""A person's token pushes only with the scope for it; reading is free."""

from __future__ import annotations

from pathlib import Path

from registry.accounts import service as accounts
from registry.core.uow import unit_of_work
from tests.forge.conftest import World, commit, git, user


def token(world: World, who: str, *wanted: str) -> str:
    with world.app.app_context(), unit_of_work():
        return accounts.create_token(user(f"{who}@example.id"), "git", 9, wanted)[1]


def test_a_fork_takes_the_scope_of_forks(world: World, fork: Path) -> None:
    commit(fork)
    for wanted in ("read", "catalog.publish"):
        told = git("push", "-q", "origin", "HEAD:main", cwd=fork, token=token(world, "b", wanted), fails=True)
        assert "403" in told or "forks" in told
    git("push", "-q", "origin", "HEAD:main", cwd=fork, token=token(world, "b", "forks"))


def test_an_original_takes_the_scope_of_publishing(world: World, upstream: Path) -> None:
    commit(upstream)
    git("push", "-q", "origin", "HEAD:main", cwd=upstream, token=token(world, "a", "forks"), fails=True)
    git("push", "-q", "origin", "HEAD:main", cwd=upstream, token=token(world, "a", "catalog.publish"))
