"""A city deploys a hostile app: what it tries gets nowhere, and its neighbours do not notice."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest

from tests.host.test_hostile import CALL, REFUSED

from ..stack import Stack
from ..web import Client

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.usefixtures("neighbours_answer"),
]
FORBIDDEN = ("OSError", "PermissionError", "ConnectionRefusedError", "FileNotFoundError", "ProcessLookupError")


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


WAYS_OUT = {
    "UDP": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('1.1.1.1', 53))",
    "a question to a name server of its own": (
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'\\0\\1\\1\\0\\0\\1' + bytes(6) "
        "+ b'\\6rahasia\\7example\\0\\0\\1\\0\\1', ('8.8.8.8', 53))"
    ),
    "multicast": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('224.0.0.251', 5353))",
    "ICMP": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP).sendto(bytes(8), ('1.1.1.1', 0))",
    "raw ICMP": "socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)",
    "IPv6": "socket.create_connection(('2606:4700:4700::1111', 443), 2)",
    "UDP by IPv6": "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendto(b'x', ('2606:4700:4700::1111', 53))",
    "metadata by IPv6": "socket.create_connection(('fd00:ec2::254', 80), 2)",
    "metadata mapped": "socket.create_connection(('::ffff:169.254.169.254', 80), 2)",
    "packets": "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
}


@pytest.mark.parametrize("knock", WAYS_OUT.values(), ids=WAYS_OUT)
def test_no_other_way_leads_out(guest: Client, knock: str) -> None:
    assert tried(guest, f"import socket; {knock}; result = 'out'")["error"] in FORBIDDEN


def test_abstract_sockets_and_ports_of_the_machine_are_not_its_own(guest: Client) -> None:
    with socket.socket(socket.AF_UNIX) as named, socket.create_server(("127.0.0.1", 0)) as server:
        named.bind("\0lumbung-e2e")
        named.listen()
        knock = "import socket; socket.socket(socket.AF_UNIX).connect('\\0lumbung-e2e'); result = 'in'"
        assert tried(guest, knock)["error"] == "ConnectionRefusedError"
        knock = f"import socket; socket.create_connection(('127.0.0.1', {server.getsockname()[1]}), 2); result = 'in'"
        assert tried(guest, knock)["error"] == "ConnectionRefusedError"


SQUAT = """
import builtins, os, socket
builtins.squat = []
for family, address in PLACES:
    one = socket.socket(family)
    try:
        one.bind(address); one.listen(); builtins.squat.append(one)
    except OSError:
        pass
"""


def test_squatting_on_the_places_of_others_takes_nothing_from_them(guest: Client, stack: Stack) -> None:
    paths = [stack.data / "run" / name for name in ("web.sock", "plugins/bandung/lapor.sock", "plugins/bontang/x.sock")]
    places: list[tuple[int, object]] = [(2, ("0.0.0.0", stack.port)), (1, "\0lumbung"), *((1, str(p)) for p in paths)]
    assert tried(guest, SQUAT.replace("PLACES", repr(places))) is None
    assert not paths[-1].exists()
    assert guest.get("/").text == "alive"
    assert tried(guest, "[one.close() for one in squat]") is None


SHARED = """
import ctypes
c = ctypes.CDLL(None)
open("/dev/shm/nakal", "w").close()
result = [c.shmget(0x4c554d42, 4096, 0o1666), c.msgget(0x4c554d42, 0o1666), c.semget(0x4c554d42, 1, 0o1666)]
"""


def test_shared_memory_is_shared_with_nobody(guest: Client) -> None:
    tried(guest, SHARED)
    for kind in ("shm", "msg", "sem"):
        assert str(0x4C554D42) not in Path(f"/proc/sysvipc/{kind}").read_text()
    assert not Path("/dev/shm/nakal").exists()
    theirs = Path("/dev/shm/lumbung-e2e")
    theirs.touch()
    try:
        assert "lumbung-e2e" not in tried(guest, "import os; result = os.listdir('/dev/shm')")
    finally:
        theirs.unlink()


def test_its_own_code_cannot_be_changed_for_other_cities(guest: Client) -> None:
    for path in ("/app/nakal.py", "/env/bin/python", "/lumbung/main.py", "/etc/passwd"):
        assert tried(guest, f"open({path!r}, 'a'); result = 'in'")["error"] in ("OSError", "PermissionError")


def test_nothing_open_leads_out_of_its_house(guest: Client) -> None:
    links = "import os\nresult = []\nfor n in os.listdir('/proc/self/fd'):\n"
    found = tried(guest, links + "    try: result.append(os.readlink('/proc/self/fd/' + n))\n    except OSError: pass")
    assert found
    kinds = ("socket:", "pipe:", "anon_inode:", "/dev/null", "/dev/urandom", "/proc/", "/data", "/memfd:")
    assert [link for link in found if not link.startswith(kinds)] == []


def test_names_around_it_tell_of_nobody(guest: Client, stack: Stack) -> None:
    listing = "import os; result = [n for d in ('/', '/data/..', '/app/..', '/tmp', '/run', '/home', '/root', '/etc')"
    names = set(tried(guest, listing + " if os.access(d, os.R_OK) for n in os.listdir(d)]"))
    assert not names & {*stack.data.parts[1:], "shadow", ".ssh", ".env", "lapor", "bandung"} - {"tmp", "dev"}


def test_no_process_of_the_house_hears_its_signals(guest: Client, stack: Stack) -> None:
    before = stack.pids()
    for pid in (*before.values(), stack.process.pid):
        assert tried(guest, f"import os; os.kill({pid}, 9); result = 'sent'")["error"] == "ProcessLookupError"
    assert tried(guest, "import os; os.kill(-1, 9); result = 'sent'")["error"] == "ProcessLookupError"
    assert stack.pids() == before


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of x86_64")
def test_dangerous_system_calls_are_refused_in_a_deployment_too(guest: Client) -> None:
    answers = {name: tried(guest, CALL.format(arguments)) for name, arguments in REFUSED.items()}
    assert {name: answer for name, answer in answers.items() if answer[0] != -1 or answer[1] not in (1, 38)} == {}


SETUID = """
import glob, os, stat, subprocess
result = []
for path in glob.glob("/usr/bin/*") + glob.glob("/usr/sbin/*"):
    if os.lstat(path).st_mode & stat.S_ISUID and len(result) < 5 and os.access(path, os.X_OK):
        one = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        result.append(open(f"/proc/{one.pid}/status").read().partition("Uid:")[2].split()[:4])
        one.kill(); one.wait()
"""


def test_programs_of_root_run_as_the_plugin(guest: Client) -> None:
    own = str(tried(guest, "import os; result = os.getuid()"))
    assert own != "0"
    ran = tried(guest, SETUID)
    assert isinstance(ran, list), ran
    assert [ids for ids in ran if set(ids) != {own}] == []
    assert tried(guest, "import os; os.setuid(0); result = 'root'")["error"] in FORBIDDEN
