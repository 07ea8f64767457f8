"""Pinned, in maintenance, removed, under a host name of its own: what runs follows the tables."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from .bundles import hello
from .conftest import fresh_database, opened_house
from .house import House, get, sandboxes
from .support import ask, until


@pytest.fixture(scope="module")
def lasting(cluster: str, runtime: Path) -> Iterator[House]:
    with opened_house(fresh_database(cluster), runtime) as house:
        house.start(idle=1)
        yield house


@pytest.fixture
def running(lasting: House) -> Iterator[House]:
    yield lasting
    lasting.clear()


def test_a_pinned_plugin_is_awake_without_visitors_and_stays(running: House) -> None:
    lapor = running.deployed(hello("hai"))
    get(lapor)
    until(lambda: sandboxes(lapor) == [])
    running.tell("update deployments set pinned = true")
    until(lambda: running.state(lapor) == "running")
    until(lambda: len(sandboxes(lapor)) > 0)
    awake = sandboxes(lapor)
    get(lapor)
    time.sleep(2.5)
    assert sandboxes(lapor) == awake


def test_a_pinned_plugin_that_died_comes_back_by_itself(running: House) -> None:
    lapor = running.deployed(hello("hai"))
    running.tell("update deployments set pinned = true")
    get(lapor)
    first = until(lambda: sandboxes(lapor))
    for process in first:
        os.kill(process, signal.SIGKILL)
    until(lambda: sandboxes(lapor) and not set(sandboxes(lapor)) & set(first))
    assert running.row("select failures from deployments")["failures"] <= 1


def test_unpinned_it_leaves_again(running: House) -> None:
    lapor = running.deployed(hello("hai"))
    running.tell("update deployments set pinned = true")
    get(lapor)
    running.tell("update deployments set pinned = false")
    until(lambda: sandboxes(lapor) == [])
    assert get(lapor).text == "hai"


def test_in_maintenance_there_is_no_socket_and_the_state_says_why(running: House) -> None:
    lapor = running.deployed(hello("hai"))
    get(lapor)
    running.tell("update deployments set maintenance = 'Kembali pukul 10'")
    until(lambda: running.state(lapor) == "maintenance")
    until(lambda: sandboxes(lapor) == [])
    assert not lapor.place.exists()
    running.tell("update deployments set maintenance = ''")
    until(lapor.place.exists)
    assert get(lapor).text == "hai"


def test_a_revision_changed_in_maintenance_stays_closed(running: House) -> None:
    lapor = running.deployed(hello("old"))
    running.tell("update deployments set maintenance = 'sebentar'")
    until(lambda: not lapor.place.exists())
    assert running.settled(running.switch(lapor, running.revision(lapor, hello("new")))) == "committed"
    until(lambda: running.state(lapor) == "maintenance")
    assert not lapor.place.exists()
    running.tell("update deployments set maintenance = ''")
    until(lapor.place.exists)
    assert get(lapor).text == "new"


def test_a_removed_plugin_is_off_and_keeps_its_data(running: House) -> None:
    lapor = running.deployed(hello("hai"))
    running.tell("update deployments set removed_at = now()")
    until(lambda: not lapor.place.exists())
    assert lapor.paths.data.is_dir()


def test_a_verified_host_name_leads_to_the_plugin_and_an_unverified_one_nowhere(running: House) -> None:
    lapor = running.deployed(hello("hai"))
    name = "insert into domains (tenant_id, deployment_id, hostname, verified_at) values (1, %s, %s, "
    running.tell(name + "now())", lapor.id, "lapor.bontangkota.go.id")
    running.tell(name + "null)", lapor.id, "belum.bontangkota.go.id")
    running.tell(name + "now())", lapor.id, "../plugins/evil")
    folder = running.settings.run / "domains"
    link = folder / "lapor.bontangkota.go.id.sock"
    until(link.is_symlink)
    assert ask(link).text == "hai"
    assert [path.name for path in folder.iterdir()] == [link.name]
    running.tell("update domains set verified_at = null")
    until(lambda: not link.is_symlink())


def test_a_plugin_s_folder_to_the_host_is_made_before_it_starts(running: House) -> None:
    lapor = running.deployed(hello("hai"))
    outside = running.settings.outside(lapor.id)
    assert outside.is_dir()
    assert outside.stat().st_mode & 0o777 == 0o711
