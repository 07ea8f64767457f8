"""What the gateway answers: JSON, and refusals as RFC 9457 problems whose ``code`` is stable. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from registry.core.errors import RefusalError, TooManyError

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes = b""
    headers: Headers = field(default_factory=list)


class ProblemError(Exception):
    """Ends a request with a problem of our own."""

    def __init__(self, status: int, code: str, detail: str, retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.answer = problem(status, code, detail, retry_after)


def told(value: Mapping[str, Any], status: int = 200) -> Answer:
    return Answer(status, json.dumps(value, ensure_ascii=False).encode(), [("Content-Type", "application/json")])


def problem(status: int, code: str, detail: str, retry_after: int | None = None) -> Answer:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "code": code, "detail": detail}
    headers: Headers = [("Content-Type", "application/problem+json"), ("Cache-Control", "no-store")]
    if retry_after is not None:
        headers.append(("Retry-After", str(retry_after)))
    return Answer(status, json.dumps(body, ensure_ascii=False).encode(), headers)


def refused(error: RefusalError) -> Answer:
    """A named refusal of the registry, in the same words and with the same code."""
    retry_after = error.retry_after if isinstance(error, TooManyError) else None
    return problem(error.status, error.code, error.message, retry_after)


def away() -> Answer:
    return problem(503, "unavailable", "Lumbung cannot answer right now. Try again in a moment.", 10)
