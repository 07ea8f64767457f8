"""Changes of a plugin while fifty people use it: nobody is turned away, and nobody meets a half-done revision."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from ..conftest import Push
from ..stack import Stack
from ..web import Client

pytestmark = pytest.mark.sandbox
RAMAI = "/api/v1/deployments/ramai.bontang"
PEOPLE = 50
THOUGHT = 0.2
"""Seconds between a person's requests: together they ask 250 times a second at most, which any moment of a change
meets, and leave the rest of the suite some processor.
"""


@dataclass
class Crowd:
    """What fifty people who ask again and again were answered: ``editions`` in the order of their requests."""

    failed: list[str] = field(default_factory=list)
    editions: list[tuple[float, str, str]] = field(default_factory=list)

    def ask(self, plugin: Client, over: threading.Event) -> None:
        while not over.is_set():
            time.sleep(THOUGHT)
            began = time.monotonic()
            try:
                answer = plugin.get("/")
            except OSError as error:
                self.failed.append(repr(error))
                continue
            if answer.status != 200:
                self.failed.append(f"{answer.status} {answer.text[:100]}")
                continue
            self.editions.append((began, answer.json["edition"], answer.json["data"]))

    def served(self) -> set[str]:
        return {edition for _began, edition, _data in self.editions}


@contextmanager
def crowd(plugin: Client) -> Iterator[Crowd]:
    """People who ask from before the block until after it."""
    found, over = Crowd(), threading.Event()
    people = [threading.Thread(target=found.ask, args=(plugin, over)) for _ in range(PEOPLE)]
    for one in people:
        one.start()
    try:
        time.sleep(0.5)
        yield found
        time.sleep(0.5)
    finally:
        over.set()
        for one in people:
            one.join()


@pytest.fixture(scope="module")
def plugin(stack: Stack, bontang: Client, fork: str) -> Client:
    asked = bontang.post("/api/v1/deployments", {"city": "bontang", "app": "buku", "name": "ramai"})
    assert bontang.wait_job(asked.json)["state"] == "done"
    plugin = stack.plugin("ramai")
    plugin.post("/", b"a-line-that-stays")
    return plugin


def change(bontang: Client, act: str, body: dict[str, object]) -> dict[str, object]:
    asked = bontang.post(f"{RAMAI}/{act}", body)
    assert asked.status == 202, asked.text
    return bontang.wait_job(asked.json)


def test_an_upgrade_turns_nobody_away(bontang: Client, plugin: Client, push: Push) -> None:
    commit = push("ramai-dua", slow=1.0)
    with crowd(plugin) as found:
        assert change(bontang, "upgrade", {"ref": commit})["state"] == "done"
    assert found.failed == []
    assert found.editions[-1][1:] == ("ramai-dua", "ramai-dua")
    assert all(edition == data for _began, edition, data in found.editions), "nobody met a half-done revision"
    assert plugin.get("/").json["rows"] == ["a-line-that-stays"]


def test_a_broken_upgrade_turns_nobody_away_and_changes_no_byte(bontang: Client, plugin: Client, push: Push) -> None:
    before, commit = plugin.get("/").json, push("ramai-rusak", slow=1.0, broken=True)
    with crowd(plugin) as found:
        ended = change(bontang, "upgrade", {"ref": commit})
    assert ended["state"] == "failed"
    assert found.failed == []
    assert found.served() == {before["edition"]}
    assert plugin.get("/").json["digest"] == before["digest"]
    push("ramai-pulih")  # the fork is the other chapters' too


def test_going_back_turns_nobody_away(bontang: Client, plugin: Client) -> None:
    with crowd(plugin) as found:
        assert change(bontang, "rollback", {"revision": 1, "with_data": True})["state"] == "done"
    assert found.failed == []
    assert plugin.get("/").headers["X-Lumbung-Revision"] == "1"
