"""The whole of Lumbung, met only from outside: started once for `people`, what they do with it in a day, and once for
`trouble`, what must not break it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.apart import free_port
from tests.pages import launched, need

from . import bundles
from .stack import Stack
from .web import Client


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What leaves the stack behind comes last."""
    items.sort(key=lambda item: item.nodeid.startswith("tests/e2e/trouble/test_moving.py"))


@pytest.fixture(scope="session")
def place() -> Iterator[Path]:
    """A short path of its own: the sockets of the stack stay inside of it."""
    folder = Path(tempfile.mkdtemp(prefix="lb-e2e-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def stack(place: Path) -> Iterator[Stack]:
    need("bwrap")
    stack = Stack(place / "d", free_port())
    try:
        stack.start()
        stack.settle()
        stack.set_apart()
        yield stack
        if stack.process.poll() is None:
            stack.stop()
    finally:
        stack.blackout()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Gone when all of it is over: it keeps a loop running, in which other tests could start none."""
    with launched() as chromium:
        yield chromium


@pytest.fixture(scope="session")
def bontang(stack: Stack) -> Client:
    return stack.person("admin@bontang.example")


@pytest.fixture(scope="session")
def buku(stack: Stack, place: Path) -> str:
    """The guest book in the catalog; its name."""
    return _published(stack, bundles.write(place / "bundles" / "buku", bundles.BUKU, migrate=True))


@pytest.fixture(scope="session")
def nakal(stack: Stack, place: Path) -> str:
    """The hostile app in the catalog; its name."""
    return _published(stack, bundles.write(place / "bundles" / "nakal", bundles.NAKAL))


@pytest.fixture(scope="session")
def guest(stack: Stack, bontang: Client, nakal: str) -> Client:
    """The hostile app, forked and deployed by Bontang like any other."""
    assert bontang.post("/api/v1/forks", {"app": nakal}).status == 201
    job = bontang.wait_job(bontang.post("/api/v1/deployments", {"city": "bontang", "app": nakal}).json)
    assert job["state"] == "done", (job["message"], job["log"])
    return stack.plugin(nakal)


@pytest.fixture
def neighbours_answer(stack: Stack) -> Iterator[None]:
    """Whatever the test did: another city's plugin and the registry are as they were."""
    yield
    assert stack.plugin("lapor", "bandung").get("/healthz").status == 200
    assert stack.anyone.get("/readyz").status == 200
    assert stack.anyone.get("/").status == 200


def _published(stack: Stack, folder: Path) -> str:
    done = stack.run("publish", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    return folder.name


@pytest.fixture(scope="session")
def fork(bontang: Client, buku: str) -> str:
    """Bontang's fork of the guest book; where to clone it."""
    made = bontang.post("/api/v1/forks", {"app": buku})
    assert made.status == 201, made.text
    url: str = made.json["clone_url"]
    return url


Git = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def git(place: Path) -> Git:
    """The real git, with nobody's settings and no way to ask questions."""
    roles = ("AUTHOR_NAME", "AUTHOR_EMAIL", "COMMITTER_NAME", "COMMITTER_EMAIL")
    names = {f"GIT_{role}": "uji@lumbung.example" for role in roles}
    clean = {"PATH": os.environ["PATH"], "HOME": str(place), "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", **names}

    def run(*arguments: str, cwd: Path = place) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["git", *arguments], cwd=cwd, env=clean, capture_output=True, text=True, timeout=60)

    return run


@pytest.fixture(scope="session")
def clone(place: Path, git: Git, fork: str, bontang: Client) -> Path:
    """A working copy of the fork whose origin knows the admin's token."""
    target = place / "work" / "buku"
    parts = urlsplit(fork)
    done = git("clone", "-q", parts._replace(netloc=f"token:{bontang.token}@{parts.netloc}").geturl(), str(target))
    assert done.returncode == 0, done.stderr
    return target


Push = Callable[..., str]


@pytest.fixture(scope="session")
def push(git: Git, clone: Path) -> Push:
    """Change the guest book's edition in the fork; answers with the pushed commit.

    ``slow`` seconds are what its migration takes, ``modules`` of idle code what its build has to compile; the
    migration of a ``broken`` one gives up half way.
    """

    def new_edition(edition: str, slow: float = 0.0, modules: int = 0, broken: bool = False) -> str:
        settings = f'EDITION, SLOW, BROKEN = "{edition}", {slow}, {broken}'
        code = bundles.BUKU.replace('EDITION, SLOW, BROKEN = "satu", 0, False', settings)
        (clone / "buku.py").write_text(code)
        for number in range(modules):
            (clone / f"idle_{number}.py").write_text(f"EDITION = {edition!r}\n" + "VALUE = [1, 2, 3]\n" * 400)
        for command in (("add", "."), ("commit", "-qm", f"Edisi {edition}"), ("push", "-q", "origin", "HEAD:main")):
            done = git(*command, cwd=clone)
            assert done.returncode == 0, done.stderr
        return git("rev-parse", "HEAD", cwd=clone).stdout.strip()

    return new_edition
