"""What the host does besides running plugins: copies, drills, tasks, removal."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from .bundles import counter, enough, hello
from .house import Deployment, House, get, post, sandboxes
from .support import until

WORKER = """
import os, pathlib, sqlite3, sys, time
DATA = pathlib.Path(os.environ["DATA_DIR"])

def remind():
    (DATA / "reminded").write_text("yes")
    print("three people reminded")

def fail():
    raise RuntimeError("no such table")

def long():
    while not (DATA / "enough").exists():
        time.sleep(0.1)

def application(environ, start_response):
    with sqlite3.connect(DATA / "data.sqlite3") as database:
        database.execute("create table if not exists visits (at text)")
        database.execute("insert into visits values ('now')")
        count = database.execute("select count(*) from visits").fetchone()[0]
    start_response("200 OK", [])
    return [str(count).encode()]
"""


@pytest.fixture
def running(lasting: House) -> Iterator[House]:
    yield lasting
    lasting.clear()


def incoming(deployment: Deployment, name: str = "1") -> Path:
    """A copy of the data as a backup would bring it back."""
    folder = deployment.paths.home / "incoming" / name
    shutil.copytree(deployment.paths.data, folder)
    return folder


def test_a_copy_holds_the_data_and_says_how_much(running: House) -> None:
    lapor = running.deployed(counter("one"))
    post(lapor)
    result = running.done(lapor, "copy", folder="copies/7")
    copied = lapor.paths.copy(7)
    assert (copied / "count").read_text() == "1"
    assert result["files"] == 1
    assert result["revision"] == 1
    assert (copied / "count").stat().st_uid == running.settings.data.stat().st_uid


def test_a_copy_wakes_nobody(running: House) -> None:
    lapor = running.deployed(hello("hai"))
    running.tell("update deployments set enabled = false")
    until(lambda: sandboxes(lapor) == [])
    running.done(lapor, "copy", folder="copies/1")
    assert sandboxes(lapor) == []


def test_visitors_during_a_copy_wait_and_none_is_refused(running: House) -> None:
    lapor = running.deployed(counter("one"))
    post(lapor)
    answers: list[str] = []
    ends = threading.Event()

    def visit() -> None:
        while not ends.is_set():
            answers.append(get(lapor).text)

    visitor = threading.Thread(target=visit)
    visitor.start()
    running.done(lapor, "copy", folder="copies/1")
    seen = len(answers)
    until(lambda: len(answers) > seen)
    ends.set()
    visitor.join()
    assert set(answers) == {"one - 1"}


@pytest.mark.parametrize("folder", ["../1/data", "copies/../../1", "/etc", "snapshots/1", "data", ""])
def test_a_copy_goes_nowhere_else(running: House, folder: str) -> None:
    lapor = running.deployed(hello("hai"))
    row = running.returned(running.errand(lapor, "copy", folder=folder))
    assert row["state"] == "failed"
    assert get(lapor).text == "hai"


def test_a_drill_starts_the_revision_on_a_scratch_copy_and_touches_nothing(running: House) -> None:
    lapor = running.deployed(WORKER)
    get(lapor)
    folder = incoming(lapor)
    before = (lapor.paths.data / "data.sqlite3").read_bytes()
    result = running.done(lapor, "drill", folder="incoming/1", revision=1)
    assert result["healthy"] is True
    assert result["integrity"] == "ok"
    assert result["files"] == 1
    assert (lapor.paths.data / "data.sqlite3").read_bytes() == before
    with sqlite3.connect(folder / "data.sqlite3") as scratch:
        visits = scratch.execute("select count(*) from visits").fetchone()[0]
    assert visits > int(get(lapor).text) - 1, "the health check was answered from the copy"


def test_a_damaged_backup_is_found_out(running: House) -> None:
    lapor = running.deployed(WORKER)
    get(lapor)
    folder = incoming(lapor)
    with (folder / "data.sqlite3").open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(4096))
    row = running.returned(running.errand(lapor, "drill", folder="incoming/1", revision=1))
    assert row["state"] == "done"
    assert row["result"]["integrity"] != "ok"
    assert "damaged" in row["message"]


def test_an_app_that_is_not_well_with_a_backup_is_told(running: House) -> None:
    lapor = running.deployed(hello("hai"))
    bad = running.revision(lapor, "raise RuntimeError('needs another table')")
    incoming(lapor)
    row = running.returned(running.errand(lapor, "drill", folder="incoming/1", revision=bad))
    assert row["result"]["healthy"] is False
    assert "not well" in row["message"]
    assert get(lapor).text == "hai"


def test_a_drill_without_its_data_is_refused(running: House) -> None:
    lapor = running.deployed(hello("hai"))
    row = running.returned(running.errand(lapor, "drill", folder="incoming/9", revision=1))
    assert (row["state"], row["result"]) == ("failed", {})
    assert "not there" in row["message"]


def test_a_task_runs_beside_the_plugin_on_its_data(running: House) -> None:
    lapor = running.deployed(WORKER)
    get(lapor)
    before = sandboxes(lapor)
    result = running.done(lapor, "task", call="app:remind", name="remind")
    assert result["exit"] == 0
    assert "three people reminded" in result["tail"]
    assert (lapor.paths.data / "reminded").read_text() == "yes"
    assert sandboxes(lapor) == before, "the plugin went on meanwhile"


def test_a_failing_task_says_so(running: House) -> None:
    lapor = running.deployed(WORKER)
    row = running.returned(running.errand(lapor, "task", call="app:fail"))
    assert row["result"]["exit"] != 0
    assert "no such table" in row["result"]["tail"]
    assert "ended with an error" in row["message"]


def test_a_task_that_takes_too_long_is_ended(running: House) -> None:
    lapor = running.deployed(WORKER)
    row = running.returned(running.errand(lapor, "task", call="app:long", seconds=2))
    assert row["result"]["exit"] is None
    assert "2 seconds" in row["message"]
    get(lapor)
    until(lambda: len(sandboxes(lapor)) <= 2)


def test_a_plugin_that_is_off_does_no_tasks(running: House) -> None:
    lapor = running.deployed(WORKER)
    running.tell("update deployments set enabled = false")
    row = running.returned(running.errand(lapor, "task", call="app:remind"))
    assert row["state"] == "failed"
    assert not (lapor.paths.data / "reminded").exists()


def test_only_a_plugin_that_is_off_can_be_purged(running: House) -> None:
    lapor = running.deployed(counter("one"))
    post(lapor)
    assert running.returned(running.errand(lapor, "purge"))["state"] == "failed"
    assert get(lapor).text == "one - 1"
    running.tell("update deployments set removed_at = now()")
    running.done(lapor, "purge")
    assert not lapor.paths.home.exists()
    assert not lapor.place.exists()
    assert not running.settings.outside(lapor.id).exists()
    assert sandboxes(lapor) == []


def test_a_long_task_keeps_no_other_city_waiting(house: House) -> None:
    house.start()
    busy = [house.deployed(WORKER, f"p{number}") for number in range(5)]
    errands = [house.errand(one, "task", call="app:long", seconds=300) for one in busy]
    until(lambda: house.row("select count(*) as n from errands where state = 'running'")["n"])
    other = house.deployed(counter("one"), city="tanjungpinang")
    assert get(other).status == 200
    assert house.row("select count(*) as n from errands where state = 'done'")["n"] == 0
    for one in busy:
        enough(one.paths.data)
    assert {house.returned(one)["state"] for one in errands} == {"done"}
