"""A file's bytes as git has them, streamed: never all of them in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from registry.forge import git
from registry.forge.trees import CHUNK

SECONDS = 300
WALL = "default-src 'none'; sandbox"
"""Whatever a stranger's file is called or holds: opened by itself it is nobody's page."""


class Stream:
    """A WSGI iterable of a blob; ``close`` (called by the server, also after a broken connection) ends git."""

    def __init__(self, begin: bytes, rest: IO[bytes], held: ExitStack) -> None:
        self._begin, self._rest, self._held = begin, rest, held

    def __iter__(self) -> Iterator[bytes]:
        if self._begin:
            yield self._begin
        while chunk := self._rest.read(CHUNK):
            yield chunk

    def close(self) -> None:
        try:
            self._held.close()
        except git.GitError:
            return


def stream(repository: Path, object_id: str, size: int) -> tuple[bytes, Stream]:
    """A blob's first bytes (of at most `CHUNK`), to tell what it is, and all of it."""
    with ExitStack() as held:
        process = held.enter_context(git.started(repository, "cat-file", "blob", object_id, seconds=SECONDS))
        assert process.stdout  # noqa: S101 a pipe was asked for
        begin = process.stdout.read(min(size, CHUNK))
        return begin, Stream(begin, process.stdout, held.pop_all())
