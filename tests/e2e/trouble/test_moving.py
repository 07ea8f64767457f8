"""The registry as a whole: renewed under load, backed up and restored, a city taken to another installation.

The first installation is left for good in here, so this comes last (conftest).
"""

from __future__ import annotations

import http.client
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.apart import free_port

from ..conftest import Git
from ..stack import Stack, until
from ..web import Client

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def plugin(stack: Stack, bontang: Client, fork: str) -> Client:
    """The guest book of Bontang with a line in it."""
    asked = bontang.post("/api/v1/deployments", {"city": "bontang", "app": "buku", "name": "pindah"})
    assert bontang.wait_job(asked.json)["state"] == "done"
    guest = stack.plugin("pindah")
    guest.post("/", b"sebelum-pindah")
    return guest


@contextmanager
def running(stack: Stack) -> Iterator[Stack]:
    try:
        stack.start()
        yield stack
        stack.stop()
    finally:
        stack.blackout()


def same(one: dict[str, Any], other: dict[str, Any]) -> None:
    """The plugin of two installations tells the same of itself and of its data."""
    for key in ("edition", "data", "digest", "rows", "salam"):
        assert one[key] == other[key]


def test_an_upgrade_of_lumbung_costs_no_request(stack: Stack, plugin: Client) -> None:
    before, refused, over = stack.pids(), [], threading.Event()

    def ask(client: Client) -> None:
        while not over.is_set():
            try:
                status = client.get("/healthz").status
            except (OSError, http.client.HTTPException) as error:
                status = str(error)
            if status != 200:
                refused.append((client.host, status))
            over.wait(0.02)

    clients = (stack.anyone, stack.plugin("lapor", "bandung"))
    threads = [threading.Thread(target=ask, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    try:
        done = stack.run("upgrade", "--data", str(stack.data))
        assert done.returncode == 0, done.stderr
        until(lambda: stack.pids()["web"] != before["web"], 30)
    finally:
        over.set()
        for thread in threads:
            thread.join()
    after = stack.pids()
    assert refused == []
    assert after["host"] == before["host"] and after["web"] != before["web"] and after["git"] != before["git"]


def test_a_plugins_request_under_way_survives_the_hosts_renewal(stack: Stack, plugin: Client) -> None:
    """Its body arrives in two parts, one before and one after."""
    log = stack.data / "log" / "host.log"
    started = log.read_text().count('"host started"')
    host = f"{plugin.host}:{plugin.port}"
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=120)
    connection.putrequest("POST", "/", skip_host=True)
    connection.putheader("Host", host)
    connection.putheader("Content-Length", str(3 * 2**20))
    connection.endheaders(b"x" * (5 * 2**19))
    os.kill(stack.pids()["host"], signal.SIGHUP)
    until(lambda: log.read_text().count('"host started"') > started, 45)
    connection.send(b"x" * 2**19)
    assert connection.getresponse().status == 200


def test_a_program_that_does_not_start_changes_nothing(stack: Stack, plugin: Client) -> None:
    """The new web is refused by a broken setting of its own, so the old one goes on."""
    before = stack.pids()
    broken = stack.data / "secrets" / "session.key"
    kept = broken.read_bytes()
    broken.unlink()
    broken.mkdir()
    try:
        done = stack.run("upgrade", "--data", str(stack.data))
        assert done.returncode == 1 and "web does not start" in done.stderr, done.stderr
        assert stack.pids()["web"] == before["web"] and stack.anyone.get("/healthz").status == 200
    finally:
        broken.rmdir()
        broken.write_bytes(kept)


@dataclass(frozen=True)
class Before:
    """What the installation told of itself before it was left."""

    plugin: dict[str, Any]
    names: list[str]
    archive: Path
    backup: Path
    key: Path
    stack: Stack


@pytest.fixture(scope="module")
def before(stack: Stack, plugin: Client, place: Path) -> Before:
    """Bontang's archive and a backup of everything are made while it runs; then it is stopped: two installations on one
    machine would share the plugins' users and their limits (docs/security.md).
    """
    told = Before(
        plugin.get("/").json,
        names_of(stack.person("admin@bontang.example")),
        place / "bontang.tar.gz",
        place / "cadangan",
        place / "kunci",
        stack,
    )
    made = stack.run("export", "bontang", str(told.archive))
    assert told.archive.exists() and "plugins/pindah" not in made.stderr, made.stderr  # a hostile one's traps stay
    made = stack.run("backup", "--to", str(told.backup))
    assert made.returncode == 0, made.stderr
    assert stack.run("backup", "--to", str(told.backup), "--verify").returncode == 0
    told.key.write_text(stack.run("backup", "--key").stdout)
    stack.stop()
    return told


def names_of(admin: Client) -> list[str]:
    return [one["name"] for one in admin.get("/api/v1/deployments?city=bontang").json["items"]]


class TestDrill:
    """Backed up while it runs, restored into an empty folder, started there."""

    @pytest.fixture(scope="class")
    def restored(self, before: Before, place: Path) -> Iterator[Stack]:
        elsewhere = Stack(place / "r", free_port(), demo=False)
        named = ("--data", str(elsewhere.data), "--key-file", str(before.key))
        done = elsewhere.run("restore", str(before.backup), *named)
        assert done.returncode == 0, done.stderr
        elsewhere.borrow(before.stack)
        with running(elsewhere):
            yield elsewhere

    def test_a_restored_registry_has_the_same_people_pages_and_data(self, restored: Stack, before: Before) -> None:
        assert names_of(restored.person("admin@bontang.example")) == before.names
        assert restored.anyone.get("/apps/buku/").status == 200
        until(lambda: restored.plugin("pindah").get("/").status == 200, 60, 0.2)
        same(before.plugin, restored.plugin("pindah").get("/").json)

    def test_its_repositories_are_whole_and_clone(self, restored: Stack, git: Git, place: Path) -> None:
        for repository in (restored.data / "git").rglob("*.git"):
            assert git("--git-dir", str(repository), "fsck", "--no-dangling").returncode == 0, repository
        cloned = git("clone", "-q", f"{restored.origin}/git/bontang/buku.git", str(place / "klon-pulih"))
        assert cloned.returncode == 0, cloned.stderr

    def test_it_goes_on_working(self, restored: Stack) -> None:
        admin = restored.person("admin@bontang.example")
        job = admin.patch("/api/v1/deployments/pindah.bontang", {"config": {"salam": "Pulih"}})
        assert job.status == 200, job.text
        until(lambda: b'"Pulih"' in restored.plugin("pindah").get("/").body, 60, 0.3)


class TestMove:
    """Bontang's archive imported by an installation that has nothing: no city, no app."""

    @pytest.fixture(scope="class")
    def moved(self, before: Before, place: Path) -> Iterator[Stack]:
        # Programs act for the admin, whose city is no demo there: a person would set up a second factor first.
        elsewhere = Stack(place / "m", free_port(), demo=False, second_factor="offered")
        elsewhere.borrow(before.stack)
        with running(elsewhere):
            brought = elsewhere.run("import", str(before.archive))
            assert "pindah: in place" in brought.stdout, brought.stdout + brought.stderr
            words = next(line for line in brought.stdout.splitlines() if "admin@bontang.example" in line).split()
            elsewhere.people["admin"] = elsewhere.anyone.signed_in("admin@bontang.example", words[-1])
            yield elsewhere

    def test_its_plugin_is_off_until_switched_on_and_has_its_data(self, moved: Stack, before: Before) -> None:
        admin = moved.people["admin"]
        assert moved.plugin("pindah").get("/").status == 503
        assert admin.patch("/api/v1/deployments/pindah.bontang", {"enabled": True}).status == 200
        until(lambda: moved.plugin("pindah").get("/").status == 200, 60, 0.2)
        same(before.plugin, moved.plugin("pindah").get("/").json)
        assert moved.anyone.get("/apps/buku/").status == 200
