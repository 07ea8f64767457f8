"""Waiting for one descriptor, whatever its number: a host of a thousand plugins has more than select() can name."""

from __future__ import annotations

import select


def readable(descriptor: int, seconds: float) -> bool:
    """Whether ``descriptor`` has something to read, or ended, within ``seconds``."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(max(seconds, 0) * 1000))
