"""``python -m tests.plugins.serve FOLDER PORT``: a bundle as the host serves it, without the host and its walls.

Whoever sends the cookie ``as=operator`` or ``as=administrator`` is that member of staff (``as=operator:Dinas PUPR``
names the office). Siblings are other such processes: ``SIBLINGS`` is JSON of name → [folder, port].
"""

from __future__ import annotations

import http.client
import importlib
import json
import os
import socketserver
import sys
import threading
import tomllib
from collections.abc import Callable, Iterable
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from cheroot.wsgi import Server
from lumbung_plugin import outside

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
STAFF = {"operator": "Operator (demo)", "administrator": "Administrator (demo)"}
CALLER = "X-Lumbung-Test-Caller"


def manifest(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "lumbung.toml").read_text())


def load(name: str) -> Any:
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute)


def guarded(app: App, told: dict[str, Any]) -> App:
    """Says who asks, as the host's gate does; staff pages and siblings' paths are closed to others."""
    staff = tuple(told.get("access", {}).get("staff", ()))
    provided = tuple(told.get("connect", {}).get("provides", {}).values())

    def gate(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        person, path = person_of(environ), environ["PATH_INFO"]
        asked = environ.get("HTTP_" + CALLER.upper().replace("-", "_"), "")
        caller, _, capability = asked.partition(" ")
        environ["lumbung.person"] = person
        environ["lumbung.caller"] = {"plugin": caller, "capability": capability} if caller else None
        closed = (below(path, staff) and person is None) or (below(path, provided) and not caller)
        if closed:
            start("403 Forbidden", [("Content-Type", "text/plain")])
            return [b"not for you"]
        return app(environ, start)

    return gate


def below(path: str, prefixes: tuple[str, ...]) -> bool:
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in prefixes)


def person_of(environ: dict[str, Any]) -> dict[str, Any] | None:
    cookie = SimpleCookie(environ.get("HTTP_COOKIE", "")).get("as")
    role, _, office = unquote(cookie.value if cookie else "").partition(":")
    if role not in STAFF:
        return None
    return {"id": role, "name": STAFF[role], "role": role, "opd": office or None, "opd_id": None}


class Way(BaseHTTPRequestHandler):
    """The way out: siblings are asked, figures and mail are taken and forgotten."""

    siblings: dict[str, tuple[str, int]]
    name: str

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        if not parts.path.startswith("/siblings/"):
            taken = parts.path in ("/kpi", "/mail")
            self.say(200 if taken else 404, {"Content-Type": "application/json"}, b"{}")
            return
        _, _, name, capability, *rest = [unquote(part) for part in parts.path.split("/")]
        if name not in self.siblings:
            problem = {"code": "sibling-absent", "title": name, "status": 404, "detail": name}
            self.say(404, {"Content-Type": "application/problem+json"}, json.dumps(problem).encode())
            return
        folder, port = self.siblings[name]
        path = "/".join([manifest(Path(folder))["connect"]["provides"][capability], *rest])
        asking = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        headers = {"Content-Type": self.headers.get("Content-Type", ""), CALLER: f"{self.name} {capability}"}
        asking.request(self.command, f"{path}?{parts.query}", body, headers)
        got = asking.getresponse()
        kind = got.headers.get("Content-Type", "")
        self.say(got.status, {"Content-Type": kind, "X-Lumbung-Sibling": name}, got.read())

    do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 the names that http.server asks for

    def say(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return

    def address_string(self) -> str:
        return "sandbox"


def open_way(name: str, siblings: dict[str, tuple[str, int]]) -> None:
    place = Path(os.environ["DATA_DIR"]) / "way.sock"
    place.unlink(missing_ok=True)
    outside.SOCKET = str(place)
    Way.siblings, Way.name = siblings, name
    server = socketserver.ThreadingUnixStreamServer(str(place), Way)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def main(folder: Path, port: int) -> None:
    told = manifest(folder)
    sys.path.insert(0, str(folder))
    open_way(folder.name, json.loads(os.environ.get("SIBLINGS", "{}")))
    if "migrate" in told.get("data", {}):
        load(told["data"]["migrate"])()
    app = guarded(load(told["plugin"]["entrypoint"])(), told)
    server = Server(("127.0.0.1", port), app, numthreads=8)
    try:
        server.start()
    finally:
        server.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
