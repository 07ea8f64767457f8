"""The least a plugin can do: what is measured with it is the host, not the app."""

from collections.abc import Callable
from typing import Any

BODY = b"hello"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(BODY)))])
    return [BODY]
