"""What git runs before it keeps a push: judges by `rules`, inside git's quarantine, and tells the client why not.

A program of its own (``hooks/pre-receive`` starts it): standard input has lines of "old new ref", LUMBUNG_POLICY the
repository's policy and the words in the language of who pushes. What is refused here leaves nothing behind.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from registry.forge.serving import rules
from registry.forge.serving.rules import ZERO, Policy, Update

GIT = "git"
WARNED = 5
"""Links and submodules named; more only make the same point."""


class Refusal(Exception):  # noqa: N818 the end of a push, no fault
    """``code`` names the words, ``told`` what they are about."""

    def __init__(self, code: str, **told: object) -> None:
        super().__init__(code)
        self.code, self.told = code, told


def main() -> int:
    """1 refuses the push."""
    given = json.loads(os.environ["LUMBUNG_POLICY"])
    say = given["say"]
    try:
        updates = list(read(sys.stdin))
        judge(Policy(**given["policy"]), updates)
        look_inside([one.new for one in updates if one.new != ZERO])
        for path, mode in unusual(updates):
            tell(say, "submodule" if mode == rules.SUBMODULE else "link", path=path)
    except Refusal as refusal:
        tell(say, refusal.code, **refusal.told)
        return 1
    except (subprocess.SubprocessError, OSError, ValueError, IndexError):  # no traceback in somebody's terminal
        tell(say, "unreadable")
        return 1
    return 0


def read(lines: Iterable[str]) -> Iterator[Update]:
    for number, line in enumerate(lines):
        if number >= rules.MAX_CHANGES:
            raise Refusal("too-many-changes", n=rules.MAX_CHANGES)
        old, new, ref = line.rstrip("\n").split(" ", 2)
        yield Update(ref, old, new, ref != rules.MAIN or ZERO in (old, new) or is_ancestor(old, new))


def judge(policy: Policy, updates: list[Update]) -> None:
    for update in updates:
        if problem := rules.update_problem(policy, update):
            raise Refusal(problem, ref=update.ref)
    there = sum(1 for _ in lines("for-each-ref", f"--count={rules.MAX_REFS + 1}", "--format=%(refname)"))
    if problem := rules.count_problem(updates, there):
        raise Refusal(problem, n=rules.MAX_REFS)


def look_inside(tips: list[str]) -> None:
    """Every object that is new here: no file may be huge, none an LFS pointer."""
    suspects: list[tuple[str, str]] = []
    for name, kind, size, path in new_objects(tips):
        if kind == "blob" and size > rules.MAX_FILE:
            raise Refusal("huge-file", path=path, size=size // 2**20 + 1, n=rules.MAX_FILE // 2**20)
        if rules.may_be_pointer(kind, size):
            suspects.append((name, path))
    for path in pointers(suspects):
        raise Refusal("lfs", path=path)


def new_objects(tips: list[str]) -> Iterator[tuple[str, str, int, str]]:
    """Name, kind, bytes and path of what neither this repository nor its pool had."""
    given = "".join(f"{tip}\n" for tip in tips).encode()
    found = spawn("rev-list", "--objects", "--stdin", "--not", "--all", "--alternate-refs", given=given)
    told = spawn("cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize) %(rest)", stdin=found.stdout)
    assert told.stdout  # noqa: S101 a pipe was asked for
    for line in told.stdout:
        parts = line.decode("utf-8", "replace").rstrip("\n").split(" ", 3)
        if len(parts) != 4:  # "missing": git looks before, so it cannot be
            raise Refusal("unreadable")
        yield parts[0], parts[1], int(parts[2]), parts[3]
    if found.wait() or told.wait():
        raise Refusal("unreadable")


def pointers(suspects: list[tuple[str, str]]) -> Iterator[str]:
    """The paths of those whose content is a pointer."""
    if not suspects:
        return
    told = spawn("cat-file", "--batch", given="".join(f"{name}\n" for name, _path in suspects).encode())
    assert told.stdout  # noqa: S101 a pipe was asked for
    for _name, path in suspects:
        size = int(told.stdout.readline().split()[2])
        content = told.stdout.read(size + 1)
        if content.startswith(rules.POINTER):
            yield path


def unusual(updates: list[Update]) -> Iterator[tuple[str, str]]:
    """The first links and submodules on main: a bundle with one is not released."""
    tip = next((one.new for one in updates if one.ref == rules.MAIN), ZERO)
    found = 0
    for line in lines("ls-tree", "-r", "-z", "--full-tree", tip, end="\0") if tip != ZERO else ():
        head, _tab, path = line.partition("\t")
        mode = head.partition(" ")[0]
        if mode in (rules.LINK, rules.SUBMODULE) and found < WARNED:
            found += 1
            yield path, mode


def is_ancestor(old: str, new: str) -> bool:
    return subprocess.run([GIT, "merge-base", "--is-ancestor", old, new], check=False).returncode == 0


def lines(*arguments: str, end: str = "\n") -> Iterator[str]:
    done = subprocess.run([GIT, *arguments], check=True, capture_output=True)
    return iter(done.stdout.decode("utf-8", "replace").split(end)[:-1])


def spawn(*arguments: str, stdin: Any = None, given: bytes = b"") -> subprocess.Popen[bytes]:
    """A git that reads ``given`` from a file of its own: a pipe both ways could wait for itself."""
    if stdin is None:
        descriptor = os.memfd_create("given")
        with os.fdopen(descriptor, "wb", closefd=False) as file:
            file.write(given)
        os.lseek(descriptor, 0, os.SEEK_SET)
        stdin = descriptor
    return subprocess.Popen([GIT, *arguments], stdin=stdin, stdout=subprocess.PIPE)


def tell(say: Mapping[str, str], code: str, **told: object) -> None:
    words = say.get(code, code) % {name: rules.printable(str(value)) for name, value in told.items()}
    sys.stderr.buffer.write(f"lumbung: {words}\n".encode())
    sys.stderr.flush()
