"""What a hostile plugin tries, started plainly and warm, and that its neighbour goes on answering."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from registry.host import data
from registry.hosting.plain import FIRST_UID, DeploymentPaths, Limits

from .bundles import OBEDIENT
from .support import BONTANG, TANJUNGPINANG, Plugin, Workshop, ask, until

pytestmark = pytest.mark.parametrize("workshop", ["plain", "warm"], indirect=True, scope="module")


@pytest.fixture(scope="module")
def neighbour(workshop: Workshop) -> Plugin:
    return workshop.start(workshop.spec(OBEDIENT, TANJUNGPINANG))


@pytest.fixture(scope="module")
def guest(workshop: Workshop) -> Plugin:
    """A hostile plugin; tests that ruin theirs make their own."""
    return workshop.start(workshop.spec(OBEDIENT, BONTANG))


@pytest.fixture(autouse=True)
def neighbour_answers(neighbour: Plugin) -> Iterator[None]:
    yield
    assert neighbour.alive()


def _reads(guest: Plugin, path: Path | str) -> object:
    return guest.run(f"result = open({str(path)!r}, 'rb').read(20).decode('latin-1')")


def test_another_city_s_data_code_and_socket_are_not_there(guest: Plugin, neighbour: Plugin) -> None:
    secret = neighbour.spec.data / "secret"
    secret.write_text("private")
    for path in (secret, neighbour.spec.code / "app.py", neighbour.place):
        assert _reads(guest, path)["error"] == "FileNotFoundError"  # type: ignore[index]


def test_parent_folders_show_no_neighbours(guest: Plugin, workshop: Workshop) -> None:
    listing = "import os; result = sorted({n for d in ('/', '/data', '/data/..', '/app/..', '/tmp', '/run', '/mnt')"
    names = guest.run(listing + " if os.path.isdir(d) for n in os.listdir(d)})")
    assert workshop.root.name not in names
    assert not {"work", "home", "var", "srv", "mnt", "run", "opt", "boot"} & set(names)


@pytest.mark.parametrize("path", ["/etc/shadow", "/root/.ssh", "/etc/hostname", "/var/log", "/sys/kernel"])
def test_files_of_the_host_are_not_there(guest: Plugin, path: str) -> None:
    assert guest.run(f"import os; result = os.path.exists({path!r})") is False


def test_only_its_own_processes_are_visible(guest: Plugin) -> None:
    processes = guest.run("import os; result = [n for n in os.listdir('/proc') if n.isdigit()]")
    assert processes == ["1"]


def test_the_environment_of_process_1_holds_nothing_of_the_host(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://canary")
    guest = workshop.start(workshop.spec(OBEDIENT))
    if not guest.sandbox.warm:  # a child of the zygote shows the zygote's, which is nearly empty
        assert "canary-secret" in guest.run("result = open('/proc/1/environ').read()"), "its own, and only its own"
    for name in ("environ", "cmdline", "task/1/environ"):
        assert "postgresql://canary" not in guest.run(f"result = open('/proc/1/{name}').read()")


def test_secrets_are_not_on_any_command_line(guest: Plugin) -> None:
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            assert b"canary-secret" not in entry.read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue


def test_no_descriptor_is_inherited_but_the_socket(workshop: Workshop) -> None:
    with open("/etc/passwd") as opened:
        os.set_inheritable(opened.fileno(), True)
        guest = workshop.start(workshop.spec(_DESCRIPTORS + OBEDIENT))
        found = guest.run("import app; result = app.SEEN")
    assert set(found) == {"0", "1", "2", "3"}
    assert found["0"] == "/dev/null"
    assert found["3"].startswith("socket:")


_DESCRIPTORS = """
import os
SEEN = {}
for name in os.listdir("/proc/self/fd"):
    try:
        SEEN[name] = os.readlink("/proc/self/fd/" + name)
    except FileNotFoundError:
        pass
"""


@pytest.mark.parametrize(
    "path",
    ["/app/app.py", "/env/lib/x.pth", "/lumbung/main.py", "/usr/bin/x", "/etc/passwd", "/x", "/dev/x",
     "/etc/lumbung/shim.json", "/etc/lumbung/public.pem"],
)  # fmt: skip
def test_nothing_but_its_data_can_be_written(guest: Plugin, path: str) -> None:
    assert guest.run(f"open({path!r}, 'a')")["error"] in ("OSError", "PermissionError")


def test_its_data_and_temporary_folder_can(guest: Plugin) -> None:
    assert guest.run("open('/data/x', 'w').write('1'); open('/tmp/x', 'w').write('1'); result = 'yes'") == "yes"


def test_temporary_files_are_bounded(guest: Plugin) -> None:
    assert guest.run("open('/tmp/big', 'wb').write(bytes(20 * 2**20))")["errno"] == 28
    assert guest.run("open('/dev/shm/big', 'wb').write(bytes(2 * 2**20))")["errno"] == 28
    guest.run("import os; [os.unlink(p) for p in ('/tmp/big', '/dev/shm/big') if os.path.exists(p)]")


def test_traps_in_the_data_folder_do_not_reach_the_snapshot(workshop: Workshop) -> None:
    guest = workshop.start(workshop.spec(OBEDIENT))
    assert guest.run(_TRAPS) == "set"
    guest.close()
    paths = DeploymentPaths(workshop.root, guest.spec.deployment)
    store = data.Store(paths, FIRST_UID + guest.spec.deployment)
    store.snapshot(7)
    kept = paths.snapshot(7)
    assert os.readlink(kept / "passwd") == "/etc/passwd", "the link itself, never what it names"
    assert os.readlink(kept / "up") == "/"
    assert not (kept / "fifo").exists()
    assert not (kept / "socket").exists()
    assert (kept / "-rf \n*").read_text() == "odd"
    assert (kept / "sparse").stat().st_size == 2**29
    assert (kept / "sparse").stat().st_blocks < 100
    assert not (kept / "setuid").stat().st_mode & 0o7000


_TRAPS = """
import os, socket
os.symlink("/etc/passwd", "/data/passwd")
os.symlink("/", "/data/up")
os.mkfifo("/data/fifo")
socket.socket(socket.AF_UNIX).bind("/data/socket")
open("/data/-rf \\n*", "w").write("odd")
open(b"/data/" + bytes([255, 254]), "w").close()
open("/data/setuid", "w").close()
os.chmod("/data/setuid", 0o4777)
open("/data/sparse", "w").close()
os.truncate("/data/sparse", 2**29)
result = "set"
"""


def test_a_folder_that_becomes_a_link_while_it_is_copied_leads_nowhere(workshop: Workshop) -> None:
    guest = workshop.start(workshop.spec(OBEDIENT))
    guest.run(_SWAP)
    paths = DeploymentPaths(workshop.root, guest.spec.deployment)
    store = data.Store(paths, FIRST_UID + guest.spec.deployment)
    met = set()
    for _ in range(200):
        data.measure(paths.data)
        with suppress(OSError):  # what went away in between ends this copy, and leaves the one before
            store.snapshot(7)
        kept = {name for _folder, folders, files in os.walk(paths.snapshot(7)) for name in (*folders, *files)}
        assert kept <= {"swap", "link", "other", "mine"}
        met |= {os.path.islink(paths.snapshot(7) / name) for name in kept - {"mine"}}
        if len(met) == 2:
            break
    guest.close()
    assert met == {True, False}, "it was met as a link and as a folder"


_SWAP = """
import os, threading, time
os.mkdir("/data/swap"); open("/data/swap/mine", "w").close()
os.symlink("/etc", "/data/link")
def swap():
    end = time.time() + 20
    while time.time() < end:
        os.rename("/data/swap", "/data/other")
        os.rename("/data/link", "/data/swap")
        os.rename("/data/other", "/data/link")
threading.Thread(target=swap, daemon=True).start()
"""


@pytest.mark.parametrize("address", ["1.1.1.1", "169.254.169.254", "127.0.0.1", "10.0.0.1"])
def test_no_way_out_to_any_network(guest: Plugin, address: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        tried = guest.run(f"import socket; socket.create_connection(({address!r}, {port}), 2)")
    assert tried["error"] in ("OSError", "ConnectionRefusedError")


@pytest.mark.parametrize("family", ["AF_NETLINK", "AF_PACKET", "AF_VSOCK", "AF_ALG"])
def test_other_socket_families_are_refused(guest: Plugin, family: str) -> None:
    tried = guest.run(f"import socket; socket.socket(socket.{family}, socket.SOCK_RAW)")
    assert tried["errno"] in (97, 1)


def test_abstract_sockets_of_the_host_are_out_of_reach(guest: Plugin) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("\0lumbung-test-abstract")
        server.listen()
        knock = "import socket; socket.socket(socket.AF_UNIX).connect('\\0lumbung-test-abstract')"
        assert guest.run(knock)["error"] == "ConnectionRefusedError"


CALL = "import ctypes; c = ctypes.CDLL(None, use_errno=True); r = c.syscall({}); result = [r, ctypes.get_errno()]"
REFUSED = {
    "unshare(NEWUSER)": "272, 0x10000000",
    "unshare(NEWNS)": "272, 0x20000",
    "clone(NEWUSER)": "56, 0x10000011, 0, 0, 0, 0",
    "clone3": "435, 0, 0",
    "setns": "308, 3, 0",
    "mount": "165, 0, 0, 0, 0, 0",
    "ptrace": "101, 0, 0, 0, 0",
    "keyctl": "250, 0, 0",
    "add_key": "248, 0, 0, 0, 0, 0",
    "bpf": "321, 0, 0, 0",
    "perf_event_open": "298, 0, 0, 0, 0, 0",
    "userfaultfd": "323, 0",
    "io_uring_setup": "425, 1, 0",
    "fsopen": "430, 0, 0",
    "process_vm_readv": "310, 1, 0, 0, 0, 0, 0",
    "ioctl(TIOCSTI)": "16, 0, 0x5412, 0",
}


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of x86_64")
@pytest.mark.parametrize("arguments", REFUSED.values(), ids=REFUSED)
def test_dangerous_system_calls_are_refused(guest: Plugin, arguments: str) -> None:
    result, errno = guest.run(CALL.format(arguments))
    assert result == -1
    assert errno in (1, 38)


def test_it_has_no_capabilities_and_cannot_gain_any(guest: Plugin) -> None:
    status = guest.run("result = open('/proc/self/status').read()")
    assert "CapEff:\t0000000000000000" in status
    assert "CapBnd:\t0000000000000000" in status
    assert "NoNewPrivs:\t1" in status
    assert "Seccomp:\t2" in status


def test_signals_do_not_reach_other_processes(guest: Plugin, neighbour: Plugin) -> None:
    assert guest.run(f"import os; os.kill({neighbour.sandbox.process.pid}, 9)")["error"] == "ProcessLookupError"
    assert guest.run("import os; os.kill(-1, 9); result = 'nobody'")["error"] == "ProcessLookupError"


FORK_BOMB = """
import os, time
count = 0
try:
    while count < 500:
        if os.fork() == 0:
            time.sleep(30)
            os._exit(0)
        count += 1
except OSError:
    pass
result = count
"""


def test_a_fork_bomb_stays_in_its_own_house(workshop: Workshop, neighbour: Plugin) -> None:
    guest = workshop.start(workshop.spec(OBEDIENT, limits=Limits(processes=24)))
    assert guest.run(FORK_BOMB) < 24
    assert neighbour.run("import os\npid = os.fork()\nif pid == 0: os._exit(0)\nresult = os.waitpid(pid, 0)[1]") == 0


def test_memory_beyond_the_limit_ends_the_plugin_and_nobody_else(workshop: Workshop) -> None:
    guest = workshop.start(workshop.spec(OBEDIENT, limits=Limits(memory=64 * 2**20)))
    assert guest.alive()
    with pytest.raises((OSError, EOFError)) as caught:
        ask(guest.place, "/", "POST", "result = len(bytearray(b'x' * (300 * 2**20)))")
    assert caught.type is not TimeoutError
    until(lambda: guest.sandbox.ended() is not None)


def test_stop_ends_daemons_that_ignore_it(workshop: Workshop) -> None:
    guest = workshop.start(workshop.spec(OBEDIENT))
    guest.run(_DAEMON)
    uid = guest.spec.uid
    assert _processes_of(uid)
    guest.close()
    until(lambda: not _processes_of(uid))


_DAEMON = """
import os, signal, time
if os.fork() == 0:
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if os.fork() == 0:
        time.sleep(600)
    os._exit(0)
"""


def _processes_of(uid: int) -> list[str]:
    found = []
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and os.stat(f"/proc/{entry}").st_uid == uid:
                found.append(entry)
        except FileNotFoundError:
            continue
    return found


def test_a_spinning_plugin_gets_no_more_than_its_share(workshop: Workshop) -> None:
    guest = workshop.start(workshop.spec(OBEDIENT, limits=Limits(cpu=0.2)))
    burn = "import time; t = time.time(); c = time.process_time()\nwhile time.time() - t < 2: pass\n"
    used = guest.run(burn + "result = (time.process_time() - c) / (time.time() - t)")
    assert used < 0.35


def test_many_visitors_at_once_are_all_answered(guest: Plugin) -> None:
    answers: list[int] = []
    visitors = [threading.Thread(target=lambda: answers.append(ask(guest.place).status)) for _ in range(40)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert answers == [200] * 40


def test_the_plugin_knows_its_city_and_its_secrets(guest: Plugin) -> None:
    told = guest.run("import os; result = dict(os.environ)")
    assert told["TENANT_NAME"] == "Kota Bontang"
    assert told["TZ"] == "Asia/Makassar"
    assert told["DATABASE_URL"] == "sqlite:////data/data.sqlite3"
    assert told["SECRET_KEY"] == "canary-secret"
    assert json.loads(guest.run("result = open('/etc/lumbung/config.json').read()")) == {"colour": "green"}
