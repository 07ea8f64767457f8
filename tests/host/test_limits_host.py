"""Limits through the whole host: the admin is told in plain words, and the neighbour goes on."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from registry.host import meter
from registry.hosting.plain import Limits

from .bundles import OBEDIENT, hello
from .house import Deployment, House, get
from .support import Answer, ask, until

SMALL = Limits(disk=20 * 2**20, files=200, request=1)


@pytest.fixture
def running(lasting: House) -> Iterator[House]:
    yield lasting
    lasting.clear()


def run(deployment: Deployment, code: str) -> Answer:
    return ask(deployment.place, "/", "POST", code)


def message(house: House, deployment: Deployment) -> str:
    return house.row("select coalesce(state_message, '') as m from deployments where id = %s", deployment.id)["m"]


def test_data_over_its_limit_can_only_be_read_until_there_is_room(running: House) -> None:
    neighbour = running.deployed(hello("hai"), name="antrian", city="tanjungpinang")
    lapor = running.deployed(OBEDIENT, limits=SMALL)
    run(lapor, "for n in range(3): open(f'/data/{n}', 'wb').write(bytes(9 * 2**20))")
    until(lambda: "can only be read" in message(running, lapor))
    tried = until(lambda: (answer := run(lapor, "open('/data/more', 'w')").json) and answer.get("errno") == 30, 20)
    assert tried
    assert run(lapor, "result = len(open('/data/0', 'rb').read())").json == 9 * 2**20, "reading goes on"
    assert get(neighbour).text == "hai"
    (lapor.paths.data / "1").unlink()
    until(lambda: message(running, lapor) == "", 60)
    assert until(lambda: run(lapor, "open('/data/more', 'w'); result = 'written'").json == "written")


def test_a_swarm_of_empty_files_is_stopped_too(running: House) -> None:
    lapor = running.deployed(OBEDIENT, limits=SMALL)
    with suppress(OSError, http.client.HTTPException):
        run(lapor, "for n in range(2000): open(f'/data/{n}', 'w').close()")
    until(lambda: "can only be read" in message(running, lapor))


def test_memory_over_the_limit_is_said_in_plain_words(running: House) -> None:
    neighbour = running.deployed(hello("hai"), name="antrian", city="tanjungpinang")
    lapor = running.deployed(OBEDIENT, limits=Limits(memory=64 * 2**20))
    assert get(lapor).status == 200
    with suppress(OSError, EOFError, http.client.HTTPException):
        run(lapor, "result = len(bytearray(b'x' * (300 * 2**20)))")
    until(lambda: "memory limit" in message(running, lapor))
    assert "lumbung.toml" in message(running, lapor), "and what to do"
    assert get(neighbour).text == "hai"
    assert until(lambda: get(lapor).text == "alive")


def test_a_stuck_plugin_gives_way_to_a_fresh_one_that_answers(running: House) -> None:
    lapor = running.deployed(OBEDIENT, limits=SMALL)
    assert get(lapor).status == 200

    def hang() -> None:
        with suppress(OSError, http.client.HTTPException):
            run(lapor, "import time; time.sleep(60)")

    visitors = [threading.Thread(target=hang) for _ in range(8)]
    for visitor in visitors:
        visitor.start()
    until(lambda: "took too long" in message(running, lapor), 30)
    for visitor in visitors:
        visitor.join()
    assert until(lambda: get(lapor).text == "alive")


SWELLING = """
import pathlib, os, time

def migrate():
    for n in range(100_000):
        (pathlib.Path(os.environ["DATA_DIR"]) / f"n{n}").touch()
        time.sleep(0.001)

def application(environ, start_response):
    start_response("200 OK", [])
    return [b"swelling"]
"""


def test_a_migration_that_fills_the_disk_is_ended_and_undone(running: House) -> None:
    lapor = running.deployed(hello("hai"), limits=SMALL)
    switch = running.switch(lapor, running.revision(lapor, SWELLING, migrate="app:migrate", limits=SMALL))
    assert running.settled(switch) == "reverted"
    assert "more than its limit" in running.row("select reason from switches where id = %s", switch)["reason"]
    assert len(list(lapor.paths.data.iterdir())) == 0
    assert get(lapor).text == "hai"


def test_figures_of_a_visit_reach_the_table(house: House) -> None:
    house.start()
    lapor = house.deployed(hello("hai"))
    for _ in range(5):
        get(lapor)
    time.sleep(meter.USE_SECONDS + 2 * meter.TURN_SECONDS)  # looked at once more: the first look may meet a beginning
    house.tell("update deployments set enabled = false")
    until(lambda: not lapor.place.exists())
    assert house.stop() == 0
    found = house.row(
        "select sum(requests) as requests, sum(wakes) as wakes, max(memory_bytes) as memory, max(disk_bytes) as disk,"
        " max(starts_ms) as starts from samples where deployment_id = %s", lapor.id,
    )  # fmt: skip
    assert (found["requests"], found["wakes"]) == (5, 1)
    assert found["memory"] > 2**20
    assert found["starts"] > 0
