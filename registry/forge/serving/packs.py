"""Git's own upload-pack and receive-pack behind HTTP: requests spooled to disk, answers streamed, both bounded."""

from __future__ import annotations

import os
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from flask_babel import gettext as _

from registry.core.errors import InvalidError, TooLargeError, UnavailableError
from registry.core.logs import logger
from registry.forge import git, storage
from registry.forge.serving.patience import Patience
from registry.forge.trees import CHUNK

READ, WRITE = "upload-pack", "receive-pack"
HOOKS = Path(__file__).parent / "hooks"
SECONDS = 3_600
MAX_WANTS = 8 * 2**20
"""Of a fetch request: lines of 50 bytes that name commits."""

SLACK = 2**20
"""Of a push beside its pack: the commands, and enough for git itself to notice and tell that the pack is too large."""

LS_REFS = b"0014command=ls-refs"
"""Of protocol v2 (git: Documentation/gitprotocol-v2)."""

MAX_TIMES = 20
"""How much more than a push may hold is read and dropped, so that git can say why; beyond that HTTP does (413)."""

PUSH_MEMORY = 2**30
"""Of each process of a push: a small pack may describe objects of any size, which git unfolds in memory."""

_GZIP = 16 + zlib.MAX_WBITS


def spool(stream: IO[bytes], encoding: str, held: ExitStack, keep: int, cut: bool, patience: Patience) -> IO[bytes]:
    """The request's body as a file on disk of at most ``keep`` bytes, unpacked when it came as gzip.

    Of a longer one the rest is read and dropped when ``cut`` is set, so that the client comes to hear git's answer;
    else TooLargeError is raised.
    """
    folder = storage.here().data / "git" / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    file = held.enter_context(tempfile.TemporaryFile(dir=folder))
    size = 0
    for chunk in _inflated(_pieces(stream, patience), encoding):
        file.write(chunk[: keep - size])
        size += len(chunk)
        if size >= keep:
            break
    if size >= keep and not cut:
        raise TooLargeError(_("This request is larger than a fetch can be."))
    for _rest in _pieces(stream, patience):
        pass
    file.seek(0)
    return file


def asks_for_names(body: IO[bytes]) -> bool:
    """Whether a fetch begins with protocol v2's question for branches and tags: it costs no pack."""
    return os.pread(body.fileno(), len(LS_REFS), 0) == LS_REFS  # git reads on from where the file itself stands


class Answer:
    """What git writes, as a WSGI iterable; ``close`` (called by the server, also after a broken connection) ends it."""

    def __init__(self, first: bytes, output: IO[bytes], held: ExitStack, name: str, patience: Patience) -> None:
        self._first, self._output, self._held, self._name = first, output, held, name
        self._patience = patience

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        self._patience.came(0)
        chunk = self._first or _read(self._output)
        self._first = b""
        if not chunk:
            self.close()
            raise StopIteration
        self._patience.went(len(chunk))
        return chunk

    def close(self) -> None:
        try:
            self._held.close()
        except git.GitError as error:
            logger.info("git ended early", service=self._name, reason=str(error)[-300:])


def answer(
    repository: Path, service: str, body: IO[bytes], held: ExitStack, config: git.Config,
    variables: Mapping[str, str], patience: Patience, after: Callable[[], None] | None = None,
) -> Answer:  # fmt: skip
    """Run ``service`` (upload-pack or receive-pack) on a spooled request; ``after`` runs when it has ended.

    The answer takes over what ``held`` holds.
    """
    if after is not None:
        held.callback(after)
    process = held.enter_context(
        git.started(
            None, service, "--stateless-rpc", str(repository),
            stdin=body, config=config, variables=variables, seconds=SECONDS,
            memory=PUSH_MEMORY if service == WRITE else 0,
        )
    )  # fmt: skip
    assert process.stdout  # noqa: S101 a pipe was asked for
    return Answer(b"", process.stdout, held.pop_all(), service, patience)


def advertise(
    repository: Path, service: str, config: git.Config, variables: Mapping[str, str], patience: Patience,
    prefix: bytes = b"",
) -> Answer:  # fmt: skip
    """The branches and tags of a repository, or (protocol v2) what its server can do. Raises UnavailableError."""
    arguments = (service, "--stateless-rpc", "--advertise-refs", str(repository))
    with ExitStack() as held:
        held.enter_context(patience)
        try:
            process = held.enter_context(git.started(None, *arguments, config=config, variables=variables))
            assert process.stdout  # noqa: S101 a pipe was asked for
            output, first = process.stdout, _read(process.stdout)
            if not first:
                held.close()
        except git.GitError as error:
            logger.error("a repository cannot be read", repository=str(repository), reason=str(error)[-300:])
            first = b""
        if not first:
            raise UnavailableError(_("This repository cannot be read at present. Try again later."))
        return Answer(prefix + first, output, held.pop_all(), service, patience)


def _read(pipe: IO[bytes]) -> bytes:
    """What is there, without waiting for more."""
    chunk: bytes = pipe.read1(CHUNK)  # type: ignore[attr-defined]
    return chunk


def _pieces(stream: IO[bytes], patience: Patience) -> Iterator[bytes]:
    """What the client sends, counted. Raises InvalidError when it breaks off."""
    while True:
        patience.wait()
        try:
            chunk = stream.read(CHUNK)
        except OSError as error:
            raise InvalidError(_("The connection broke before the request was whole. Try again.")) from error
        patience.came(len(chunk))
        if not chunk:
            return
        yield chunk


def _inflated(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    if encoding in ("", "identity"):
        yield from pieces
        return
    if encoding not in ("gzip", "x-gzip"):
        raise InvalidError(_("Send this request plain or as gzip."))
    inflater = zlib.decompressobj(_GZIP)
    try:
        for chunk in pieces:
            yield inflater.decompress(chunk, CHUNK)
            while inflater.unconsumed_tail:
                yield inflater.decompress(inflater.unconsumed_tail, CHUNK)
    except zlib.error as error:
        raise InvalidError(_("This request is not valid gzip.")) from error
