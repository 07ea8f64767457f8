"""The zygote's outer sandbox. Pure: folders in, bubblewrap's words out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from registry.host import sandbox

STAND = "/stand"
"""An empty folder where children build their roots; the same as in ``shim/root.py``."""

VARIABLES = {"PATH": "/env/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
"""Of the zygote itself; its children get their own. A pool of memory for each thread would cost each child megabytes,
and threads of Python take turns anyway.
"""


@dataclass(frozen=True)
class Nest:
    """What a zygote may see of this machine. ``environment`` is the runtime's base, holding nothing of any bundle.

    ``readable`` and ``writable`` are folders its children bind from, under their own names.
    """

    environment: Path
    shim: Path
    prefixes: Mapping[Path, Path]
    links: Mapping[str, str]
    plain: Sequence[str]
    readable: Sequence[Path]
    writable: Sequence[Path] = field(default=())

    def shows(self, root: Iterable[sandbox.Step]) -> bool:
        """Whether every folder that these steps bind is in sight."""
        seen = [Path("/usr"), *(Path("/", name) for name in self.plain), *self.readable, *self.writable]
        seen += [self.environment, self.shim, *self.prefixes.values()]
        sources = [Path(step.source) for step in root if step.kind == "bind"]
        return all(any(source.is_relative_to(folder) for folder in seen) for source in sources)


def arguments(nest: Nest, own_users: bool) -> list[str]:
    """The outer sandbox, for ``bwrap --args``.

    No process namespace of its own, so that a child can be handed over to the host; the whole of /proc, or the kernel
    would not let a child mount one. As root it keeps what it needs to become a deployment's user.
    """
    words = ["--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--clearenv"]
    words += [word for name, value in VARIABLES.items() for word in ("--setenv", name, value)]
    kept = ("--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID") if own_users else ("--unshare-user",)
    words += ["--cap-drop", "ALL", *kept, "--ro-bind", "/usr", "/usr"]
    for name, target in nest.links.items():
        words += ["--symlink", target, f"/{name}"]
    for name in nest.plain:
        words += ["--ro-bind", f"/{name}", f"/{name}"]
    words += ["--bind", "/proc", "/proc", "--dev", "/dev", "--dir", STAND]
    here = {Path("/env"): nest.environment, Path("/lumbung"): nest.shim, **nest.prefixes}
    sources = (nest.environment, nest.shim, *nest.prefixes.values(), *nest.readable)
    for inside, outside in (*here.items(), *((folder, folder) for folder in sources)):
        words += [*_parents(inside), "--ro-bind", str(outside), str(inside)]
    for folder in nest.writable:
        words += [*_parents(folder), "--bind", str(folder), str(folder)]
    return [*words, "--remount-ro", "/", "--chdir", "/"]


def _parents(path: Path) -> Iterator[str]:
    """Folders that its children can walk through: bubblewrap would make some of them for root alone."""
    for parent in sandbox.above(path):
        yield from ("--perms", "0755", "--dir", str(parent))
