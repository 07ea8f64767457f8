"""A file's bytes as git has them, streamed: never all of them in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import IO
from urllib.parse import quote

from flask import Response, request
from flask_babel import gettext as _

from registry.core.errors import NotFoundError, TooLargeError
from registry.forge import git
from registry.forge.browsing import reading
from registry.forge.trees import CHUNK

SECONDS = 300
MAX_RAW = 200 * 2**20
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


def answer(repository: Path, commit: str, path: str) -> Response:
    """A file of a commit (full id): text as plain text, the rest to be saved; 304 to who has it.

    Raises NotFoundError, TooLargeError.
    """
    entry = reading.find(repository, commit, path)
    if entry.kind not in ("file", "symlink"):
        raise NotFoundError(_("There is no file %(path)s in this version.", path=path[:200]))
    size = reading.size(repository, entry.id)
    if size > MAX_RAW:
        raise TooLargeError(_("This file is larger than %(mb)d MB. Clone the repository.", mb=MAX_RAW >> 20))
    known = request.if_none_match.contains(entry.id)
    made = Response(status=304) if known else _whole(repository, entry.id, size, PurePosixPath(path).name)
    made.headers.update({
        "Content-Security-Policy": WALL, "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "private, no-cache",
    })  # fmt: skip
    made.set_etag(entry.id)
    return made


def _whole(repository: Path, object_id: str, size: int, name: str) -> Response:
    begin, content = stream(repository, object_id, size)
    is_text = b"\0" not in begin
    made = Response(content, direct_passthrough=True)
    made.headers["Content-Type"] = "text/plain; charset=utf-8" if is_text else "application/octet-stream"
    made.headers["Content-Disposition"] = f"{'inline' if is_text else 'attachment'}; filename*=UTF-8''{quote(name)}"
    made.headers["Content-Length"] = str(size)
    if request.method == "HEAD":
        content.close()
    return made
