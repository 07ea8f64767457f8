"""Many at once, slow ones, broken ones, large ones: against gunicorn, as it runs in production."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from registry.core.db import db
from registry.core.errors import UnavailableError
from registry.forge.serving import slots
from registry.forge.serving.slots import Slots
from tests.forge.conftest import World, git
from tests.forge.serving.conftest import Served, pushed
from tests.forge.serving.waiting import until

MEGABYTE = 2**20
LARGE = 32 * MEGABYTE
SMALL_RISE = 24 * MEGABYTE
"""Of the server's memory; a body held in it would be several times that."""


@contextmanager
def holding(all_slots: Slots, *names: tuple[str, str]) -> Iterator[None]:
    with ExitStack() as held:
        for repository, who in names:
            all_slots.hold(held, repository, who)
        yield


def refused(world: World, all_slots: Slots, repository: str, who: str) -> bool:
    with world.app.test_request_context(), ExitStack() as held:
        try:
            all_slots.hold(held, repository, who)
        except UnavailableError:
            return True
    return False


def test_one_repository_does_not_fill_the_house(world: World) -> None:
    """facts 2.1: Gitaly's max_per_repo."""
    house = Slots(4, wait=0.05)
    with holding(house, ("lapor", "a"), ("lapor", "b"), ("lapor", "c")):
        assert refused(world, house, "lapor", "d")
        assert not refused(world, house, "papan", "d")


def test_one_person_or_address_does_not_fill_the_house(world: World) -> None:
    """facts 2.1: gitlab.com's limit of packs per address."""
    house = Slots(4, wait=0.05)
    with holding(house, ("a", "person 1"), ("b", "person 1"), ("c", "person 1")):
        assert refused(world, house, "d", "person 1")
        assert not refused(world, house, "d", "person 2")


def test_who_waits_gets_the_next_free_slot(world: World) -> None:
    house = Slots(1, wait=5)
    with world.app.test_request_context(), ExitStack() as first:
        house.hold(first, "lapor", "a")
        threading.Timer(0.2, first.close).start()
        with ExitStack() as second:
            house.hold(second, "lapor", "b")
            assert house.busy == 1


def test_the_queue_is_bounded_and_keeps_places_for_newcomers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "WAITING", 1)
    monkeypatch.setattr(slots, "SPARE", 1)
    house = Slots(1, wait=60)
    with holding(house, ("lapor", "a")):
        waiting = threading.Thread(target=refused, args=(world, house, "lapor", "a"))
        waiting.start()
        assert until(lambda: house.is_full_for("a"))
        began = time.monotonic()
        assert refused(world, house, "lapor", "a")
        assert time.monotonic() - began < 20, "at once, not when its own wait is over"
        assert not house.is_full_for("b")
    waiting.join()


@pytest.mark.parametrize(
    ("address", "name"),
    [("10.1.2.3", "address 10.1.2.3"), ("2001:db8:1:2:3::4", "address 2001:db8:1:2::"), ("", "address ?")],
)
def test_an_address_is_one_household(address: str, name: str) -> None:
    assert slots.name_of(address) == name


@pytest.fixture
def large(world: World, gunicorn: Served) -> str:
    """Bontang's fork with a commit of 32 MB that no packing makes smaller; the commit's name."""
    stored = ("--git-dir", world.storage.fork("bontang", "lapor"), "-c", "core.compression=0")
    picture = world.bundle / "picture.bin"
    picture.write_bytes(os.urandom(LARGE))
    blob = git(*stored, "hash-object", "-w", picture).strip()
    git(*stored, "read-tree", "main", GIT_INDEX_FILE=str(world.bundle / "index"))
    git(*stored, "update-index", "--add", "--cacheinfo", f"100644,{blob},picture.bin",
        GIT_INDEX_FILE=str(world.bundle / "index"))  # fmt: skip
    tree = git(*stored, "write-tree", GIT_INDEX_FILE=str(world.bundle / "index")).strip()
    made = git(*stored, "commit-tree", "-p", "main", "-m", "picture", tree).strip()
    git(*stored, "update-ref", "refs/heads/main", made)
    return made


def packs_of(gunicorn: Served, recursive: bool = True) -> list[psutil.Process]:
    """What runs of git; without the processes that a git starts itself it is one of each request."""
    found = []
    for child in gunicorn.worker.children(recursive):
        try:
            if child.name().startswith("git") and child.status() != psutil.STATUS_ZOMBIE:
                found.append(child)
        except psutil.NoSuchProcess:
            continue
    return found


def highest(process: psutil.Process) -> int:
    """The most memory it ever held, in bytes."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def test_no_body_is_held_in_memory(world: World, gunicorn: Served, fork: Path, tmp_path: Path) -> None:
    """facts 2.1: SpooledTemporaryFile and request.data keep a push in memory, dulwich's server a clone."""
    git("clone", "-q", f"{gunicorn.origin}/git/lapor.git", tmp_path / "warm")
    pushed(fork, world, "note.bin", 1000, gunicorn.origin)
    before = highest(gunicorn.worker)
    git("config", "core.compression", "0", cwd=fork)
    for number in range(2):
        pushed(fork, world, f"picture{number}.bin", 30 * MEGABYTE, gunicorn.origin)
    git("clone", "-q", "--bare", f"{gunicorn.origin}/git/bontang/lapor.git", tmp_path / "c")
    assert highest(gunicorn.worker) - before < SMALL_RISE


def test_many_clones_at_once_all_succeed(world: World, gunicorn: Served, tmp_path: Path) -> None:
    command = ["git", "clone", "-q", "--bare", f"{gunicorn.origin}/git/lapor.git"]
    clones = [subprocess.Popen([*command, tmp_path / f"c{number}"]) for number in range(12)]
    assert [clone.wait(60) for clone in clones] == [0] * 12


FETCH = (
    "POST /git/bontang/lapor.git/git-upload-pack HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    "Content-Type: application/x-git-upload-pack-request\r\nContent-Length: {size}\r\n\r\n{body}"
)


def asked(gunicorn: Served, commit: str) -> socket.socket:
    """A client that has asked for everything and reads nothing yet."""
    body = f"0032want {commit}\n00000009done\n"
    client = socket.create_connection(("127.0.0.1", gunicorn.port), 30)
    client.sendall(FETCH.format(size=len(body), body=body).encode())
    return client


def test_a_client_that_takes_nothing_holds_no_slot(gunicorn: Served, large: str) -> None:
    """facts 2.2: a slow client holds a thread, an upload-pack and a pack-objects with 70 MB and more."""
    with asked(gunicorn, large):
        assert until(lambda: packs_of(gunicorn))
        assert until(lambda: not packs_of(gunicorn), 30)


def test_a_client_that_trickles_holds_no_slot(gunicorn: Served, large: str) -> None:
    with asked(gunicorn, large) as client:
        assert until(lambda: packs_of(gunicorn))
        assert until(lambda: client.recv(2_000) and not packs_of(gunicorn), 45)


def test_a_steady_client_takes_all_however_long(gunicorn: Served, large: str) -> None:
    """facts 2.2: gunicorn's sync worker cut a slow clone at 38 of 238 MB; here only the client's pace counts."""
    with asked(gunicorn, large) as client:
        taken, began = 0, time.monotonic()
        while taken < LARGE and (chunk := client.recv(MEGABYTE)):
            taken += len(chunk)
            time.sleep(max(0, taken / (6 * MEGABYTE) - (time.monotonic() - began)))
    assert taken >= LARGE and time.monotonic() - began > 4


def test_an_upload_that_stalls_holds_no_slot(world: World, gunicorn: Served) -> None:
    token = world.admin
    head = (
        "POST /git/bontang/lapor.git/git-receive-pack HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: application/x-git-receive-pack-request\r\n\r\n4\r\n0000\r\n"
    )
    with socket.create_connection(("127.0.0.1", gunicorn.port), 30) as client:
        client.sendall(head.encode())
        client.settimeout(20)
        began = time.monotonic()
        try:
            told = client.recv(1000)
        except ConnectionError:
            told = b""
        assert b"200 OK" not in told and 1 < time.monotonic() - began < 15


def test_a_client_that_goes_frees_what_it_held_at_once(gunicorn: Served, large: str) -> None:
    """facts 2.2: upload-pack and pack-objects are gone within 2 s when the answer's close() closes the pipe."""
    client = asked(gunicorn, large)
    assert until(lambda: packs_of(gunicorn))
    client.close()
    assert until(lambda: not packs_of(gunicorn), 5)


def test_the_next_request_on_a_kept_connection_is_not_eaten(gunicorn: Served, world: World) -> None:
    """A refusal that leaves its body unread must not let the body be taken for a request."""
    hidden = b"GET /git/smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    head = f"POST /git/no.git/git-upload-pack HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(hidden)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", gunicorn.port), 30) as client:
        client.settimeout(10)
        client.sendall(head.encode() + hidden)
        first = answer_of(client)
        assert b"HTTP/1.1 4" in first
        if b"connection: close" not in first.lower():
            client.sendall(b"GET /git/lapor.git/info/refs?service=git-upload-pack HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert b"HTTP/1.1 200" in answer_of(client)
    assert b"smuggled" not in gunicorn.log.read_bytes()


def answer_of(client: socket.socket) -> bytes:
    """One answer that says its length."""
    told = b""
    while b"\r\n\r\n" not in told and (chunk := client.recv(65536)):
        told += chunk
    head, _end, body = told.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split()[0] or 0) if b"ength: " in head else 0
    while len(body) < length and (chunk := client.recv(65536)):
        body += chunk
    return head


def test_a_database_connection_is_not_held_while_git_works(world: World, gunicorn: Served, large: str) -> None:
    """Who waits for a pack, or takes one slowly, must not use up the pool that every page needs."""
    with ExitStack() as held:
        for _ in range(3):
            held.enter_context(asked(gunicorn, large))
        assert until(lambda: len(packs_of(gunicorn, recursive=False)) == 3), "each has a git of its own"
        assert idle_in_transaction(world) == 0


def idle_in_transaction(world: World) -> int:
    with world.app.app_context():
        wanted = text("select count(*) from pg_stat_activity where state = 'idle in transaction'")
        return int(db.session.execute(wanted).scalar_one())
