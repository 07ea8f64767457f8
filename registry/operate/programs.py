"""The programs of the system that Lumbung cannot do without."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from registry.operate import edge
from registry.operate.line import FAIL, OK, WARN, Line

OLDEST_GIT = (2, 38)
"""merge-tree --write-tree, on which syncs without a checkout stand."""


class MissingError(Exception):
    """A program of the system is missing; the message names the package."""


def require() -> None:
    """Raises MissingError naming every program or file that is not there and how to get it."""
    missing = [line.text for line in found() if line.level == FAIL]
    if missing:
        raise MissingError("; ".join(missing))


def found() -> Iterator[Line]:
    """For each whether it is there, else how to get it."""
    yield _found("bwrap", "sandbox", "bubblewrap: apt-get install bubblewrap")
    git = shutil.which("git")
    version = _version([git, "--version"]) if git else ()
    if version >= OLDEST_GIT:
        yield Line(OK, "git", f"git {'.'.join(map(str, version))}")
    else:
        yield Line(FAIL, "git", "git 2.38 or newer is missing: apt-get install git")
    yield _signatures()
    for program, what in ((edge.program(), "edge"), (Path(sys.executable).with_name("uv"), "builds")):
        hint = f"{program} is missing: run 'make setup'"
        yield Line(OK, what, program.name) if program.exists() else Line(FAIL, what, hint)
    bootstrap = Path(__file__).parent.parent / "web" / "static" / "vendor"
    if not bootstrap.is_dir():
        yield Line(FAIL, "assets", "the front-end files are not installed: run 'make setup'")


def _signatures() -> Line:
    path = shutil.which("gpgv")
    hint = "commits signed with OpenPGP show as not checked, those signed with SSH are: apt-get install gpgv"
    return Line(OK, "signatures", path) if path else Line(WARN, "signatures", f"gpgv is missing; {hint}")


def _found(program: str, name: str, hint: str) -> Line:
    path = shutil.which(program)
    return Line(OK, name, path) if path else Line(FAIL, name, f"missing {hint}")


def _version(command: list[str]) -> tuple[int, ...]:
    told = subprocess.run(command, capture_output=True, text=True, timeout=10).stdout
    number = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", told)
    return tuple(int(part) for part in number.groups() if part) if number else ()
