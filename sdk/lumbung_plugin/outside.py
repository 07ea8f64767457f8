"""The way out of the sandbox: one unix socket to Lumbung, and what can be answered there."""

import http.client
import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import has_app_context
from flask_babel import gettext

SOCKET = "/run/lumbung/host.sock"
SECONDS = 60.0
MAX_ANSWER = 11 * 1024 * 1024


class OutsideError(RuntimeError):
    """Lumbung did not do it. `code` is stable; `str(error)` is for the log, `words` for citizens."""

    def __init__(self, detail: str, code: str = "away") -> None:
        super().__init__(detail)
        self.code = code

    @property
    def words(self) -> str:
        return _say(lambda: gettext("This does not work right now. Please try again later."))


class NotGranted(OutsideError):  # noqa: N818 - it reads as what happened
    """The city's admin has not (or no longer) allowed it: page Connections of the plugin in the console."""

    @property
    def words(self) -> str:
        return _say(lambda: gettext("This service is not connected yet. Please ask the office that runs it."))


class SiblingAway(OutsideError):  # noqa: N818
    """The sibling is absent, switched off, closed or does not answer; `code` says which."""

    @property
    def words(self) -> str:
        return _say(lambda: gettext("Another service of the city is needed here and does not answer. Try again later."))


class QuotaUsed(OutsideError):  # noqa: N818
    """What this plugin may do in a day (or a minute) is used up."""


class Refused(OutsideError):  # noqa: N818
    """What was asked is not right: a mistake of the plugin, or of who filled in its form."""


class Alone(OutsideError):  # noqa: N818
    """The plugin runs outside Lumbung: there is nobody to ask."""


@dataclass(frozen=True)
class Reply:
    """An answer. Header names are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """Raises ValueError when the body is no JSON."""
        return json.loads(self.body)


def there() -> bool:
    """Whether there is a way out: false when the plugin runs alone, and in a copy for trying."""
    return os.path.exists(SOCKET)


def ask(method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None,
        seconds: float = SECONDS) -> Reply:  # fmt: skip
    """One request. Raises Alone, or OutsideError when Lumbung does not answer; any status is an answer."""
    if not there():
        raise Alone("the plugin runs alone: there is no way out")
    connection = http.client.HTTPConnection("lumbung", timeout=seconds)
    connection.sock = socket.socket(socket.AF_UNIX)
    try:
        connection.sock.settimeout(seconds)
        connection.sock.connect(SOCKET)
        connection.request(method, path, body, dict(headers or {}))
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, told, answer.read(MAX_ANSWER))
    except (OSError, http.client.HTTPException) as error:
        raise OutsideError(f"Lumbung does not answer: {error}") from error
    finally:
        connection.close()


def checked(reply: Reply) -> Reply:
    """The reply when Lumbung itself did it. Raises the refusal it tells."""
    if reply.status < 400:
        return reply
    raise refusal(reply)


def is_ours(reply: Reply) -> bool:
    """Whether Lumbung refused; what a sibling itself answered carries the sibling's name."""
    return reply.status >= 400 and "x-lumbung-sibling" not in reply.headers


def refusal(reply: Reply) -> OutsideError:
    told = _told(reply)
    code = str(told.get("code") or "away")
    return CODES.get(code, OutsideError)(str(told.get("detail") or f"status {reply.status}"), code)


CODES: dict[str, type[OutsideError]] = {
    "not-granted": NotGranted,
    "sibling-absent": SiblingAway,
    "capability-absent": SiblingAway,
    "sibling-off": SiblingAway,
    "sibling-closed": SiblingAway,
    "sibling-away": SiblingAway,
    "too-many": QuotaUsed,
    "quota": QuotaUsed,
    "invalid": Refused,
    "too-large": Refused,
    "bad-request": Refused,
    "not-found": Refused,
    "unavailable": OutsideError,
}


def _told(reply: Reply) -> Mapping[str, Any]:
    try:
        found = reply.json()
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}


def _say(words: Any) -> str:
    """In the page's language; in English where there is no application (a task, a command)."""
    if has_app_context():
        return str(words())
    return "This does not work right now. Please try again later."
