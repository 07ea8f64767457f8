"""For what happens a moment later."""

from __future__ import annotations

import time
from collections.abc import Callable

SECONDS = 15.0


def until(condition: Callable[[], object], seconds: float = SECONDS) -> bool:
    """Whether it came to be within ``seconds``."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
