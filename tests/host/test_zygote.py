"""A child of the zygote is behind the same walls as a sandbox of bubblewrap, and shares nothing it should not."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from registry.host import limits, sandbox, zygote
from registry.host.nest import VARIABLES
from registry.host.order import Child
from registry.host.spawn import Sandbox
from registry.host.zygotes import base_of, newest_base

from .bundles import OBEDIENT
from .support import TANJUNGPINANG, Plugin, Workshop, is_alive, until

WAYS = ("warm", "plain")

SAME = {
    "mounts": "result = sorted(re.sub(r'uid=[0-9]+,gid=[0-9]+', '', ' '.join(line.split()[4:])) for line in m)",
    "what is mounted": "result = sorted(line.split()[3] + ' ' + line.split()[4] for line in m if 'code' not in line)",
    "capabilities": "result = [line for line in s if line.startswith('Cap')]",
    "filter and privileges": "result = [line for line in s if line.startswith(('Seccomp', 'NoNewPrivs'))]",
    "users": "result = [line for line in s if line.startswith(('Uid', 'Gid', 'Groups', 'Umask', 'NS', 'PPid'))]",
    "signals": "result = [l for l in s if l.startswith('Sig')]",
    "user map": "result = [read('/proc/self/' + n) for n in ('uid_map', 'gid_map', 'setgroups')]",
    "resource limits": "result = read('/proc/self/limits')",
    "namespaces left": "result = read('/proc/sys/user/max_user_namespaces')",
    "names": "result = [os.uname().nodename, os.getcwd(), sys.argv, sys.path, str(sys.flags), sys.orig_argv[:2]]",
    "environment": "result = sorted(os.environ)",
    "network": "result = [l.split(':')[0].strip() for l in read('/proc/net/dev').splitlines()[2:]] + [lo()]",
    "devices": "result = sorted(os.listdir('/dev')) + [os.readlink('/dev/' + n) for n in ('fd', 'ptmx', 'stdin')]",
    "root": "result = [(n, oct(os.stat('/' + n).st_mode)) for n in sorted(os.listdir('/'))]",
    "etc": "result = [(p, oct(os.stat(p).st_mode), read(p)) for p in ('/etc/passwd', '/etc/lumbung/config.json')]",
    "time zone": "import time; result = [time.tzname, time.localtime(0).tm_hour]",
    "session": "result = [os.getsid(0), os.getpgid(0), os.getpid(), os.getppid()]",
    "processes": "result = [n for n in os.listdir('/proc') if n.isdigit()]",
}
_BEFORE = """
import os, re, socket, struct, fcntl, sys
def read(path): return open(path).read()
def lo():
    with socket.socket() as control:
        return struct.unpack("16sH22x", fcntl.ioctl(control, 0x8913, struct.pack("16sH22x", b"lo", 0)))[1]
m = read("/proc/self/mountinfo").splitlines()
s = read("/proc/self/status").splitlines()
"""


@pytest.fixture(scope="module")
def workshop(warm: Workshop) -> Workshop:
    return warm


@pytest.fixture(scope="module")
def plain(workshop: Workshop) -> Iterator[Plugin]:
    yield workshop.start(workshop.spec(OBEDIENT), "plain")


@pytest.fixture(scope="module")
def guest(workshop: Workshop) -> Plugin:
    return workshop.start(workshop.spec(OBEDIENT))


@pytest.mark.parametrize("code", SAME.values(), ids=SAME)
def test_a_warm_sandbox_equals_a_plain_one_in(guest: Plugin, plain: Plugin, code: str) -> None:
    found = guest.run(_BEFORE + code)
    expected = plain.run(_BEFORE + code)
    names = (guest.spec.name, plain.spec.name, str(guest.spec.deployment), str(plain.spec.deployment))
    shown = [json.loads(re.sub("|".join(names), "N", json.dumps(one))) for one in (found, expected)]
    assert shown[0] == shown[1]
    assert not isinstance(found, dict), "nobody failed to answer"


SEARCH = """
import re
found = 0
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
    for line in maps:
        span, rights = line.split()[:2]
        if rights[0] != "r" or "[v" in line:
            continue
        first, last = (int(part, 16) for part in span.split("-"))
        memory.seek(first)
        try:
            found += len(re.findall(b"[{}]{}", memory.read(last - first)))
        except OSError:
            pass
result = found
"""


def _search(guest: Plugin, word: str) -> object:
    """How often a word is in the guest's memory; the question itself does not contain it as it is."""
    return guest.run(SEARCH.format(word[0], word[1:]))


def test_no_secret_of_a_plugin_started_before_is_in_the_memory_of_the_next(workshop: Workshop) -> None:
    first = workshop.start(workshop.spec(OBEDIENT, secret_key="canary-of-the-first"))
    second = workshop.start(workshop.spec(OBEDIENT, TANJUNGPINANG, secret_key="canary-of-the-second"))
    assert _search(first, "canary-of-the-first"), "the search finds what is there"
    assert _search(second, "canary-of-the-first") == 0
    assert _search(second, "canary-of-the-second")


def test_nothing_of_the_host_s_environment_is_in_its_memory(cold: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://canary-of-the-host")
    cold.launcher.close()
    cold.await_zygote()
    assert _search(cold.start(cold.spec(OBEDIENT)), "canary-of-the-host") == 0


def test_the_zygote_itself_never_holds_a_secret(workshop: Workshop) -> None:
    workshop.start(workshop.spec(OBEDIENT, secret_key="canary-for-the-parent"))
    memory = _memory_of(workshop.zygote_process())
    assert len(memory) > 2**20
    assert b"canary-for-the-parent" not in memory
    assert b"lumbung" in memory


def _memory_of(pid: int) -> bytes:
    found = []
    with open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights = line.split()[:2]
            if rights.startswith("rw"):
                first, last = (int(part, 16) for part in span.split("-"))
                memory.seek(first)
                found.append(memory.read(last - first))
    return b"".join(found)


def test_the_zygote_has_no_network_no_registry_and_an_empty_environment(workshop: Workshop) -> None:
    pid = workshop.zygote_process()
    told = Path(f"/proc/{pid}/environ").read_text().split("\0")[:-1]
    assert sorted(told) == sorted([*(f"{name}={value}" for name, value in VARIABLES.items()), "PWD=/"])
    assert os.readlink(f"/proc/{pid}/ns/net") != os.readlink("/proc/self/ns/net")
    shown = os.listdir(f"/proc/{pid}/root")
    assert "etc" not in shown
    registry = Path(f"/proc/{pid}/root{Path(sandbox.__file__).parent}")
    assert not registry.exists() or os.listdir(registry) == ["shim"], "nothing else of the registry"


def test_the_zygote_keeps_only_the_capabilities_to_change_its_user(workshop: Workshop) -> None:
    status = Path(f"/proc/{workshop.zygote_process()}/status").read_text()
    expected = 1 << 6 | 1 << 7 if os.getuid() == 0 else 0
    for name in ("CapPrm", "CapEff", "CapAmb"):
        assert f"{name}:\t{expected:016x}" in status
    assert "NoNewPrivs:\t1" in status, "so the rest of the bounding set is out of reach"


def test_the_zygote_and_its_socket_are_out_of_sight(guest: Plugin, workshop: Workshop) -> None:
    assert guest.run("import os; result = [n for n in os.listdir('/proc') if n.isdigit()]") == ["1"]
    assert guest.run(f"import os; os.kill({workshop.zygote_process()}, 9)")["error"] == "ProcessLookupError"
    assert guest.run("import os; result = sorted(os.listdir('/proc/self/fd'))")[:4] == ["0", "1", "2", "3"]
    sockets = guest.run("import os; result = [os.readlink(f'/proc/self/fd/{n}') for n in (0, 1, 2)]")
    assert not any(name.startswith("socket:") for name in sockets)


def test_children_do_not_draw_the_same_random_numbers(workshop: Workshop) -> None:
    draw = (
        "import random, ssl, uuid, secrets, tempfile; from cryptography.hazmat.primitives.asymmetric import ed25519; "
        "result = [random.random(), ssl.RAND_bytes(8).hex(), str(uuid.uuid4()), str(uuid.uuid1())[:18], "
        "secrets.token_hex(), next(tempfile._get_candidate_names()), "
        "ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()]"
    )
    drawn = [workshop.start(workshop.spec(OBEDIENT)).run(draw) for _ in range(3)]
    for values in zip(*drawn, strict=True):
        assert len(set(values)) == 3


def test_its_exit_code_is_told(workshop: Workshop) -> None:
    code = "import os, sys\ndef five(): sys.exit(5)\ndef shot(): os.kill(os.getpid(), 9)\ndef fine(): print('done')"
    for call, expected in (("fine", 0), ("five", 5), ("absent", 3)):
        started = workshop.launcher.start(workshop.spec(code), "task", call=f"app:{call}")
        assert started.warm
        assert until(lambda: started.ended() is not None) and started.ended() == expected  # noqa: B023
        started.close()
    started = workshop.launcher.start(workshop.spec("import time\ndef wait(): time.sleep(60)"), "task", call="app:wait")
    signal.pidfd_send_signal(started.first, signal.SIGKILL)
    assert until(lambda: started.ended()) == 128 + 9
    started.close()


def test_a_bundle_that_dies_at_import_is_a_plugin_s_fault_not_the_zygote_s(workshop: Workshop) -> None:
    broken = workshop.start(workshop.spec("import os; os.abort()"))
    assert until(lambda: broken.sandbox.ended()) > 128
    assert workshop.start(workshop.spec(OBEDIENT)).alive()


def test_after_the_zygote_died_a_start_is_plain_and_then_there_is_a_new_one(
    cold: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.host.zygotes.PAUSE_SECONDS", 0)
    before = cold.start(cold.spec(OBEDIENT))
    first = cold.zygote_process()
    os.kill(first, signal.SIGKILL)
    until(lambda: not Path(f"/proc/{first}").exists())
    assert before.alive(), "what it gave birth to lives on"
    assert cold.start(cold.spec(OBEDIENT), "fallback").alive()
    assert cold.launcher.not_warm
    until(lambda: cold.launcher.zygotes.at_hand(cold.runtime))
    assert cold.zygote_process() != first
    assert cold.start(cold.spec(OBEDIENT)).alive()


def test_a_zygote_that_hangs_is_given_up(cold: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.host.zygote.ANSWER_SECONDS", 0.3)
    stopped = cold.zygote_process()
    os.kill(stopped, signal.SIGSTOP)
    assert cold.start(cold.spec(OBEDIENT), "fallback").alive()
    until(lambda: not Path(f"/proc/{stopped}").exists())


def test_another_runtime_has_another_zygote(cold: Workshop) -> None:
    first = cold.zygote_process()
    assert cold.launcher.wait_warm(Path(sys.prefix), 30)
    assert cold.zygote_process(Path(sys.prefix)) != first


def test_an_old_zygote_makes_room_for_a_fresh_one(cold: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    first = cold.zygote_process()
    monkeypatch.setattr("registry.host.zygotes.RENEW_SECONDS", 0)
    assert cold.start(cold.spec(OBEDIENT)).alive(), "nobody waits for it"
    monkeypatch.undo()
    until(lambda: cold.launcher.wait_warm(cold.runtime, 1) and cold.zygote_process() != first)
    until(lambda: not Path(f"/proc/{first}").exists())


HOST = """
import sys, socket, time, pathlib
sys.path.insert(0, {root!r})
from registry.host import limits
from tests.host.bundles import OBEDIENT
from tests.host.support import Workshop
folder = pathlib.Path(sys.argv[1])
workshop = Workshop(folder, pathlib.Path(sys.argv[2]), {key!r}, limits.open_cgroups({group!r}), warm=True)
plugin = workshop.start(workshop.spec(OBEDIENT))
assert plugin.alive()
print(plugin.sandbox.process.pid, workshop.zygote_process(), flush=True)
time.sleep(60)
"""


def test_when_the_host_is_killed_its_children_and_its_zygote_die(
    workshop: Workshop, tmp_path: Path, runtime: Path
) -> None:
    root = tmp_path / "other"
    root.mkdir()
    for folder in (root, *root.parents[:3]):
        folder.chmod(0o755)
    group = f"lumbung-test-{workshop.root.name}-dying"
    code = HOST.format(root=str(Path(__file__).parents[2]), key=workshop.public_key, group=group)
    host = subprocess.Popen([sys.executable, "-c", code, root, runtime], stdout=subprocess.PIPE)
    assert host.stdout
    pids = [int(word) for word in host.stdout.readline().split()]
    assert len(pids) == 2
    host.kill()
    host.wait()
    for pid in pids:
        until(lambda pid=pid: not is_alive(pid))  # type: ignore[misc]
    limits.open_cgroups(group).sweep()


def test_a_child_whose_host_left_before_letting_it_in_leaves(workshop: Workshop) -> None:
    """Nobody writes to its gate: the end of the pipe is all it gets."""
    read, write = os.pipe()
    os.close(write)
    probe = (
        "import os, sys; sys.path.insert(0, 'registry/host'); from shim import zygote; zygote._wait(int(sys.argv[1]))"
    )
    done = subprocess.run([sys.executable, "-c", probe, str(read)], pass_fds=(read,), cwd=Path(__file__).parents[2])
    os.close(read)
    assert done.returncode == 1


@pytest.mark.parametrize("heard", [0, 1])
def test_a_child_that_nobody_waits_for_any_more_leaves(
    cold: Workshop, monkeypatch: pytest.MonkeyPatch, heard: int
) -> None:
    """The host stops listening before it knows the child, or before the child is ready."""
    lines = []

    def deaf(report: zygote._Report) -> str:
        if len(lines) == heard:
            raise zygote.ZygoteError("deaf")
        lines.append(listen(report))
        return lines[-1]

    listen = zygote._Report.line
    spec = cold.spec(OBEDIENT)
    monkeypatch.setattr(zygote._Report, "line", deaf)
    plain = cold.start(spec, "fallback")
    assert plain.alive()
    plain.close()
    until(lambda: not _living_processes_of(spec.uid))


def _living_processes_of(uid: int) -> list[Path]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):
            if folder.stat().st_uid == uid and is_alive(int(folder.name)):
                found.append(folder)
    return found


def test_data_may_be_mounted_read_only(workshop: Workshop) -> None:
    for way in WAYS:
        guest = workshop.start(workshop.spec(OBEDIENT), way, read_only=True)
        assert guest.run("open('/data/x', 'w')")["errno"] == 30


def test_its_sockets_to_the_host_are_there_and_only_its_own(workshop: Workshop) -> None:
    spec = workshop.spec(OBEDIENT, outside=True)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(spec.outside / "host.sock"))  # type: ignore[operator]
        (spec.outside / "host.sock").chmod(0o666)  # type: ignore[operator]
        server.listen()
        for way in WAYS:
            guest = workshop.start(spec, way)
            assert guest.run("import os; result = os.listdir('/run/lumbung')")["errno"] == 13
            knock = "import socket; socket.socket(socket.AF_UNIX).connect('/run/lumbung/host.sock'); result = 'in'"
            assert guest.run(knock) == "in"
            assert guest.run("open('/run/lumbung/x', 'w')")["errno"] in (13, 30)
            guest.close()


@pytest.mark.parametrize("way", WAYS)
def test_without_a_folder_of_sockets_there_is_no_way_out(workshop: Workshop, way: str) -> None:
    look = "import os\ndef look(): print(os.path.exists('/run/lumbung'))"
    started = workshop.launch(workshop.spec(look), "task", way, call="app:look")
    assert _left(started) == (0, "False\n")


@pytest.mark.parametrize("way", WAYS)
def test_sqlite_files_are_checked_inside(workshop: Workshop, way: str) -> None:
    spec = workshop.spec(OBEDIENT)
    make = (
        "import sqlite3\nc = sqlite3.connect('/data/a.sqlite3')\nc.execute('create table t (x)')\nc.commit()\nc.close()"
    )
    guest = workshop.start(spec, way)
    guest.run(make)
    guest.close()
    assert _left(workshop.launch(spec, "check", way)) == (0, "check: ok\n")
    (spec.data / "a.sqlite3").write_bytes(b"SQLite format 3\0" + bytes(3000))
    code, said = _left(workshop.launch(spec, "check", way))
    assert code == 1
    assert said.startswith("check: a.sqlite3: ")


def _left(started: Sandbox) -> tuple[int | None, str]:
    until(lambda: started.ended() is not None)
    said = os.read(started.output, 10_000).decode()
    code = started.ended()
    started.close()
    return code, said


def test_code_in_its_libraries_runs_when_the_host_s_pipes_are_closed(cold: Workshop) -> None:
    """A ``.pth`` file runs code: only once the host has put its process into its cgroup and let it in."""
    folder = cold.root / "builds" / "env-hooked"
    shutil.copytree(cold.runtime, folder, symlinks=True)
    site = next(folder.glob("lib/python*/site-packages"))
    (site / "hook.pth").write_text("import hook\n")
    (site / "hook.py").write_text(
        "import os\nplaces = [f'/proc/self/fd/{number}' for number in range(3, 50)]\n"
        "found = [os.readlink(place) for place in places if os.path.lexists(place)]\n"
    )
    guest = cold.start(cold.spec(OBEDIENT, environment=folder))
    assert guest.run("import hook; result = [one for one in hook.found if one.startswith('pipe:')]") == []


def test_libraries_of_its_own_are_found_beside_the_runtime_s(cold: Workshop) -> None:
    """Its environment differs from the one the zygote has loaded, and its ``.pth`` files are read."""
    folder = cold.root / "builds" / "env"
    shutil.copytree(cold.runtime, folder, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "mine.py").write_text("WORD = 'mine'")
    (site / "mine.pth").write_text("import sys; sys.mine = 1\n")
    guest = cold.start(cold.spec(OBEDIENT, environment=folder))
    assert guest.run("import mine, sys; result = [mine.WORD, sys.mine, mine.__file__]")[:2] == ["mine", 1]
    assert "mine.py" not in os.listdir(next(cold.runtime.glob("lib/python*/site-packages")))


def test_a_base_is_what_the_builder_wrote_down(tmp_path: Path) -> None:
    for name, base in (("base", "base"), ("own", "base"), ("old", ""), ("odd", "../base"), ("lost", "gone")):
        (tmp_path / name).mkdir()
        (tmp_path / name / ".whole").write_text(base)
    assert base_of(tmp_path / "own") == base_of(tmp_path / "base") == tmp_path / "base"
    assert [base_of(tmp_path / name) for name in ("old", "odd", "lost", "absent")] == [None] * 4
    assert newest_base(tmp_path) == tmp_path / "base"


def test_a_child_collected_by_somebody_else_is_gone() -> None:
    process = subprocess.Popen(["true"])
    descriptor = os.pidfd_open(process.pid)
    child = Child(process.pid, descriptor)
    process.wait()
    assert child.poll() == -signal.SIGKILL
    os.close(descriptor)


def test_a_folder_out_of_the_zygote_s_sight_starts_plainly(cold: Workshop, tmp_path: Path) -> None:
    code = tmp_path / "code"
    code.mkdir()
    (code / "app.py").write_text(OBEDIENT)
    guest = cold.start(cold.spec(OBEDIENT, code=code), "fallback")
    assert guest.alive()
    assert not cold.launcher.not_warm
