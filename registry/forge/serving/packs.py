"""Git's own upload-pack and receive-pack behind HTTP: requests spooled to disk, answers streamed, both bounded."""

from __future__ import annotations

import tempfile
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from flask import Flask, current_app
from flask_babel import gettext as _

from registry.core.errors import InvalidError, TooLargeError, UnavailableError
from registry.core.logs import logger
from registry.forge import git, storage
from registry.forge.trees import CHUNK

HOOKS = Path(__file__).parent / "hooks"
SECONDS = 3_600
RETRY_AFTER = 10
MAX_WANTS = 8 * 2**20
"""Of a fetch request: lines of 50 bytes that name commits."""

SLACK = 2**20
"""Of a push beside its pack: the commands, and enough for git itself to notice and tell that the pack is too large."""

MAX_TIMES = 20
"""How much more than a push may hold is read and dropped, so that git can say why; beyond that HTTP does (413)."""

PUSH_MEMORY = 2**30
"""Of each process of a push: a small pack may describe objects of any size, which git unfolds in memory."""

_GZIP = 16 + zlib.MAX_WBITS


def init_app(app: Flask) -> None:
    app.extensions["lumbung_packs"] = threading.BoundedSemaphore(app.extensions["lumbung"].git_packs)


def hold_slot(held: ExitStack) -> None:
    """One of the packs this process serves at once, until ``held`` closes. Raises UnavailableError."""
    slots: threading.BoundedSemaphore = current_app.extensions["lumbung_packs"]
    if not slots.acquire(timeout=1):
        raise UnavailableError(_("Many clones and pushes are running. Try again in a moment."))
    held.callback(slots.release)


def spool(stream: IO[bytes], encoding: str, held: ExitStack, keep: int, cut: bool) -> IO[bytes]:
    """The request's body as a file on disk of at most ``keep`` bytes, unpacked when it came as gzip.

    Of a longer one the rest is read and dropped when ``cut`` is set, so that the client comes to hear git's answer;
    else TooLargeError is raised.
    """
    folder = storage.here().data / "git" / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    file = held.enter_context(tempfile.TemporaryFile(dir=folder))
    size = 0
    for chunk in _inflated(stream, encoding):
        file.write(chunk[: keep - size])
        size += len(chunk)
        if size >= keep:
            break
    if size >= keep and not cut:
        raise TooLargeError(_("This request is larger than a fetch can be."))
    while cut and size >= keep and stream.read(CHUNK):
        pass
    file.seek(0)
    return file


class Answer:
    """What git writes, as a WSGI iterable; ``close`` (called by the server, also after a broken connection) ends it."""

    def __init__(self, process: IO[bytes], held: ExitStack, name: str) -> None:
        self._output, self._held, self._name = process, held, name

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        chunk: bytes = self._output.read1(CHUNK)  # type: ignore[attr-defined]
        if chunk:
            return chunk
        self.close()
        raise StopIteration

    def close(self) -> None:
        try:
            self._held.close()
        except git.GitError as error:
            logger.info("git ended early", service=self._name, reason=str(error)[-300:])


def answer(
    repository: Path, service: str, body: IO[bytes], held: ExitStack, config: Mapping[str, str],
    variables: Mapping[str, str], after: Callable[[], None] | None = None,
) -> Answer:
    """Run ``service`` (upload-pack or receive-pack) on a spooled request; ``after`` runs when it has ended.

    The answer takes over what ``held`` holds.
    """
    if after is not None:
        held.callback(after)
    process = held.enter_context(
        git.started(
            None, service, "--stateless-rpc", str(repository),
            stdin=body, config=config, variables=variables, seconds=SECONDS,
            memory=PUSH_MEMORY if service == "receive-pack" else 0,
        )
    )
    assert process.stdout  # noqa: S101 a pipe was asked for
    return Answer(process.stdout, held.pop_all(), service)


def _inflated(stream: IO[bytes], encoding: str) -> Iterator[bytes]:
    if encoding in ("", "identity"):
        while chunk := stream.read(CHUNK):
            yield chunk
        return
    if encoding not in ("gzip", "x-gzip"):
        raise InvalidError(_("Send this request plain or as gzip."))
    inflater = zlib.decompressobj(_GZIP)
    try:
        while chunk := stream.read(CHUNK):
            yield inflater.decompress(chunk, CHUNK)
            while inflater.unconsumed_tail:
                yield inflater.decompress(inflater.unconsumed_tail, CHUNK)
    except zlib.error as error:
        raise InvalidError(_("This request is not valid gzip.")) from error
