"""Imports that wait: until a process knows what it will be (`registry.cli`, `wsgi.py`), or for a first use."""

from __future__ import annotations

import gc
from functools import cache
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


@cache
def when_needed(place: str) -> Any:
    """What ``module:name`` means, loaded at its first use: for a library that few processes ask and all would pay."""
    module, _colon, name = place.partition(":")
    return getattr(import_module(module), name)
