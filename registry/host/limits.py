"""cgroups: what really bounds a plugin's memory, processes and processor time.

Version 1 (each controller mounted by itself) and version 2 (when our own group may be divided) are
understood; without either only resource limits hold, and `facts` says so. Groups lie below the group this
process was started in.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from registry.hosting.plain import Limits

CONTROLLERS = ("memory", "pids", "cpu")
ROOT = Path("/sys/fs/cgroup")
PROC = Path("/proc")
LEAF = "lumbung-host"
"""Where the processes of a divided group of version 2 go: only leaves may hold any."""
_PERIOD = 100_000
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Use:
    """What a group takes at this moment, and has since it was made.

    ``memory`` in bytes, without what the kernel would give back at once (as Kubernetes counts: usage less inactive
    file pages). ``cpu`` in seconds. ``tasks`` are processes and threads. ``killed`` counts processes that the memory
    limit ended. What cannot be read here is 0.
    """

    memory: int = 0
    cpu: float = 0.0
    tasks: int = 0
    killed: int = 0


@dataclass(frozen=True)
class Group:
    """The cgroup of one sandbox: one folder per controller (version 2: the same folder for all)."""

    folders: tuple[Path, ...]

    def add(self, pid: int) -> None:
        for folder in self.folders:
            (folder / "cgroup.procs").write_text(str(pid))

    def pids(self) -> set[int]:
        found: set[int] = set()
        for folder in self.folders:
            try:
                found.update(int(line) for line in (folder / "cgroup.procs").read_text().split())
            except OSError:
                continue
        return found

    def use(self, proc: Path = PROC) -> Use:
        """What it takes now. Never raises: a group that is gone takes nothing."""
        if not self.folders:
            return Use()
        memory = self._number("memory.current", "memory.usage_in_bytes")
        stat = self._table("memory.stat")
        idle = stat.get("inactive_file", stat.get("total_inactive_file", 0))
        killed = self._table("memory.events", "memory.oom_control").get("oom_kill", 0)
        return Use(max(memory - idle, 0), self._cpu(proc), self._number("pids.current"), killed)

    def _cpu(self, proc: Path) -> float:
        """Version 2 counts by itself; version 1 only where cpuacct is mounted with cpu, else processes are asked."""
        if used := self._table("cpu.stat").get("usage_usec", 0):
            return used / 1e6
        if used := self._number("cpuacct.usage"):
            return used / 1e9
        return sum(_cpu_of(proc / str(pid)) for pid in self.pids())

    def _read(self, *names: str) -> str:
        """The first of these files that some folder has; empty when none is there."""
        for name in names:
            for folder in self.folders:
                with suppress(OSError):
                    return (folder / name).read_text()
        return ""

    def _number(self, *names: str) -> int:
        text = self._read(*names).strip()
        return int(text) if text.isdigit() else 0

    def _table(self, *names: str) -> dict[str, int]:
        """A file of lines ``name number``."""
        pairs = (line.split() for line in self._read(*names).splitlines())
        return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2 and pair[1].isdigit()}

    def allow(self, cpu: float) -> None:
        """How many processors it may use from now on. A group that is gone, or has no such limit, is left."""
        quota = _quota(cpu)
        for folder in self.folders:
            for name, value in (("cpu.cfs_quota_us", quota), ("cpu.max", f"{quota} {_PERIOD}")):
                with suppress(OSError):
                    if (folder / name).exists():
                        (folder / name).write_text(value)

    def kill(self, patience: float = 2.0) -> None:
        """Kill whatever is in the group, again until nothing is, then remove it. Never raises."""
        end = time.monotonic() + patience
        while (pids := self.pids()) and time.monotonic() < end:
            for pid in pids:
                try:
                    os.kill(pid, signal.SIGKILL)
                except OSError:
                    continue
            time.sleep(0.01)
        for folder in self.folders:
            try:
                folder.rmdir()
            except OSError:
                continue


NO_GROUP = Group(())


@dataclass(frozen=True)
class Cgroups:
    """The groups of one installation; ``version`` 0 means there are none. ``parents`` by controller."""

    version: int
    parents: Mapping[str, Path]
    prefix: str

    def make(self, deployment: int, limits: Limits) -> Group:
        """A fresh group with its limits set; raises OSError when the kernel refuses one of them."""
        if not self.parents:
            return NO_GROUP
        stamp = f"{self.prefix}-{deployment}-{time.monotonic_ns() // 1000}"
        folders = dict.fromkeys(self.parents.values())
        made = {parent: parent / stamp for parent in folders}
        for folder in made.values():
            folder.mkdir()
        for controller, parent in self.parents.items():
            for name, value in _settings(self.version, controller, limits):
                _set(made[parent] / name, value)
        return Group(tuple(made.values()))

    def sweep(self, kept: Collection[Path] = ()) -> None:
        """Kill and remove groups that a killed host left behind, all but those ``kept``."""
        for parent in dict.fromkeys(self.parents.values()):
            for folder in parent.glob(f"{self.prefix}-*"):
                if folder not in kept:
                    Group((folder,)).kill()

    def holds(self, controller: str) -> bool:
        return controller in self.parents

    def counts_swap(self, swaps: Path = PROC / "swaps") -> bool:
        """Whether the memory limit cannot be passed by swapping: it is counted, or there is none on this machine."""
        memory = self.parents.get("memory")
        if memory is None:
            return False
        counted = self.version == 2 or (memory / "memory.memsw.limit_in_bytes").exists()
        return counted or len(swaps.read_text().splitlines()) <= 1


def open_cgroups(prefix: str, root: Path = ROOT, proc: Path = Path("/proc/self/cgroup")) -> Cgroups:
    """What this process may use here; a controller that cannot be used is left out.

    ``prefix`` tells installations on one machine apart. Version 2 asks to divide our own group: all its
    processes move into a leaf first, because only leaves may hold processes.
    """
    own = _own_groups(proc)
    first = {name: _below(root / name, own.get(name, "/")) for name in CONTROLLERS}
    usable = {name: folder for name, folder in first.items() if folder and _divisible(folder, prefix)}
    if usable:
        return Cgroups(1, usable, prefix)
    second = _below(root, own.get("", "/").removesuffix(f"/{LEAF}") or "/")
    if second and (second / "cgroup.controllers").exists():
        delegated = _delegated(second, second != root)
        if delegated:
            return Cgroups(2, dict.fromkeys(delegated, second), prefix)
    return Cgroups(0, {}, prefix)


def _own_groups(proc: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in proc.read_text().splitlines():
        _, names, path = line.split(":", 2)
        for name in names.split(","):
            found[name] = path
    return found


def _below(mount: Path, own: str) -> Path | None:
    """Our own group's folder; the mount itself in a container that shows only a part of the tree."""
    for folder in (mount / own.lstrip("/"), mount):
        if (folder / "cgroup.procs").exists():
            return folder
    return None


def _divisible(folder: Path, prefix: str) -> bool:
    trial = folder / f"{prefix}-trial-{os.getpid()}"
    try:
        trial.mkdir(exist_ok=True)
        trial.rmdir()
    except OSError:
        return False
    return True


def _delegated(folder: Path, own: bool) -> tuple[str, ...]:
    """Divide a group of version 2; ``own``: it is not the root of all, which may hold processes beside groups."""
    available = (folder / "cgroup.controllers").read_text().split()
    wanted = tuple(name for name in CONTROLLERS if name in available)
    try:
        if own:
            leaf = folder / LEAF
            leaf.mkdir(exist_ok=True)
            for pid in (folder / "cgroup.procs").read_text().split():
                (leaf / "cgroup.procs").write_text(pid)
        (folder / "cgroup.subtree_control").write_text(" ".join(f"+{name}" for name in wanted))
    except OSError:
        return ()
    return wanted


def _settings(version: int, controller: str, limits: Limits) -> list[tuple[str, str]]:
    quota = _quota(limits.cpu)
    processes = str(limits.processes + 2)
    if version == 1:
        return {
            "memory": [
                ("memory.limit_in_bytes", str(limits.memory)),
                ("memory.memsw.limit_in_bytes", str(limits.memory)),
            ],
            "pids": [("pids.max", processes)],
            "cpu": [("cpu.cfs_period_us", str(_PERIOD)), ("cpu.cfs_quota_us", quota)],
        }[controller]
    return {
        "memory": [("memory.max", str(limits.memory)), ("memory.swap.max", "0")],
        "pids": [("pids.max", processes)],
        "cpu": [("cpu.max", f"{quota} {_PERIOD}")],
    }[controller]


def _cpu_of(folder: Path) -> float:
    """Seconds of one process and of its children that ended; 0 when it is gone."""
    try:
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
        return sum(int(field) for field in fields[11:15]) / _TICKS
    except (OSError, ValueError):
        return 0.0


def _quota(cpu: float) -> str:
    return str(max(int(cpu * _PERIOD), 1000))


def _set(path: Path, value: str) -> None:
    """Swap accounting may be switched off in the kernel: then its file is absent and so is the swap limit."""
    if path.exists() or "swap" not in path.name and "memsw" not in path.name:
        path.write_text(value)
