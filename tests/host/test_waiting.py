"""Waiting for one descriptor, whatever its number."""

from __future__ import annotations

import fcntl
import os
import resource

import pytest

from registry.host.waiting import readable


@pytest.fixture
def high():
    """Both ends of a pipe whose reading end has a number beyond what select() can name."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 3000:
        pytest.skip("this machine allows fewer than 3000 descriptors")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 3000), hard))
    reading, writing = os.pipe()
    number = fcntl.fcntl(reading, fcntl.F_DUPFD_CLOEXEC, 2000)
    yield number, writing
    for descriptor in {reading, number, writing}:
        os.close(descriptor)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_thousand_open_sockets_keep_no_plugin_from_starting(high: tuple[int, int]) -> None:
    reading, writing = high
    assert not readable(reading, 0.01)
    os.write(writing, b"x")
    assert readable(reading, 0.01)


def test_an_ended_writer_is_something_to_read() -> None:
    reading, writing = os.pipe()
    os.close(writing)
    assert readable(reading, 0.01)
    os.close(reading)
