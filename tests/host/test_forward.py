"""The forwarder inside the sandbox: bytes both ways, more of them than fit anywhere, a bounded number at once."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from registry.host.shim import forward


@pytest.fixture
def gateway(tmp_path: Path):
    """Echoes at a unix socket what comes, and the end too."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "host.sock"))
    listener.listen(64)
    threading.Thread(target=_accept, args=(listener,), daemon=True).start()
    yield tmp_path / "host.sock"
    listener.close()


def _accept(listener: socket.socket) -> None:
    while True:
        try:
            client, _address = listener.accept()
        except OSError:
            return
        threading.Thread(target=_echo, args=(client,), daemon=True).start()


def _echo(client: socket.socket) -> None:
    with client, suppress(OSError):
        while piece := client.recv(65536):
            client.sendall(piece)


@pytest.fixture
def address(gateway: Path) -> tuple[str, int]:
    return forward.start(("127.0.0.1", 0), str(gateway))


def dial(address: tuple[str, int]) -> socket.socket:
    return socket.create_connection(address, timeout=10)


def test_bytes_go_there_and_come_back_and_the_end_too(address):
    with dial(address) as client:
        client.sendall(b"halo")
        client.shutdown(socket.SHUT_WR)
        assert received(client) == b"halo"


def received(client: socket.socket) -> bytes:
    found = b""
    while piece := client.recv(65536):
        found += piece
    return found


def test_more_than_any_buffer_holds_passes(address):
    sent = bytes(range(256)) * 40_000
    with dial(address) as client:
        writer = threading.Thread(target=lambda: (client.sendall(sent), client.shutdown(socket.SHUT_WR)))
        writer.start()
        assert received(client) == sent
        writer.join(5)


def test_many_at_once_are_served_and_the_rest_wait_their_turn(address):
    held = [dial(address) for _ in range(forward.CONNECTIONS)]
    late = dial(address)
    late.sendall(b"x")
    late.settimeout(0.5)
    with pytest.raises(TimeoutError):
        late.recv(1)
    held.pop().close()
    late.settimeout(10)
    assert late.recv(1) == b"x"
    for client in [late, *held]:
        client.close()


def test_without_a_gateway_a_connection_is_closed_and_the_next_is_tried(tmp_path):
    address = forward.start(("127.0.0.1", 0), str(tmp_path / "nothing.sock"))
    for _ in range(3):
        with dial(address) as client:
            assert client.recv(1) == b""


def test_a_client_that_breaks_off_harms_nobody(address):
    broken = dial(address)
    broken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    broken.sendall(b"x" * 1_000_000)
    broken.close()
    with dial(address) as client:
        client.sendall(b"halo")
        assert client.recv(4) == b"halo"
