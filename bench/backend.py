"""Git's own CGI program behind WSGI and nothing else: what a careful installation without a registry would run."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

CHUNK = 64 * 1024
ROOT = os.environ.get("BENCH_GIT_ROOT", "")
PASSED = ("REQUEST_METHOD", "QUERY_STRING", "CONTENT_TYPE", "CONTENT_LENGTH", "HTTP_CONTENT_ENCODING",
          "HTTP_GIT_PROTOCOL", "REMOTE_ADDR", "PATH_INFO")  # fmt: skip


def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Requests of clones are small: their body goes in whole before the answer is read."""
    given = {name: str(environ[name]) for name in PASSED if environ.get(name)}
    env = {
        "PATH": "/usr/bin:/bin", "GIT_PROJECT_ROOT": ROOT, "GIT_HTTP_EXPORT_ALL": "1", "HOME": "/nonexistent",
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*", **given,
    }  # fmt: skip
    pipe = subprocess.PIPE
    process = subprocess.Popen(["git", "http-backend"], stdin=pipe, stdout=pipe, env=env)
    assert process.stdin and process.stdout
    process.stdin.write(environ["wsgi.input"].read())
    process.stdin.close()
    headers = dict(_headers(process.stdout))
    start_response(headers.pop("Status", "200 OK"), list(headers.items()))
    return _body(process, process.stdout)


def _headers(output: IO[bytes]) -> Iterator[tuple[str, str]]:
    while line := output.readline().decode().strip():
        name, _colon, value = line.partition(": ")
        yield name, value


def _body(process: subprocess.Popen[bytes], output: IO[bytes]) -> Iterator[bytes]:
    try:
        while chunk := output.read1(CHUNK):  # type: ignore[attr-defined]
            yield chunk
    finally:
        process.kill()
        process.wait()
