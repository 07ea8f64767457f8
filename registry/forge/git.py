"""The one place that starts git: fixed arguments, an empty environment, bounded output, a time limit.

Nothing from outside ever becomes an option: callers put ``--end-of-options`` or ``--`` before it, or give it on
standard input. All configuration travels in ``GIT_CONFIG_*``, so no repository has a setting of its own that would have
to be migrated later.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from registry.core import tails

BINARY = shutil.which("git") or "/usr/bin/git"
PIPE = subprocess.PIPE
NICE, IONICE = shutil.which("nice"), shutil.which("ionice")
IDLE = ([NICE, "-n", "19"] if NICE else []) + ([IONICE, "-c", "3"] if IONICE else [])
SECONDS = 60
MAX_OUTPUT = 16 * 2**20
MAX_COMPLAINT = 4_000

CONFIG: Mapping[str, str] = {
    "core.hooksPath": "/dev/null",
    "core.fsmonitor": "false",
    "core.symlinks": "false",
    "core.useReplaceRefs": "false",
    "core.quotePath": "false",
    "core.bigFileThreshold": "20m",
    "core.fsync": "objects,derived-metadata,reference",
    "core.packedRefsTimeout": "10000",
    "core.filesRefLockTimeout": "1000",
    "core.alternateRefsPrefixes": "refs/heads refs/tags",
    "gc.auto": "0",
    "maintenance.auto": "0",
    "pack.threads": "1",
    "pack.windowMemory": "100m",
    "protocol.allow": "never",
    "http.followRedirects": "false",
    "submodule.recurse": "false",
    "fetch.recurseSubmodules": "false",
    "transfer.bundleURI": "false",
    "transfer.fsckObjects": "true",
    "transfer.hideRefs": "refs/lumbung",
    "fetch.fsck.badTimezone": "ignore",
    "fetch.fsck.missingSpaceBeforeDate": "ignore",
    "fetch.fsck.zeroPaddedFilemode": "ignore",
    "receive.fsck.badTimezone": "ignore",
    "receive.fsck.missingSpaceBeforeDate": "ignore",
    "receive.fsck.zeroPaddedFilemode": "ignore",
    "receive.autogc": "false",
    "receive.denyDeletes": "false",
    "uploadpack.allowFilter": "true",
}
"""Of every command. The three ignored complaints are those of old but honest histories, as at GitLab."""


Config = Mapping[str, str | tuple[str, ...]]
"""Settings of one command; one with several values is given as a tuple."""


class GitError(Exception):
    """Git ended with an error: ``code`` is its exit status, the message the end of what it wrote about it."""

    def __init__(self, message: str, code: int = -1) -> None:
        super().__init__(message)
        self.code = code


class GitTimeoutError(GitError):
    """It took too long and was killed."""


class GitOutputError(GitError):
    """It wrote more than the caller was ready to take and was killed."""


def environment(config: Config | None = None, variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """The whole environment of a git process: ours, never the server's."""
    chosen = [pair for key, value in {**CONFIG, **(config or {})}.items() for pair in _pairs(key, value)]
    env = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": "/nonexistent",
        "XDG_CONFIG_HOME": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_COUNT": str(len(chosen)),
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_ADVICE": "0",
        "LC_ALL": "C",
        "TZ": "UTC",
    }
    for number, (key, value) in enumerate(chosen):
        env[f"GIT_CONFIG_KEY_{number}"], env[f"GIT_CONFIG_VALUE_{number}"] = key, value
    return {**env, **(variables or {})}


@contextmanager
def started(
    repository: Path | None,
    *arguments: str,
    stdin: IO[bytes] | int = subprocess.DEVNULL,
    config: Config | None = None,
    variables: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
    largest_file: int = 0,
    memory: int = 0,
    idle: bool = False,
) -> Iterator[subprocess.Popen[bytes]]:
    """A running git with its output as a pipe; gone, one way or the other, when the block is left.

    Leaving the block without an exception raises GitTimeoutError or GitError unless git ended well by itself; a caller
    that has read enough calls `stop`. ``largest_file`` bounds every file it and its children write, ``memory`` the
    address space of each (bytes, 0 = any). ``idle`` work takes what nobody else wants of processor and disk.
    """
    env = environment(config, variables)
    if repository is not None:
        env["GIT_DIR"] = str(repository)
    with tempfile.TemporaryFile() as complaint:
        process = subprocess.Popen(
            [*(IDLE if idle else []), *_bounded(largest_file, memory), BINARY, *arguments],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=complaint,
            env=env,
            cwd="/",
        )
        expired = threading.Event()
        timer = threading.Timer(seconds, _expire, (process, expired))
        timer.start()
        try:
            yield process
            stopped = process.returncode is not None
            _close(process)
            process.wait()
        finally:
            timer.cancel()
            stop(process)
        if expired.is_set():
            raise GitTimeoutError(f"git {arguments[0]} took more than {seconds:g} seconds")
        if process.returncode and not stopped:
            raise GitError(_tail(complaint) or f"git {arguments[0]} failed", process.returncode)


def run(
    repository: Path | None,
    *arguments: str,
    stdin: bytes = b"",
    config: Config | None = None,
    variables: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
    limit: int = MAX_OUTPUT,
    largest_file: int = 0,
    idle: bool = False,
) -> bytes:
    """What git writes, at most ``limit`` bytes. Raises GitError and its kinds."""
    with tempfile.TemporaryFile() as given:
        given.write(stdin)
        given.seek(0)
        with started(
            repository,
            *arguments,
            stdin=given,
            config=config,
            variables=variables,
            seconds=seconds,
            largest_file=largest_file,
            idle=idle,
        ) as process:
            assert process.stdout  # noqa: S101 a pipe was asked for
            output = process.stdout.read(limit + 1)
            if len(output) > limit:
                raise GitOutputError(f"git {arguments[0]} wrote more than {limit} bytes")
    return output


def line(repository: Path, *arguments: str, stdin: bytes = b"") -> str:
    """The one line git writes."""
    return run(repository, *arguments, stdin=stdin).decode("utf-8", "replace").strip()


def stop(process: subprocess.Popen[bytes]) -> None:
    """Kill it if it still runs, and close its pipes."""
    if process.poll() is None:
        process.kill()
    process.wait()
    _close(process)


def _pairs(key: str, value: str | tuple[str, ...]) -> list[tuple[str, str]]:
    return [(key, one) for one in ((value,) if isinstance(value, str) else value)]


def _bounded(largest_file: int, memory: int) -> list[str]:
    """A shell's ulimit (blocks of 512 bytes, kB) before git starts, so that its first child is bound by it too."""
    limits = [f"ulimit -f {largest_file // 512 + 1}"] if largest_file else []
    limits += [f"ulimit -v {memory // 1024}"] if memory else []
    return ["/bin/sh", "-c", " && ".join([*limits, 'exec "$@"']), "sh"] if limits else []


def _close(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe and not pipe.closed:
            try:
                pipe.close()
            except BrokenPipeError:
                continue


def _expire(process: subprocess.Popen[bytes], expired: threading.Event) -> None:
    expired.set()
    process.kill()


def _tail(complaint: IO[bytes]) -> str:
    return tails.end(complaint, MAX_COMPLAINT).strip()
