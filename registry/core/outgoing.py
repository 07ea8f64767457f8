"""Asking a server that somebody else named: https, public addresses only, bounded in time and size.

The name is looked up once and the connection goes to an address that was judged: a name that answers differently the
next time (DNS rebinding) leads nowhere. Redirects are never followed.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from registry.core.addresses import is_public, resolve

MAX_URL = 500
TRIED = 4
"""Addresses of one name that are tried."""


@dataclass(frozen=True)
class Limits:
    """Seconds to connect, of silence and in all; bytes of the answer that are read."""

    connect: float = 5.0
    silence: float = 5.0
    total: float = 10.0
    body: int = 4096


@dataclass(frozen=True)
class Target:
    """What an https address names; ``path`` has the query."""

    host: str
    port: int
    path: str


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


class UnreachableError(Exception):
    """Nobody answered. ``code`` is stable: the problems of `read_url`, or ``no-host``, ``private``, ``connect``,
    ``tls``, ``timeout``, ``broken``.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_url(url: str, inner: Collection[str] = ()) -> Target | str:
    """The target, or why the address is refused by its text alone: ``malformed``, ``scheme``, ``userinfo``, ``port``.

    Only the usual port is asked, but for ``host:port`` named in ``inner``.
    """
    if not url or len(url) > MAX_URL or "\\" in url or not all(32 < ord(letter) < 127 for letter in url):
        return "malformed"
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError:
        return "malformed"
    if parts.scheme != "https":
        return "scheme"
    if "@" in parts.netloc:
        return "userinfo"
    if not parts.hostname or len(parts.hostname) > 253 or parts.fragment:
        return "malformed"
    if port != 443 and f"{parts.hostname}:{port}" not in inner:
        return "port"
    return Target(parts.hostname, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def addresses_of(target: Target, inner: Collection[str] = ()) -> list[str]:
    """Where the target may be asked. One private address among several is refused, too, unless ``inner`` names the host
    (``host`` or ``host:port``). Raises UnreachableError.
    """
    try:
        found = resolve(target.host, target.port)
    except (OSError, UnicodeError) as error:
        raise UnreachableError("no-host") from error
    ours = target.host in inner or f"{target.host}:{target.port}" in inner
    if not ours and not all(is_public(address) for address in found):
        raise UnreachableError("private")
    return found[:TRIED]


def post(
    url: str, body: bytes, headers: Mapping[str, str], inner: Collection[str] = (), limits: Limits | None = None
) -> Answer:
    """Send ``body``; the answer's body is cut at the limit. Raises UnreachableError."""
    return _ask("POST", url, body, headers, inner, limits)


def get(
    url: str, inner: Collection[str] = (), limits: Limits | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """The status and the beginning of what is there. Raises UnreachableError."""
    return _ask("GET", url, None, {"User-Agent": "Lumbung", "Accept": "*/*", **(headers or {})}, inner, limits)


def _ask(
    method: str, url: str, body: bytes | None, headers: Mapping[str, str], inner: Collection[str], limits: Limits | None
) -> Answer:
    target, bounds = read_url(url, inner), limits or Limits()
    if isinstance(target, str):
        raise UnreachableError(target)
    connection = _Pinned(target, addresses_of(target, inner), bounds)
    clock = threading.Timer(bounds.total, connection.cut)
    clock.start()
    try:
        connection.request(method, target.path, body, dict(headers))
        response = connection.getresponse()
        answer = Answer(response.status, response.read(bounds.body))
    except (OSError, HTTPException, ValueError) as error:
        raise UnreachableError(_code(error, connection.was_cut)) from error
    finally:
        clock.cancel()
        connection.close()
    if connection.was_cut:  # the end of a cut connection looks like the end of an answer
        raise UnreachableError("timeout")
    return answer


def _code(error: Exception, was_cut: bool) -> str:
    if was_cut or isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ssl.SSLError):
        return "tls"
    return "connect" if isinstance(error, OSError) else "broken"


class _Pinned(HTTPSConnection):
    """A connection to addresses already judged, with the certificate asked for the name."""

    def __init__(self, target: Target, addresses: list[str], limits: Limits) -> None:
        super().__init__(target.host, target.port, timeout=limits.silence)
        self.addresses, self.limits, self.was_cut = addresses, limits, False

    def connect(self) -> None:
        """The handshake comes after the socket is known to `cut`, so that it is bounded, too."""
        plain = self._reached()
        plain.settimeout(self.limits.silence)
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock.do_handshake()

    def cut(self) -> None:
        """Time is up: whoever waits on the socket wakes with an error. A server that drips never ends by itself."""
        self.was_cut = True
        if self.sock is not None:
            try:
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
            except OSError:
                pass

    def _reached(self) -> socket.socket:
        last: OSError = OSError("no address")
        for address in self.addresses:
            try:
                return socket.create_connection((address, self.port), timeout=self.limits.connect)
            except OSError as error:
                last = error
        raise last
