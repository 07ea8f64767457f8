"""HTTP as a program speaks it: to 127.0.0.1 with the wanted Host, as no resolver has to know ``*.localhost``."""

from __future__ import annotations

import base64
import http.client
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Headers = Iterable[tuple[str, str]]
SECONDS = 60.0


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Client:
    """``authorization`` is sent with every request of it; ``host`` is whom it asks unless told otherwise."""

    port: int
    host: str = "localhost"
    authorization: str = ""

    def at(self, host: str) -> Client:
        return Client(self.port, host, self.authorization)

    def signed_in(self, email: str, password: str) -> Client:
        """With a token of that person, got as a program gets it."""
        basic = base64.b64encode(f"{email}:{password}".encode()).decode()
        made = Client(self.port, authorization=f"Basic {basic}").post("/api/v1/tokens", {})
        assert made.status == 201, made.text
        return Client(self.port, authorization=f"Bearer {made.json['token']}")

    @property
    def token(self) -> str:
        return self.authorization.removeprefix("Bearer ")

    def get(self, path: str, headers: Headers = ()) -> Answer:
        return self.ask("GET", path, None, headers)

    def post(self, path: str, body: object = None) -> Answer:
        return self.ask("POST", path, body)

    def patch(self, path: str, body: object) -> Answer:
        return self.ask("PATCH", path, body)

    def ask(self, method: str, path: str, body: object = None, headers: Headers = ()) -> Answer:
        """One request; ``bytes`` and ``None`` are sent as they are, everything else is made JSON."""
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in self._headers(raw, body, headers):
                connection.putheader(name, value)
            connection.endheaders(raw)
            got = connection.getresponse()
            return Answer(got.status, got.headers, got.read())
        finally:
            connection.close()

    def _headers(self, raw: bytes, body: object, given: Headers) -> list[tuple[str, str]]:
        named = self.host if ":" in self.host else f"{self.host}:{self.port}"
        headers = [("Host", named), *given]
        if self.authorization:
            headers.append(("Authorization", self.authorization))
        if body is not None:
            kind = "application/json" if not isinstance(body, bytes) or self.authorization else "text/plain"
            headers += [("Content-Type", kind), ("Content-Length", str(len(raw)))]
        return headers

    def wait_job(self, job: dict[str, Any], seconds: float = 90.0) -> dict[str, Any]:
        """The job once it has ended, whether well or not; asked ever more rarely, as each answer costs the machine."""
        deadline, pause = time.monotonic() + seconds, 0.05
        while time.monotonic() < deadline:
            told: dict[str, Any] = self.get(job["url"]).json
            if told["state"] in ("done", "failed"):
                return told
            time.sleep(pause)
            pause = min(pause * 1.5, 0.5)
        raise AssertionError(f"still not ended: {told}")
