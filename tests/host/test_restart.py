"""SIGHUP: the host goes on as the program now on disk, and no plugin notices."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .bundles import counter, enough, hello
from .house import Deployment, House, get, is_warm, post, sandboxes
from .support import until

TALKING = """
import os, pathlib, time

def application(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        print("slow begins", flush=True)
        while not (pathlib.Path(os.environ["DATA_DIR"]) / "enough").exists():
            time.sleep(0.05)
        print("slow ends", flush=True)
    start_response("200 OK", [])
    return [b"done"]
"""


@pytest.fixture
def running(house: House) -> House:
    house.start()
    return house


def renew(house: House) -> None:
    """SIGHUP, and wait until the successor says that it has started."""
    before = started(house)
    os.kill(house.pid, signal.SIGHUP)
    until(lambda: started(house) > before, 30)


def started(house: House) -> int:
    return house.log.read_text().count('"host started"')


@contextmanager
def under_way(lapor: Deployment) -> Iterator[list[str]]:
    """A request is with the plugin until the block ends, and answered then."""
    answers: list[str] = []
    visitor = threading.Thread(target=lambda: answers.append(get(lapor, "/slow", seconds=90).text))
    visitor.start()
    until(lambda: "slow begins" in said(lapor))
    try:
        yield answers
    finally:
        enough(lapor.paths.data)
        visitor.join()


def said(lapor: Deployment) -> str:
    log = lapor.paths.plugin_log
    return log.read_text() if log.exists() else ""


def be_met_warm(lapor: Deployment) -> None:
    """Visited until it was woken by a zygote; what was started plainly leaves first."""

    def warm() -> bool:
        assert get(lapor).status == 200
        if is_warm(lapor):
            return True
        until(lambda: sandboxes(lapor) == [])
        return False

    until(warm, 40)


def test_nothing_running_notices_that_the_host_is_renewed(running: House) -> None:
    lapor = running.deployed(TALKING)
    get(lapor)
    process, before = running.pid, sandboxes(lapor)
    with under_way(lapor) as answers:
        renew(running)
    assert answers == ["done"], "a request under way is answered"
    assert sandboxes(lapor) == before, "by the same processes"
    assert running.pid == process
    assert get(lapor).text == "done"
    until(lambda: "slow ends" in lapor.paths.plugin_log.read_text())


def test_a_renewed_host_starts_and_stops_what_it_took_over(running: House) -> None:
    awake, asleep = running.deployed(hello("bangun"), "bangun"), running.deployed(hello("tidur"), "tidur")
    get(awake)
    renew(running)
    assert get(asleep).text == "tidur"
    running.tell("update deployments set enabled = false")
    until(lambda: sandboxes(awake) == [] and sandboxes(asleep) == [])
    assert not awake.place.exists()
    assert not asleep.place.exists()


def test_what_was_taken_over_still_leaves_for_want_of_visitors_and_wakes_again(house: House) -> None:
    house.start(idle=6)
    lapor = house.deployed(hello("hai"))
    get(lapor)
    renew(house)
    until(lambda: sandboxes(lapor) == [] and house.state(lapor) == "waiting")
    assert get(lapor).text == "hai"
    assert house.row("select failures from deployments")["failures"] == 0


def test_what_was_taken_over_ends_with_a_host_that_is_killed(running: House) -> None:
    lapor = running.deployed(hello("hai"))
    get(lapor)
    renew(running)
    running.kill()
    until(lambda: sandboxes(lapor) == [])


def test_warm_plugins_are_taken_over_too_and_end_with_their_host(house: House) -> None:
    house.be_warm()
    house.start(idle=1)
    lapor = house.deployed(TALKING)
    be_met_warm(lapor)
    with under_way(lapor) as answers:
        before = sandboxes(lapor)
        renew(house)
        assert sandboxes(lapor) == before
    assert answers == ["done"]
    until(lambda: sandboxes(lapor) == [] and house.state(lapor) == "waiting")
    be_met_warm(lapor)
    house.kill()
    until(lambda: sandboxes(lapor) == [])


def test_a_host_is_renewed_twice(running: House) -> None:
    lapor = running.deployed(hello("hai"))
    get(lapor)
    before = sandboxes(lapor)
    renew(running)
    renew(running)
    assert sandboxes(lapor) == before
    assert get(lapor).text == "hai"


def test_who_asks_again_while_the_programs_change_places_is_heard(running: House) -> None:
    lapor = running.deployed(hello("hai"))
    get(lapor)
    before, programs = sandboxes(lapor), started(running)
    os.kill(running.pid, signal.SIGHUP)
    until(lambda: waits_for_sighup(running.pid) or started(running) > programs, 30, 0.001)
    assert started(running) == programs, "its successor hears nothing yet"
    os.kill(running.pid, signal.SIGHUP)
    until(lambda: started(running) == programs + 2, 60)
    assert sandboxes(lapor) == before
    assert get(lapor).text == "hai"


def waits_for_sighup(process: int) -> bool:
    status = Path(f"/proc/{process}/status").read_text()
    blocked = int(status.partition("SigBlk:\t")[2].split()[0], 16)
    return bool(blocked & 1 << signal.SIGHUP - 1)


def test_a_switch_under_way_is_finished_first(running: House) -> None:
    lapor = running.deployed(counter("one"))
    post(lapor)
    slow = counter("two").replace("def migrate():", "def migrate():\n    import time; time.sleep(3)")
    switch = running.switch(lapor, running.revision(lapor, slow, migrate="app:migrate"))
    until(lambda: running.step(switch) == "migrating")
    renew(running)
    assert running.step(switch) == "committed"
    assert get(lapor).text == "two two 1"


def test_a_program_that_does_not_load_is_refused_and_the_old_one_goes_on(running: House) -> None:
    lapor = running.deployed(hello("hai"))
    get(lapor)
    before = sandboxes(lapor)
    running.break_program()
    os.kill(running.pid, signal.SIGHUP)
    until(lambda: "does not load" in running.log.read_text())
    assert sandboxes(lapor) == before
    assert get(lapor).text == "hai"


def test_a_program_that_does_not_understand_begins_anew_after_what_is_under_way(running: House) -> None:
    lapor = running.deployed(TALKING)
    get(lapor)
    process, before, programs = running.pid, sandboxes(lapor), started(running)
    with under_way(lapor) as answers:
        running.change_format()
        os.kill(running.pid, signal.SIGHUP)
        until(lambda: not lapor.place.exists())
    assert answers == ["done"]
    until(lambda: started(running) > programs)
    assert running.pid == process
    until(lapor.place.exists)
    assert get(lapor).text == "done"
    assert not set(sandboxes(lapor)) & set(before)


def test_nobody_is_refused_while_the_host_is_renewed(running: House) -> None:
    lapor = running.deployed(hello("hai"))
    answers: list[int] = []
    ends = threading.Event()

    def visit() -> None:
        while not ends.is_set():
            answers.append(get(lapor).status)

    visitors = [threading.Thread(target=visit) for _ in range(4)]
    for visitor in visitors:
        visitor.start()
    renew(running)
    ends.set()
    for visitor in visitors:
        visitor.join()
    assert set(answers) == {200}
