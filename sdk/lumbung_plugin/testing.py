"""Help for a bundle's tests: the environment a host gives, people at work, and a Lumbung to ask. Needs pytest.

Only tests import this; `lumbung_plugin.fixtures` makes of it what a `conftest.py` begins with.
"""

import json
import socketserver
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, time, tzinfo
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from flask.testing import FlaskClient

from lumbung_plugin import clock, facts, outside
from lumbung_plugin.city import city as present_city

CITIES = {
    "bontang": {"TENANT_CODE": "64.74", "TENANT_NAME": "Kota Bontang", "TENANT_TIMEZONE": "Asia/Makassar"},
    "bandung": {"TENANT_CODE": "32.73", "TENANT_NAME": "Kota Bandung", "TENANT_TIMEZONE": "Asia/Jakarta"},
}
ABSENT = ("DATABASE_URL", "TENANT_DEMO", "STANDALONE_STAFF", "TENANT_LOGO", "TENANT_COLOR", "TENANT_PORTAL")
STATUS = {"not-granted": 403, "sibling-absent": 404, "capability-absent": 404, "not-found": 404, "too-many": 429,
          "quota": 429, "invalid": 422, "too-large": 413, "bad-request": 400}  # fmt: skip
AWAY = 503
NOW = clock.now


def hosted(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    config: Mapping[str, Any],
    name: str = "lapor",
    city: str = "bontang",
) -> Path:
    """Set the environment as the host does for plugin `name` of `city`, with `config` as the city's settings.

    Returns the data folder, `tmp_path/data`. There is nobody to ask; `Siblings` changes that. City `bandung` is known
    too, any other slug becomes `Kota <Slug>` in Jakarta's time.
    """
    settings = tmp_path / "config.json"
    settings.write_text(json.dumps(dict(config)), encoding="utf-8")
    told = {"TENANT_CODE": "00.00", "TENANT_NAME": f"Kota {city.title()}", "TENANT_TIMEZONE": "Asia/Jakarta"}
    told |= CITIES.get(city, {})
    told |= {"PLUGIN_ORIGIN": f"http://{name}.{city}.localhost:8000", "PLUGIN_NAME": name, "SECRET_KEY": "test"}
    told |= {"TENANT_SLUG": city, "TENANT_LOCALE": "id", "DATA_DIR": str(tmp_path / "data")}
    for key, value in (told | {"CONFIG_FILE": str(settings)}).items():
        monkeypatch.setenv(key, value)
    for key in ABSENT:
        monkeypatch.delenv(key, raising=False)
    monkeypatch.setattr(outside, "SOCKET", "/nowhere/host.sock")
    monkeypatch.setattr(facts, "_known", None)
    return tmp_path / "data"


def stop_clock(monkeypatch: pytest.MonkeyPatch, hour: time) -> None:
    """Let it stay this hour of the city's present day, for whoever asks `clock.now`, by whatever name it was imported.

    What a test had put in the place of `clock.now` itself makes room.
    """
    present = clock.local(datetime.now(UTC))
    moment = datetime.combine(present, hour, present.tzinfo)

    class Stopped(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp(moment.timestamp(), tz)

    monkeypatch.setattr(clock, "datetime", Stopped)
    monkeypatch.setattr(clock, "now", NOW)


def as_staff(
    client: FlaskClient,
    role: str = "operator",
    opd: str | None = None,
    opd_id: int | None = None,
    name: str = "Petugas (demo)",
) -> FlaskClient:
    """A new client of the same application, for a member of staff signed in at the city; other headers stay."""
    person = {"id": "1", "name": name, "role": role, "opd": opd, "opd_id": opd_id}
    return _known_as(client, "lumbung.person", person)


def as_sibling(client: FlaskClient, plugin: str, capability: str) -> FlaskClient:
    """A new client of the same application, for another plugin of the city that is allowed to ask for `capability`."""
    return _known_as(client, "lumbung.caller", {"plugin": plugin, "capability": capability})


def _known_as(client: FlaskClient, key: str, value: Any) -> FlaskClient:
    found = client.application.test_client()
    kept = {name: kept for name, kept in client.environ_base.items() if not name.startswith("lumbung.")}
    found.environ_base = kept | {key: value}
    return found


@dataclass(frozen=True)
class Asked:
    """One request to Lumbung; `path` without the query, `data` the decoded JSON or `None`."""

    method: str
    path: str
    params: dict[str, str]
    data: Any


@dataclass(frozen=True)
class _Answer:
    status: int
    value: Any
    sibling: str = ""


@dataclass
class Siblings:
    """A Lumbung that answers a plugin in tests, and remembers what it was asked::

        with Siblings(monkeypatch) as lumbung:
            lumbung.answers("simtaru", "zoning.read", {"zone": "K-1"})
            …
            assert lumbung.mails[0]["to"] == ["warga@example.org"]

    A sibling that was given no answer is absent. `units` is what `facts.units()` tells: (id, name).
    """

    monkeypatch: pytest.MonkeyPatch
    units: list[tuple[int, str]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    _answers: dict[tuple[str, str], _Answer] = field(default_factory=dict)
    _refusal: str = ""

    def answers(self, app: str, capability: str, value: Any, status: int = 200) -> None:
        """Let sibling `app` answer each question for `capability` with `value` as JSON."""
        self._answers[app, capability] = _Answer(status, value, app)

    def refuses(self, code: str, app: str = "", capability: str = "") -> None:
        """Refuse from now on with one of `outside.CODES`: a sibling's capability, or everything. "" refuses nothing."""
        if code and code not in outside.CODES:
            raise ValueError(f"{code!r}: one of {', '.join(outside.CODES)}")
        if app:
            self._answers[app, capability] = _refused(code)
        else:
            self._refusal = code

    @property
    def mails(self) -> list[dict[str, Any]]:
        """What was handed over to be sent: `to`, `subject`, `text`."""
        return [asked.data for asked in self.asked if asked.path == "/mail"]

    @property
    def figures(self) -> list[dict[str, Any]]:
        """The figures reported by `kpi.report`, in order."""
        return [figure for asked in self.asked if asked.path == "/kpi" for figure in asked.data]

    def __enter__(self) -> Self:
        # A folder of its own: the address of a unix socket has at most 108 bytes, a test's folder may be longer.
        self._folder = tempfile.TemporaryDirectory(prefix="lumbung-")
        place = str(Path(self._folder.name) / "host.sock")
        self._server = _Server(place, _Handler)
        self._server.lumbung = self
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.monkeypatch.setattr(outside, "SOCKET", place)
        self.monkeypatch.setattr(facts, "_known", None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._folder.cleanup()

    def _answer(self, asked: Asked) -> _Answer:
        self.asked.append(asked)
        if self._refusal:
            return _refused(self._refusal)
        if asked.path == "/tenant":
            return _Answer(
                200, asdict(present_city()) | {"units": [{"id": id, "name": name} for id, name in self.units]}
            )
        if asked.path in ("/mail", "/kpi"):
            return _Answer(202, {})
        parts = [unquote(part) for part in asked.path.split("/")]
        if len(parts) >= 4 and parts[1] == "siblings":
            return self._answers.get((parts[2], parts[3]), _refused("sibling-absent"))
        return _refused("not-found")


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    lumbung: Siblings


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def _reply(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        target = urlsplit(self.path)
        asked = Asked(self.command, target.path, dict(parse_qsl(target.query)), json.loads(body) if body else None)
        answer = self.server.lumbung._answer(asked)
        self.send_response(answer.status)
        if answer.sibling:
            self.send_header("X-Lumbung-Sibling", answer.sibling)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer.value).encode())

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _reply  # noqa: N815 - the names http.server looks for

    def address_string(self) -> str:
        return "plugin"

    def log_message(self, format: str, *args: Any) -> None:
        """Tests are quiet."""


def _refused(code: str) -> _Answer:
    return _Answer(STATUS.get(code, AWAY), {"code": code, "detail": "refused in a test"})
