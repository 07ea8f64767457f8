"""What the registry logs while a subject looks at its pages in this process: written as ever, but nowhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import structlog


@contextmanager
def unseen() -> Iterator[None]:
    """A line per look would bury the rows. The work of writing it stays in what is measured."""
    kept = structlog.get_config()
    with open(os.devnull, "w") as nowhere:
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(nowhere))
        try:
            yield
        finally:
            structlog.configure(**kept)
