"""The gateway as a process: one per data folder, patient with its database, gone in order."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from registry.config import REPOSITORY
from registry.connect.rules import Wish
from tests.connect.conftest import WISHES
from tests.connect.gateway import Names, ask, dial, running, until


def start(settings) -> subprocess.Popen[bytes]:
    env = {**os.environ, "LUMBUNG_DATA": str(settings.data), "DATABASE_URL": settings.database_url}
    command = [sys.executable, "-m", "registry", "gateway"]
    return subprocess.Popen(command, env=env, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


@pytest.fixture
def process(settings, deploy):
    found = start(settings)
    yield found
    if found.poll() is None:
        found.terminate()  # its sockets go with it
    found.wait(15)


def test_it_serves_follows_the_tables_and_leaves_when_asked(process, settings, deploy):
    papan = settings.outside(deploy(**WISHES)) / "host.sock"
    until(papan.exists, 30)
    assert ask(papan, "GET", "/tenant").json["plugin"]["name"] == "papan"
    lapor = settings.outside(deploy("lapor")) / "host.sock"
    until(lapor.exists, 30)
    assert ask(lapor, "GET", "/tenant").json["plugin"]["name"] == "lapor"
    second = start(settings)
    assert second.wait(30) == 1, "one gateway per data folder"
    process.terminate()
    assert process.wait(15) == 0
    assert not papan.exists() and not lapor.exists()


def test_after_a_kill_the_next_one_takes_the_sockets_over(process, settings, deploy):
    papan = settings.outside(deploy(**WISHES)) / "host.sock"
    until(papan.exists, 30)
    process.kill()
    process.wait(10)
    with pytest.raises(ConnectionRefusedError):
        dial(papan)
    second = start(settings)
    try:
        until(lambda: answers(papan), 30)
    finally:
        second.terminate()
        assert second.wait(15) == 0


@pytest.fixture
def papan(deploy):
    return deploy(**WISHES)


def test_it_carries_what_it_needs_for_all_it_may_be_asked(papan, process, settings, decide):
    decide(Wish("mail"))
    host = settings.outside(papan) / "host.sock"
    until(host.exists, 30)
    letter = {"to": ["warga@bontang.example"], "subject": "Laporan Anda", "text": "Sudah selesai."}
    assert ask(host, "GET", "/tenant").json["units"] == []
    assert len(ask(host, "GET", "/grants").json["items"]) == 3
    assert ask(host, "POST", "/mail", letter).json["sent"] == 1
    assert ask(host, "POST", "/kpi", [{"name": "baru", "value": 3}]).json == {"kept": 1}
    assert ask(host, "GET", "/siblings/simtaru/zoning.read/x").json["code"] == "not-granted"
    assert "Kirim JSON" in ask(host, "POST", "/kpi", b"nonsense").json["detail"], "in the city's language"


def answers(place) -> bool:
    try:
        return ask(place, "GET", "/tenant").status == 200
    except OSError:
        return False


def test_while_the_database_is_away_it_says_so_and_goes_on(app, settings, deploy, cluster):
    papan = settings.outside(deploy(**WISHES)) / "host.sock"
    with running(app, settings, Names()):
        until(papan.exists)
        assert ask(papan, "GET", "/tenant").status == 200
        cluster.stop()
        try:
            answer = ask(papan, "GET", "/tenant")
            assert answer.status == 503 and answer.json["code"] == "unavailable" and answer.headers["retry-after"]
        finally:
            cluster.start()
        until(lambda: ask(papan, "GET", "/tenant").status == 200)
