"""An https server on this machine with a certificate of its own, which does what a test tells it."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAME = "localhost"
Behaviour = Callable[[ssl.SSLSocket], None]


@dataclass
class Server:
    """``taken`` are the requests as they came; ``behaviour`` answers one that was read."""

    port: int
    certificate: Path
    behaviour: Behaviour
    taken: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.port}/hook?city=1"

    @property
    def inner(self) -> tuple[str, ...]:
        return (f"{NAME}:{self.port}",)


def answering(text: bytes) -> Behaviour:
    return lambda connection: connection.sendall(text)


OK = answering(b"HTTP/1.1 204 No Content\r\n\r\n")


@contextmanager
def serving(folder: Path, behaviour: Behaviour = OK) -> Iterator[Server]:
    """The client trusts it when SSL_CERT_FILE names ``certificate``."""
    certificate = _certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(listener.getsockname()[1], certificate, behaviour)
        threading.Thread(target=_serve, args=(listener, context, server), daemon=True).start()
        yield server


def _serve(listener: socket.socket, context: ssl.SSLContext, server: Server) -> None:
    while True:
        try:
            plain, _address = listener.accept()
        except OSError:
            return
        with suppress(OSError), context.wrap_socket(plain, server_side=True) as connection:
            connection.settimeout(60)
            server.taken.append(_read(connection))
            server.behaviour(connection)


def _read(connection: ssl.SSLSocket) -> bytes:
    text = b""
    while b"\r\n\r\n" not in text:
        text += _more(connection)
    head, _blank, body = text.partition(b"\r\n\r\n")
    lengths = (line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
    length = int(next(lengths, b":0").split(b":")[1])
    while len(body) < length:
        body += _more(connection)
    return head + b"\r\n\r\n" + body


def _more(connection: ssl.SSLSocket) -> bytes:
    """Raises ConnectionError at the end: who is gone sends no more, however often one asks."""
    piece = connection.recv(4096)
    if not piece:
        raise ConnectionError
    return piece


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "server.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
