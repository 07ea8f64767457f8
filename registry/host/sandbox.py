"""One sandbox as a list of steps. Pure: folders and values in, steps and words out; nothing is started or mounted here.

The steps are the sandbox: its root is empty but for what they put there. Two ways carry them out: bubblewrap, which
gives exactly what it is told in `words`, and a child of the zygote (``shim/wall.py``), which takes the same list. Both
end in the same walls, so each step has one meaning:

- ``bind``: the folder ``source`` appears at ``path``, with everything mounted below it; ``mode`` 0 is read-only.
- ``link``: a symbolic link to ``source``. ``proc``, ``dev``: a fresh /proc; the harmless devices.
- ``tmpfs``: an empty folder of at most ``size`` bytes, of ``mode``. ``folder``: a folder of the root.
- ``file``: read-only, its content given beside the list. ``close``: what is mounted at ``path`` is read-only from now.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from registry.hosting.plain import Limits

INSIDE_UID = 1000
HOSTNAME = "lumbung"
HOME = "/app"
TMP_BYTES = 16 * 2**20
SHM_BYTES = 2**20
OPEN_FILES = 1024
SIDE_BY_SIDE = 4
"""Sandboxes of one deployment at the same time: what serves, a revision that is tried, a drill, a task."""
SYSTEM_LINKS = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
OUTSIDE = "/run/lumbung"
"""Where a plugin finds its sockets to the host."""

READ_ONLY, WRITABLE = 0, 1


@dataclass(frozen=True)
class Step:
    kind: Literal["bind", "link", "proc", "dev", "tmpfs", "folder", "file", "close"]
    path: str
    source: str = ""
    mode: int = 0
    size: int = 0


@dataclass(frozen=True)
class Mounts:
    """Folders of the host, as the sandbox's user can reach them.

    ``prefixes`` maps where an interpreter must appear inside to where it is. ``links`` are the symbolic
    links at the root of a system whose ``/lib`` is ``/usr/lib``; ``plain`` the folders at the root of one
    whose is not. ``read_only`` is meant of the data.
    """

    shim: Path
    environment: Path
    code: Path
    data: Path
    prefixes: Mapping[Path, Path] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    plain: Sequence[str] = ()
    outside: Path | None = None
    read_only: bool = False


def steps(mounts: Mounts, files: Iterable[str]) -> list[Step]:
    """From an empty root to the whole sandbox, in order; ``files`` are paths inside."""
    return [
        *_system(mounts),
        *_plugin(mounts),
        Step("folder", "/etc", mode=0o755),
        *(Step("file", path, mode=0o444) for path in files),
        Step("close", "/dev"),
        Step("close", "/"),
    ]


def _system(mounts: Mounts) -> Iterator[Step]:
    yield Step("bind", "/usr", "/usr")
    for name, target in mounts.links.items():
        yield Step("link", f"/{name}", target)
    for name in mounts.plain:
        yield Step("bind", f"/{name}", f"/{name}")
    yield Step("proc", "/proc")
    yield Step("dev", "/dev")
    yield Step("tmpfs", "/dev/shm", mode=0o1777, size=SHM_BYTES)  # noqa: S108
    yield Step("tmpfs", "/tmp", mode=0o1777, size=TMP_BYTES)  # noqa: S108


def _plugin(mounts: Mounts) -> Iterator[Step]:
    for inside, outside in mounts.prefixes.items():
        for folder in above(inside):
            yield Step("folder", str(folder), mode=0o755)
        yield Step("bind", str(inside), str(outside))
    yield Step("bind", "/env", str(mounts.environment))
    yield Step("bind", HOME, str(mounts.code))
    yield Step("bind", "/lumbung", str(mounts.shim))
    yield Step("bind", "/data", str(mounts.data), READ_ONLY if mounts.read_only else WRITABLE)
    if mounts.outside is not None:
        yield Step("bind", OUTSIDE, str(mounts.outside))


def above(path: Path) -> list[Path]:
    """The folders a path lies in, outermost first, without the root."""
    return list(path.parents)[-2::-1]


def arguments(
    root: Iterable[Step],
    variables: Mapping[str, str],
    files: Mapping[str, int],
    seccomp: int,
    extra: Sequence[str] = (),
) -> list[str]:
    """Everything for ``bwrap --args``; ``files`` maps a path inside to a descriptor with its content.

    bubblewrap's own environment must be empty and this list must travel through ``--args FD``: both can be read by
    others in ``/proc`` otherwise. The command is process 1 of its namespace (``--as-pid-1``), so ``/proc/1/environ``
    is the plugin's own and SIGTERM reaches the shim directly.
    """
    built = [word for step in root for word in words(step, files)]
    return [
        *_namespaces(),
        *built,
        *_environment(variables),
        *("--chdir", HOME, "--seccomp", str(seccomp)),
        *extra,
    ]


def _namespaces() -> list[str]:
    return [
        *("--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session"),
        *("--as-pid-1", "--cap-drop", "ALL", "--hostname", HOSTNAME),
        *("--uid", str(INSIDE_UID), "--gid", str(INSIDE_UID)),
    ]


def words(step: Step, files: Mapping[str, int]) -> list[str]:
    """One step in bubblewrap's words."""
    match step.kind:
        case "bind":
            return ["--bind" if step.mode else "--ro-bind", step.source, step.path]
        case "link":
            return ["--symlink", step.source, step.path]
        case "tmpfs":
            return ["--size", str(step.size), "--perms", f"{step.mode:04o}", "--tmpfs", step.path]
        case "folder":
            return ["--perms", f"{step.mode:04o}", "--dir", step.path]
        case "file":
            return ["--perms", f"{step.mode:04o}", "--file", str(files[step.path]), step.path]
        case "close":
            return ["--remount-ro", step.path]
        case "proc" | "dev":
            return [f"--{step.kind}", step.path]


def _environment(variables: Mapping[str, str]) -> list[str]:
    found = ["--clearenv"]
    for name, value in variables.items():
        found += ["--setenv", name, value.replace("\0", "")]
    return found


def resources(limits: Limits, own_user: bool, grouped: bool) -> dict[str, int]:
    """Resource limits (``RLIMIT_…``). Processes are counted per real user, so only for one of our own.

    ``grouped``: each sandbox is bounded by a cgroup already. Then all of the user's together may be as many as those
    that run beside each other need: a busy plugin must not keep its own upgrade or drill from starting.
    """
    found = {"NOFILE": OPEN_FILES, "CORE": 0, "FSIZE": limits.disk}
    processes = (limits.processes + 2) * (SIDE_BY_SIDE if grouped else 1)
    return {**found, "NPROC": processes} if own_user else found


def limited(command: Sequence[str], limits: Mapping[str, int]) -> list[str]:
    """``command`` under resource limits."""
    return ["prlimit", *(f"--{name.lower()}={value}" for name, value in limits.items()), "--", *command]


def system_links(root: Path = Path("/")) -> dict[str, str]:
    """Which of ``/bin``, ``/lib``… are links into ``/usr``, and to where."""
    return {name: os.readlink(root / name) for name in SYSTEM_LINKS if (root / name).is_symlink()}


def system_folders(root: Path = Path("/")) -> tuple[str, ...]:
    return tuple(name for name in SYSTEM_LINKS if (root / name).is_dir() and not (root / name).is_symlink())


def interpreter_prefixes(environment: Path, reach: Callable[[Path], Path]) -> dict[Path, Path]:
    """Where the environment's interpreter really lives, for those parts that ``/usr`` does not bring.

    Follows ``bin/python3`` hop by hop: each hop's prefix must exist inside under its own name.
    """
    found: dict[Path, Path] = {}
    hop = environment / "bin" / "python3"
    for _ in range(10):
        if not hop.is_symlink():
            break
        hop = Path(os.path.normpath(hop.parent / os.readlink(hop)))
        prefix = hop.parent.parent
        if not prefix.is_relative_to("/usr") and not prefix.is_relative_to(environment):
            found[prefix] = reach(prefix)
    return found
