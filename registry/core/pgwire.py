"""The first words of a PostgreSQL connection, as far as whoever relays one for a plugin must understand them.

A server may trust the operating system's user of the relay (``peer`` in pg_hba.conf), so bytes are passed on only when
they ask for the deployment's own role and database. Pure; after the protocol's chapter "Message Formats", version 3.
"""

from __future__ import annotations

import struct

MAX_STARTUP = 10_000
"""Bytes, as the server's own limit."""

SSL_REQUEST, GSS_REQUEST, CANCEL_REQUEST = 80877103, 80877104, 80877102
NO = b"N"
"""The answer to SSL_REQUEST and GSS_REQUEST: the socket is as safe as it gets, go on without."""

_PROTOCOL = 3
DRILL = "_drill"


def role_name(deployment: int) -> str:
    """The role of a deployment, and the name of its database."""
    return f"plugin_{deployment}"


def wants_encryption(packet: bytes) -> bool:
    """Whether the whole first packet (length included) asks for TLS or GSSAPI: answer `NO` and read the next."""
    return len(packet) == 8 and struct.unpack("!II", packet) in ((8, SSL_REQUEST), (8, GSS_REQUEST))


def startup_refusal(packet: bytes, deployment: int) -> str | None:
    """Why this first packet (length included) is not passed on for ``deployment``, or None when it may be."""
    if not 8 < len(packet) <= MAX_STARTUP or struct.unpack("!I", packet[:4])[0] != len(packet):
        return "this is not the beginning of a PostgreSQL connection"
    (version,) = struct.unpack("!I", packet[4:8])
    if version == CANCEL_REQUEST:
        return "cancelling from another connection is not offered here: set a statement_timeout"
    if version >> 16 != _PROTOCOL:
        return "only version 3 of the protocol is spoken here"
    told = _parameters(packet[8:])
    if told is None:
        return "the parameters of this connection cannot be read"
    own = role_name(deployment)
    if told.get(b"user") != own.encode() or b"replication" in told:
        return f"the only role here is {own}"
    if told.get(b"database", own.encode()) not in (own.encode(), f"{own}{DRILL}".encode()):
        return f"the only database here is {own}"
    return None


def error_packet(message: str) -> bytes:
    """An ErrorResponse (FATAL, 28000: invalid authorization) that every client shows; close the connection after it."""
    fields = b"SFATAL\0VFATAL\0C28000\0M" + message.replace("\0", "").encode() + b"\0\0"
    return b"E" + struct.pack("!I", len(fields) + 4) + fields


def _parameters(body: bytes) -> dict[bytes, bytes] | None:
    """Name and value pairs, each ended by NUL, one NUL after the last; None for anything else, or a name told twice."""
    if not body.endswith(b"\0\0"):
        return None
    words = body[:-2].split(b"\0")
    names = words[::2]
    if len(words) % 2 or b"" in names or len(set(names)) != len(names):
        return None
    return dict(zip(names, words[1::2], strict=True))
