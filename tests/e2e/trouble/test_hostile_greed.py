"""A hostile app takes all it can get, and leaves traps for the host: it alone is the worse for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from ..stack import Stack, until
from ..web import Client
from .test_hostile import FORBIDDEN, tried

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.usefixtures("neighbours_answer"),
]
NAKAL = "/api/v1/deployments/nakal.bontang"
TRAPS = {
    "hard link": "os.link('/etc/passwd', '/data/keras')",
    "hard link to code": "os.link('/app/nakal.py', '/data/kode')",
    "device": "os.mknod('/data/disk', 0o60600, os.makedev(8, 0))",
    "1 TB that is a hole": "open('/data/lubang', 'w').close(); os.truncate('/data/lubang', 2**40)",
    "name of 256 bytes": "open('/data/' + 'n' * 256, 'w')",
}
FILL = r"""
import os
os.chdir("/data")
os.symlink("/etc/passwd", "sandi")
os.symlink("/", "akar")
os.mkfifo("pipa")
for name in (b"baris\nbaru", b"bad\xff\xfe", b"-rf", b"n" * 255):
    open(name, "w").close()
open("setuid", "w").close()
os.chmod("setuid", 0o4777)
result = len(os.listdir())
"""


@pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS)
def test_what_no_folder_of_data_can_hold(guest: Client, trap: str) -> None:
    assert tried(guest, f"import os; {trap}; result = 'set'")["error"] in FORBIDDEN


def test_traps_in_its_data_neither_hang_nor_mislead_backup_drill_and_restore(guest: Client, bontang: Client) -> None:
    before = Path("/etc/passwd").stat()
    assert tried(guest, FILL) >= 8
    assert bontang.wait_job(bontang.post(f"{NAKAL}/backups").json)["state"] == "done"
    (backup, *_older) = bontang.get(f"{NAKAL}/backups").json["items"]
    for act in ("drill", "restore"):
        job = bontang.wait_job(bontang.post(f"{NAKAL}/backups/{backup['id']}/{act}").json)
        assert job["state"] == "done", (job["message"], job["log"])
    names = tried(guest, "import os; result = sorted(map(repr, os.listdir(b'/data')))")
    assert {repr(b"baris\nbaru"), repr(b"bad\xff\xfe"), repr(b"-rf"), repr(b"n" * 255)} <= set(names)
    assert tried(guest, "import os; result = os.readlink('/data/sandi')") == "/etc/passwd"
    after = Path("/etc/passwd").stat()
    assert (after.st_mode, after.st_uid, after.st_nlink) == (before.st_mode, before.st_uid, before.st_nlink)


BOMB = """
import os, time
children = []
try:
    while len(children) < 400:
        child = os.fork()
        if child == 0:
            time.sleep(20)
            os._exit(0)
        children.append(child)
except OSError:
    pass
for child in children:
    os.kill(child, 9); os.waitpid(child, 0)
result = len(children)
"""
THREADS = """
import threading, time
result = 0
try:
    while result < 400:
        threading.Thread(target=time.sleep, args=(1,), daemon=True).start()
        result += 1
except RuntimeError:
    pass
time.sleep(1.5)
"""
DESCRIPTORS = """
held = []
try:
    while len(held) < 100_000: held.append(open("/dev/null"))
except OSError:
    pass
result = len(held)
for one in held: one.close()
"""
SPIN = """
import os, time
for _ in range(4):
    if os.fork() == 0:
        end = time.time() + 4
        while time.time() < end: pass
        os._exit(0)
"""
DAEMON = """
import ctypes, os, signal
ctypes.CDLL(None).signal(15, 1)
if os.fork() == 0:
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if os.fork() == 0:
        os.execv("/usr/bin/sleep", ["nakal-daemon", "600"])
    os._exit(0)
"""
SHM = "open('/dev/shm/x', 'wb').write(bytes(200 * 2**20)); result = 'full'"
TMP = "open('/tmp/x', 'wb').write(bytes(32 * 2**20)); result = 'full'"
MAP = "import mmap; m = mmap.mmap(-1, 400 * 2**20); m.write(bytes(8)); [m.write(bytes(2**20)) for _ in range(399)]"
HOG = "result = len(bytearray(b'x' * (400 * 2**20)))"
FLOOD = "print('x' * 2**20, flush=True); result = 'said'"


def test_a_fork_bomb_is_bounded(guest: Client) -> None:
    assert tried(guest, BOMB) < 24


def test_threads_and_descriptors_end(guest: Client) -> None:
    assert tried(guest, THREADS) < 24
    assert tried(guest, DESCRIPTORS) <= 1024
    assert guest.get("/").text == "alive"


def test_a_spinning_plugin_does_not_slow_its_neighbour(guest: Client, stack: Stack) -> None:
    neighbour = stack.plugin("lapor", "bandung")
    assert tried(guest, SPIN) is None
    assert _slowest_but_one(lambda: neighbour.get("/healthz").status == 200) < 2


def _slowest_but_one(ask: Callable[[], bool], times: int = 20) -> float:
    took = []
    for _ in range(times):
        began = time.monotonic()
        assert ask()
        took.append(time.monotonic() - began)
    return sorted(took)[-2]


def test_threads_that_all_hang_keep_nobody_else_waiting(guest: Client, stack: Stack) -> None:
    visitors = [threading.Thread(target=tried, args=(guest, "import time; time.sleep(2)")) for _ in range(12)]
    for visitor in visitors:
        visitor.start()
    assert _slowest_but_one(lambda: stack.plugin("lapor", "bandung").get("/healthz").status == 200, 10) < 2
    for visitor in visitors:
        visitor.join()


def test_a_daemon_that_hears_no_signal_is_gone_when_its_plugin_is_off(guest: Client, bontang: Client) -> None:
    assert tried(guest, DAEMON) is None
    until(lambda: daemons() == 1)
    assert bontang.patch(NAKAL, {"enabled": False}).status == 200
    until(lambda: daemons() == 0, 60)
    assert guest.get("/").status == 503
    bontang.patch(NAKAL, {"enabled": True})
    until(lambda: guest.get("/").status == 200)


def daemons() -> int:
    return sum("nakal-daemon" in (one.info["cmdline"] or ()) for one in psutil.process_iter(["cmdline"]))


def test_a_flood_of_words_is_bounded(guest: Client, stack: Stack) -> None:
    for _ in range(3):
        assert tried(guest, FLOOD) == "said"
    logs = sum(path.stat().st_size for path in stack.data.glob("deployments/*/log/*"))
    assert logs < 3 * 2**20


@pytest.mark.parametrize("hog", [HOG, MAP, SHM, TMP], ids=["heap", "map", "shared", "temporary"])
def test_memory_beyond_its_share_ends_the_plugin_alone(guest: Client, hog: str) -> None:
    answer = guest.post("/", hog.encode())
    assert answer.status in (200, 502, 503)
    assert answer.status != 200 or answer.json["error"] in ("MemoryError", "OSError")
    until(lambda: guest.get("/").text == "alive")
