"""The import that waits until a process knows what it will be: `registry.cli` and `wsgi.py` begin with it."""

from __future__ import annotations

import gc
from importlib import import_module
from typing import Any


def named(place: str) -> Any:
    """What ``module:name`` means, loaded now.

    What a process loads at its start stays as long as it lives. So the collector does not run meanwhile, and is told
    never to look at it again: that also leaves it shared between a server and those forked from it.
    """
    module, _colon, name = place.partition(":")
    gc.disable()
    try:
        return getattr(import_module(module), name)
    finally:
        gc.freeze()
        gc.enable()
