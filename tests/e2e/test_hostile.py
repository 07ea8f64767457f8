"""A city deploys a hostile app: what it tries gets nowhere, and its neighbours do not notice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .stack import Stack
from .web import Client

pytestmark = [pytest.mark.xdist_group("e2e"), pytest.mark.sandbox]


@pytest.fixture(scope="module")
def guest(stack: Stack, bontang: Client, nakal: str) -> Client:
    """The hostile app, forked and deployed by Bontang like any other."""
    assert bontang.post("/api/v1/forks", {"app": nakal}).status == 201
    job = bontang.wait_job(bontang.post("/api/v1/deployments", {"city": "bontang", "app": nakal}).json)
    assert job["state"] == "done", job
    return stack.plugin(nakal)


@pytest.fixture(autouse=True)
def neighbours_answer(stack: Stack) -> Iterator[None]:
    yield
    assert stack.plugin("lapor", "bandung").get("/healthz").status == 200
    assert stack.anyone.get("/readyz").status == 200
    assert stack.anyone.get("/").status == 200


def tried(guest: Client, code: str) -> Any:
    """What came of ``code`` inside of the plugin: its `result`, or ``{"error": …}``."""
    answer = guest.post("/", code.encode())
    assert answer.status == 200, answer.text
    return answer.json


def reads(guest: Client, path: object) -> Any:
    return tried(guest, f"result = open({str(path)!r}, 'rb').read(200).decode('latin-1')")


def test_the_neighbour_s_data_is_not_there(guest: Client, stack: Stack) -> None:
    secrets = [path for path in stack.data.glob("deployments/*/data/*") if path.is_file()]
    assert secrets, "the neighbour has data"
    for path in secrets:
        assert reads(guest, path)["error"] == "FileNotFoundError"
    assert tried(guest, "import os; result = os.listdir('/proc/1/root') == os.listdir('/')") is True


@pytest.mark.parametrize("name", ["", "secrets", "secrets/master.key", "run", "run/web.sock", "postgres", "git", "log"])
def test_the_registry_s_files_are_not_there(guest: Client, stack: Stack, name: str) -> None:
    assert (stack.data / name).exists()
    assert tried(guest, f"import os; result = os.path.exists({str(stack.data / name)!r})") is False


def test_no_environment_tells_the_registry_s_secrets(guest: Client, stack: Stack) -> None:
    found = tried(guest, "import glob; result = ''.join(open(p).read() for p in glob.glob('/proc/*/environ'))")
    told = tried(guest, "import os; result = str(os.environ)")
    assert "DATA_DIR" in told
    for secret in ("postgresql", "LUMBUNG_DATA", stack.password, str(stack.data), "HOME=/root"):
        assert secret not in told + str(found), secret


@pytest.mark.parametrize("name", ["web.sock", "git.sock", "pg/.s.PGSQL.5432", "plugins/bandung/lapor.sock"])
def test_no_socket_of_the_house_can_be_reached(guest: Client, stack: Stack, name: str) -> None:
    path = stack.data / "run" / name
    assert path.exists()
    knock = f"import socket; socket.socket(socket.AF_UNIX).connect({str(path)!r}); result = 'in'"
    assert tried(guest, knock)["error"] == "FileNotFoundError"


def test_the_network_is_out_of_reach(guest: Client, stack: Stack) -> None:
    for address in (("127.0.0.1", stack.port), ("1.1.1.1", 53), ("169.254.169.254", 80)):
        knock = f"import socket; socket.create_connection({address!r}, 2); result = 'in'"
        assert tried(guest, knock)["error"] in ("OSError", "ConnectionRefusedError"), address
    assert tried(guest, "import socket; socket.getaddrinfo('pypi.org', 443); result = 'in'")["error"] == "gaierror"


def test_its_own_code_cannot_be_changed_for_other_cities(guest: Client) -> None:
    for path in ("/app/nakal.py", "/env/bin/python", "/lumbung/main.py", "/etc/passwd"):
        assert tried(guest, f"open({path!r}, 'a'); result = 'in'")["error"] in ("OSError", "PermissionError")


BOMB = """
import os, time
result = 0
try:
    while result < 400:
        if os.fork() == 0:
            time.sleep(20)
            os._exit(0)
        result += 1
except OSError:
    pass
"""
HOG = "result = len(bytearray(b'x' * (400 * 2**20)))"
FLOOD = "print('x' * 2**20, flush=True); result = 'said'"


def test_a_fork_bomb_is_bounded(guest: Client) -> None:
    assert tried(guest, BOMB) < 24


def test_a_flood_of_words_is_bounded(guest: Client, stack: Stack) -> None:
    for _ in range(3):
        assert tried(guest, FLOOD) == "said"
    logs = sum(path.stat().st_size for path in stack.data.glob("deployments/*/log/*"))
    assert logs < 3 * 2**20


def test_memory_beyond_its_share_ends_the_plugin_alone(guest: Client) -> None:
    answer = guest.post("/", HOG.encode())
    assert answer.status in (200, 502, 503)
    assert answer.status != 200 or answer.json["error"] == "MemoryError"
    assert guest.get("/").text == "alive", "it was started afresh"
