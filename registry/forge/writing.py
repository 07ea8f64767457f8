"""Commits and tags made without a checkout."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from registry.forge import git

ZERO = "0" * 40
Signer = Callable[[bytes], bytes]
"""Gives an object back with a signature in it (`registry.forge.signatures.own`)."""

_IMPORT = ("fast-import", "--quiet", "--done", "--date-format=raw")
_IMPORT_CONFIG = {"fastimport.unpackLimit": "1"}


@dataclass(frozen=True)
class Author:
    """Who a commit or tag is by; ``when`` has a zone."""

    name: str
    email: str
    when: datetime

    def __str__(self) -> str:
        name = re.sub(r"[<>\x00-\x1f]", " ", self.name).strip() or "Lumbung"
        return f"{name} <{self.email}> {int(self.when.timestamp())} +0000"


@dataclass(frozen=True)
class File:
    """``mode`` is git's: 0o100644 or 0o100755."""

    path: str
    mode: int
    content: bytes


def commit_files(
    repository: Path, ref: str, files: Iterable[File], message: str, author: Author, parent: str = ""
) -> str:
    """A commit of ``files`` on ``ref``: of these alone, or changing those of ``parent``. Returns its id."""
    with git.started(repository, *_IMPORT, stdin=git.PIPE, config=_IMPORT_CONFIG, seconds=600) as process:
        assert process.stdin and process.stdout  # noqa: S101 pipes were asked for
        process.stdin.write(_head(ref, message, author, parent))
        for file in files:
            process.stdin.write(f"M {file.mode:o} inline {_quoted(file.path)}\n".encode())
            process.stdin.write(_data(file.content))
        process.stdin.write(b"get-mark :1\ndone\n")
        process.stdin.close()
        return process.stdout.read().decode().strip()


def commit_tree(repository: Path, tree: str, parent: str, message: str, author: Author, sign: Signer = bytes) -> str:
    """A commit of a whole tree; without a parent when ``parent`` is empty. Returns its id."""
    lines = [f"tree {tree}", *([f"parent {parent}"] if parent else []), f"author {author}", f"committer {author}"]
    return git.line(repository, "hash-object", "-t", "commit", "-w", "--stdin", stdin=sign(_object(lines, message)))


def tag(repository: Path, name: str, commit: str, message: str, author: Author, sign: Signer = bytes) -> str:
    """An annotated tag's object, named by nothing yet. Returns its id."""
    lines = [f"object {commit}", "type commit", f"tag {name}", f"tagger {author}"]
    return git.line(repository, "hash-object", "-t", "tag", "-w", "--stdin", stdin=sign(_object(lines, message)))


def update_refs(repository: Path, wanted: Mapping[str, tuple[str, str]]) -> None:
    """Move refs (name → new, old) all or none; `ZERO` means "is not there". Raises GitError when one has moved."""
    lines = ["start", *(f"update {ref} {new} {old}" for ref, (new, old) in wanted.items()), "commit"]
    git.run(repository, "update-ref", "--stdin", stdin="\n".join([*lines, ""]).encode())


def ref_value(repository: Path, ref: str) -> str:
    """The object a full ref names, `ZERO` when there is none."""
    try:
        return git.line(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", ref)
    except git.GitError:
        return ZERO


def tree_of(repository: Path, commit: str) -> str:
    return git.line(repository, "rev-parse", "--verify", "--end-of-options", f"{commit}^{{tree}}")


def _head(ref: str, message: str, author: Author, parent: str) -> bytes:
    lines = f"commit {ref}\nmark :1\nauthor {author}\ncommitter {author}\n".encode()
    base = f"from {parent}\n".encode() if parent else b"deleteall\n"
    return lines + _data(message.encode()) + base


def _data(content: bytes) -> bytes:
    return b"data %d\n" % len(content) + content + b"\n"


def _object(lines: list[str], message: str) -> bytes:
    return ("\n".join([*lines, "", message.strip()]) + "\n").encode()


def _quoted(path: str) -> str:
    """A path as fast-import reads it back, whatever it holds."""
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
