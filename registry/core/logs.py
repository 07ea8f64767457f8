"""Structured logs: one JSON line per event on standard error, each with the id of its request."""

from __future__ import annotations

import logging
import secrets
import sys
from contextvars import ContextVar
from typing import Any

import structlog

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def configure(process: str) -> None:
    """Called once per process; ``process`` is its name in design §3 (web, git, worker, host)."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _add_context(process),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _add_context(process: str) -> Any:
    def add(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
        event["process"] = process
        if _request_id.get():
            event["request"] = _request_id.get()
        return event

    return add


def begin_request() -> str:
    """A new request id, also sent back to the client as ``X-Request-Id``."""
    identity = secrets.token_hex(8)
    _request_id.set(identity)
    return identity


def request_id() -> str:
    return _request_id.get()


logger = structlog.get_logger()
