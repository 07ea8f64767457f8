"""How many costly questions to git one process of the web answers at once: visitors of pages wait for no searches."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask_babel import gettext as _

from registry.core.errors import UnavailableError

AT_ONCE = 4
WAIT = 10
_turns = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def turn() -> Iterator[None]:
    """Raises UnavailableError when none is free within `WAIT` seconds."""
    if not _turns.acquire(timeout=WAIT):
        raise UnavailableError(_("Many people are searching and comparing. Try again in a moment."))
    try:
        yield
    finally:
        _turns.release()
