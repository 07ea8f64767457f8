"""What is passed on of a plugin's PostgreSQL connection: its own role and database, nothing else."""

from __future__ import annotations

import struct

import pytest

from registry.core import pgwire


def startup(version: int = 3 << 16, **told: str) -> bytes:
    body = b"".join(f"{name}\0{value}\0".encode() for name, value in told.items()) + b"\0"
    return struct.pack("!II", len(body) + 8, version) + body


@pytest.mark.parametrize(
    "told", [{"user": "plugin_7"}, {"user": "plugin_7", "database": "plugin_7"},
             {"user": "plugin_7", "database": "plugin_7_drill", "application_name": "x"}],
)  # fmt: skip
def test_its_own_role_and_database_are_passed_on(told: dict[str, str]) -> None:
    assert pgwire.startup_refusal(startup(**told), 7) is None


@pytest.mark.parametrize(
    "told", [{}, {"user": "postgres"}, {"user": "lumbung_app", "database": "plugin_7"},
             {"user": "plugin_7", "database": "lumbung"}, {"user": "plugin_7", "database": "plugin_70"},
             {"user": "plugin_7", "replication": "database"}, {"user": "plugin_8", "database": "plugin_8"}],
)  # fmt: skip
def test_any_other_role_or_database_is_refused(told: dict[str, str]) -> None:
    assert pgwire.startup_refusal(startup(**told), 7)


def test_a_name_told_twice_is_refused() -> None:
    body = b"user\0plugin_7\0user\0postgres\0\0"
    assert pgwire.startup_refusal(struct.pack("!II", len(body) + 8, 3 << 16) + body, 7)


@pytest.mark.parametrize(
    "packet", [b"", b"GET / HTTP/1.1\r\n\r\n", struct.pack("!IIII", 16, pgwire.CANCEL_REQUEST, 1, 2),
               startup(2 << 16, user="plugin_7"), startup(user="plugin_7")[:-1], startup(user="plugin_7") + b"x",
               struct.pack("!II", 20_008, 3 << 16) + b"x" * 20_000, struct.pack("!II", 14, 3 << 16) + b"user\0\0"],
)  # fmt: skip
def test_what_is_no_beginning_of_a_connection_is_refused(packet: bytes) -> None:
    assert pgwire.startup_refusal(packet, 7)


def test_a_wish_for_encryption_is_known() -> None:
    assert pgwire.wants_encryption(struct.pack("!II", 8, pgwire.SSL_REQUEST))
    assert pgwire.wants_encryption(struct.pack("!II", 8, pgwire.GSS_REQUEST))
    assert not pgwire.wants_encryption(startup(user="plugin_7"))
