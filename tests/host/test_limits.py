"""A plugin runs against each of its limits; its neighbour goes on answering."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.host import limits, logs, quota
from registry.host.shim import SIGN, STUCK
from registry.hosting.plain import Limits

from .bundles import OBEDIENT
from .support import BONTANG, TANJUNGPINANG, Plugin, Workshop, ask, until

SMALL = Limits(disk=20 * 2**20, files=500, processes=24, request=1, answer=2**20)

GREEDY = '''
"""Takes what its path names."""
import itertools, os, threading, time

def application(environ, start_response):
    word = environ["PATH_INFO"].strip("/")
    if word == "hang":
        time.sleep(60)
    if word == "body":
        environ["wsgi.input"].read(4)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return {"endless": endless, "drip": drip, "write": lambda: [b"w" * 2**21]}.get(word, lambda: [b"alive"])()

def endless():
    while True:
        yield b"x" * 10_000

def drip():
    for _ in range(30):
        time.sleep(0.1)
        yield b"."
'''


@pytest.fixture(scope="module")
def neighbour(workshop: Workshop) -> Plugin:
    return workshop.start(workshop.spec(OBEDIENT, TANJUNGPINANG))


@pytest.fixture(autouse=True)
def neighbour_answers(neighbour: Plugin) -> Iterator[None]:
    yield
    began = time.monotonic()
    assert neighbour.alive()
    assert time.monotonic() - began < 3


@pytest.fixture
def guest(workshop: Workshop) -> Iterator[Plugin]:
    guest = workshop.start(workshop.spec(OBEDIENT, BONTANG, limits=SMALL))
    yield guest
    guest.close()


@pytest.fixture
def greedy(workshop: Workshop) -> Iterator[Plugin]:
    greedy = workshop.start(workshop.spec(GREEDY, BONTANG, limits=SMALL))
    yield greedy
    greedy.close()


def watched(guest: Plugin) -> quota.Watch:
    """One look at what it takes, as the host looks."""
    look = quota.look(guest.spec.data, guest.sandbox.group.pids(), time.monotonic())
    return quota.after(quota.Watch(), look, guest.spec.limits)


def test_many_small_files_pass_the_limit_of_bytes(guest: Plugin) -> None:
    assert not watched(guest).read_only
    guest.run("for n in range(400): open(f'/data/{n}', 'wb').write(bytes(60_000))")
    assert watched(guest).read_only


def test_empty_files_pass_the_limit_of_files(guest: Plugin) -> None:
    guest.run("for n in range(520): open(f'/data/{n}', 'w').close()")
    seen = watched(guest)
    assert seen.last is not None
    assert seen.last.size < guest.spec.limits.disk / 2
    assert seen.read_only


def test_folders_too_deep_to_count_pass_it_too(guest: Plugin) -> None:
    guest.run("import os\nos.chdir('/data')\nfor n in range(300): os.mkdir('d' * 200); os.chdir('d' * 200)\nresult = 1")
    assert watched(guest).read_only


def test_a_sparse_file_counts_what_it_really_takes(guest: Plugin) -> None:
    guest.run("open('/data/s', 'w').close(); import os; os.truncate('/data/s', 19 * 2**20)")
    assert not watched(guest).read_only


def test_one_file_cannot_pass_the_limit_at_all(guest: Plugin) -> None:
    tried = guest.run("open('/data/big', 'wb').write(bytes(21 * 2**20))")
    assert tried["errno"] == 27
    assert (guest.spec.data / "big").stat().st_size <= guest.spec.limits.disk


def test_what_is_deleted_but_held_open_counts(guest: Plugin) -> None:
    guest.run(
        "import os, builtins\nbuiltins.kept = []\n"
        "for n in range(3):\n    f = open('/data/x', 'wb'); f.write(bytes(9 * 2**20)); f.flush()\n"
        "    os.unlink('/data/x'); builtins.kept.append(f)"
    )
    assert list(guest.spec.data.iterdir()) == []
    assert watched(guest).read_only


def test_descriptors_end_and_the_plugin_lives(guest: Plugin) -> None:
    taken = guest.run(
        "held = []\ntry:\n    while True: held.append(open('/dev/null'))\n"
        "except OSError as e: result = [len(held), e.errno]\nfor f in held: f.close()"
    )
    assert taken[0] <= 1024
    assert taken[1] == 24
    assert guest.alive()


def test_threads_end_and_are_counted(guest: Plugin) -> None:
    started = guest.run(
        "import threading, time\ncount = 0\ntry:\n    while count < 500:\n"
        "        threading.Thread(target=time.sleep, args=(60,), daemon=True).start(); count += 1\n"
        "except RuntimeError: pass\nresult = count"
    )
    assert started < SMALL.processes
    if guest.sandbox.group is not limits.NO_GROUP:
        assert guest.sandbox.group.use().tasks >= SMALL.processes, "the host sees that it is at its limit"


def test_a_plugin_at_its_limit_does_not_keep_its_next_revision_from_starting(workshop: Workshop) -> None:
    spec = workshop.spec(OBEDIENT, limits=Limits(processes=16))
    first = workshop.start(spec)
    if first.sandbox.group is limits.NO_GROUP:
        pytest.skip("no cgroups here")
    first.run("import threading, time\nfor _ in range(5): threading.Thread(target=time.sleep, args=(9,)).start()")
    second = workshop.start(spec)
    assert second.alive()
    second.close()
    first.close()


def test_a_process_ended_for_its_memory_is_counted(workshop: Workshop) -> None:
    guest = workshop.start(workshop.spec(OBEDIENT, limits=Limits(memory=64 * 2**20)))
    if guest.sandbox.group is limits.NO_GROUP:
        pytest.skip("no cgroups here")
    with pytest.raises((OSError, EOFError, http.client.HTTPException)):
        guest.run("result = len(bytearray(b'x' * (300 * 2**20)))")
    until(lambda: guest.sandbox.ended() is not None)
    assert guest.sandbox.group.use().killed > 0


def test_an_endless_answer_is_cut_and_noted(greedy: Plugin) -> None:
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        ask(greedy.place, "/endless")
    until(lambda: "answer cut: /endless" in greedy.output())
    assert greedy.alive()


def test_one_piece_larger_than_an_answer_may_be_is_not_sent(greedy: Plugin) -> None:
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        ask(greedy.place, "/write")


def test_a_request_that_takes_too_long_is_noted_by_its_path_alone(greedy: Plugin) -> None:
    assert ask(greedy.place, "/drip?nik=6474011203850002").text == "." * 30
    said = greedy.output()
    assert "slow request: /drip takes longer than 1 seconds" in said
    assert "6474011203850002" not in said


def test_hanging_requests_on_all_threads_end_the_sandbox_for_a_fresh_one(greedy: Plugin) -> None:
    def hang() -> None:
        with pytest.raises((OSError, http.client.HTTPException)):
            ask(greedy.place, "/hang", seconds=12)

    visitors = [threading.Thread(target=hang) for _ in range(8)]
    for visitor in visitors:
        visitor.start()
    assert until(greedy.sandbox.ended, 15) == STUCK
    for visitor in visitors:
        visitor.join()
    assert "stuck: every thread is held" in greedy.output()


def test_a_slow_visitor_is_not_the_plugin_s_fault(greedy: Plugin) -> None:
    connection = http.client.HTTPConnection("plugin")
    connection.sock = _connected(greedy)
    connection.putrequest("POST", "/body")
    connection.putheader("Content-Length", "4")
    connection.endheaders()
    time.sleep(2.5)
    connection.send(b"body")
    assert connection.getresponse().status == 200
    assert "slow request" not in greedy.output()


def _connected(plugin: Plugin) -> socket.socket:
    client = socket.socket(socket.AF_UNIX)
    client.connect(str(plugin.place))
    client.settimeout(10)
    return client


def test_figures_are_told_when_it_leaves(workshop: Workshop) -> None:
    guest = workshop.start(workshop.spec(OBEDIENT))
    for _ in range(3):
        guest.alive()
    guest.sandbox.ask_to_leave()
    until(lambda: guest.sandbox.ended() is not None)
    said = guest.output()
    assert f'{SIGN}stats {{"n":3,"e":0,"h":[' in said
    guest.close()


def test_a_flood_in_the_log_is_counted_not_kept(guest: Plugin, tmp_path: Path) -> None:
    log = logs.PluginLog(tmp_path / "plugin.log")
    flood = "import sys\nfor _ in range(3000): print('banjir ' * 100)\nresult = 'said'"
    flooding = threading.Thread(target=lambda: guest.run(flood))
    flooding.start()
    while flooding.is_alive():
        log.feed(guest.output().encode())
        time.sleep(0.001)
    log.feed(guest.output().encode())
    log.close()
    assert (tmp_path / "plugin.log").stat().st_size < 20 * logs.BYTES_PER_SECOND
    assert "lines dropped" in (tmp_path / "plugin.log").read_text()
