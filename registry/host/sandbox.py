"""The arguments of one sandbox. Pure: folders and values in, words out; nothing is started or mounted here.

bubblewrap gives exactly what it is told, so this list is the sandbox. Its own environment must be empty and
the list must travel through ``--args FD``: both can be read by others in ``/proc`` otherwise. The command
is process 1 of its namespace (``--as-pid-1``), so ``/proc/1/environ`` is the plugin's own and SIGTERM
reaches the shim directly.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from registry.hosting.plain import Limits

INSIDE_UID = 1000
TMP_BYTES = 16 * 2**20
SHM_BYTES = 2**20
OPEN_FILES = 1024
SYSTEM_LINKS = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")


@dataclass(frozen=True)
class Mounts:
    """Folders of the host, as the sandbox's user can reach them.

    ``prefixes`` maps where an interpreter must appear inside to where it is. ``links`` are the symbolic
    links at the root of a system whose ``/lib`` is ``/usr/lib``; ``plain`` the folders at the root of one
    whose is not.
    """

    shim: Path
    environment: Path
    code: Path
    data: Path
    prefixes: Mapping[Path, Path] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    plain: Sequence[str] = ()


def arguments(
    mounts: Mounts,
    variables: Mapping[str, str],
    files: Mapping[str, int],
    seccomp: int,
    extra: Sequence[str] = (),
) -> list[str]:
    """Everything for ``bwrap --args``; ``files`` maps a path inside to a descriptor with its content."""
    return [
        *_namespaces(),
        *_system(mounts),
        *_plugin(mounts),
        *_written(files),
        *("--remount-ro", "/dev", "--remount-ro", "/"),
        *_environment(variables),
        *("--chdir", "/app", "--seccomp", str(seccomp)),
        *extra,
    ]


def _namespaces() -> list[str]:
    return [
        *("--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session"),
        *("--as-pid-1", "--cap-drop", "ALL", "--hostname", "lumbung"),
        *("--uid", str(INSIDE_UID), "--gid", str(INSIDE_UID)),
    ]


def _system(mounts: Mounts) -> list[str]:
    words = ["--ro-bind", "/usr", "/usr"]
    for name, target in mounts.links.items():
        words += ["--symlink", target, f"/{name}"]
    for name in mounts.plain:
        words += ["--ro-bind", f"/{name}", f"/{name}"]
    words += ["--proc", "/proc", "--dev", "/dev"]
    words += ["--size", str(SHM_BYTES), "--perms", "1777", "--tmpfs", "/dev/shm"]  # noqa: S108
    words += ["--size", str(TMP_BYTES), "--perms", "1777", "--tmpfs", "/tmp"]  # noqa: S108
    return words


def _plugin(mounts: Mounts) -> list[str]:
    words: list[str] = []
    for inside, outside in mounts.prefixes.items():
        words += ["--ro-bind", str(outside), str(inside)]
    words += ["--ro-bind", str(mounts.environment), "/env", "--ro-bind", str(mounts.code), "/app"]
    return [*words, "--ro-bind", str(mounts.shim), "/lumbung", "--bind", str(mounts.data), "/data"]


def _written(files: Mapping[str, int]) -> list[str]:
    words = ["--dir", "/etc"]
    for path, descriptor in files.items():
        words += ["--perms", "0444", "--ro-bind-data", str(descriptor), path]
    return words


def _environment(variables: Mapping[str, str]) -> list[str]:
    words = ["--clearenv"]
    for name, value in variables.items():
        words += ["--setenv", name, value.replace("\0", "")]
    return words


def limited(command: Sequence[str], limits: Limits, own_user: bool) -> list[str]:
    """``command`` under resource limits. Processes are counted per real user, so only for one of our own."""
    words = ["prlimit", f"--nofile={OPEN_FILES}", "--core=0", f"--fsize={limits.disk}"]
    if own_user:
        words.append(f"--nproc={limits.processes + 2}")
    return [*words, "--", *command]


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
