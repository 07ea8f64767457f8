"""Commits and tags as git keeps them, byte for byte, through one process."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from registry.forge import git
from registry.forge.signatures.envelopes import MAX_OBJECT

SECONDS = 20
CHUNK = 64 * 1024
_NAME = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}|refs/tags/[^\s\x00-\x1f\x7f]{1,300}")


@dataclass(frozen=True)
class Raw:
    """An object; ``content`` is None when it is larger than anything a person commits."""

    id: str
    type: bytes
    content: bytes | None


def read(repository: Path, names: Sequence[str]) -> dict[str, Raw]:
    """By the name asked (full ids, or full names of tags); what is not there is left out. Raises GitError."""
    wanted = [name for name in names if _NAME.fullmatch(name)]
    if not wanted:
        return {}
    return dict(_read(repository, wanted))


def _read(repository: Path, names: Sequence[str]) -> Iterator[tuple[str, Raw]]:
    with git.started(repository, "cat-file", "--batch", stdin=git.PIPE, seconds=SECONDS) as process:
        assert process.stdin and process.stdout  # noqa: S101 pipes were asked for
        for name in names:
            process.stdin.write(f"{name}\n".encode())
            process.stdin.flush()
            head = process.stdout.readline().split()
            if len(head) == 3 and head[2].isdigit():
                content = _content(process.stdout, int(head[2]))
                yield name, Raw(head[0].decode(), head[1], content)


def _content(answers: IO[bytes], size: int) -> bytes | None:
    content = answers.read(size) if size <= MAX_OBJECT else None
    left = 0 if content is not None else size
    while left:
        chunk = answers.read(min(CHUNK, left))
        if not chunk:
            raise git.GitError("an object ends too early")
        left -= len(chunk)
    answers.read(1)
    return content
