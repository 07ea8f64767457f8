"""From ``module:attribute`` to a WSGI application or a function to call."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from typing import Any


class EntrypointError(Exception):
    """The bundle's entrypoint cannot be used; the message names it and says why."""


def application(entrypoint: str) -> Callable[..., Any]:
    """The WSGI application: the attribute itself, or what it returns when it is a factory."""
    found = _attribute(entrypoint)
    if _is_factory(found):
        found = found()
    if not callable(found):
        raise EntrypointError(f"{entrypoint} is neither a WSGI application nor a function that returns one")
    return found


def function(name: str) -> Callable[[], Any]:
    """A function that can be called without arguments: a migration."""
    found = _attribute(name)
    if not callable(found) or not _takes(found, 0):
        raise EntrypointError(f"{name} must be a function without required arguments")
    return found


def _attribute(entrypoint: str) -> Any:
    module_name, _, attribute = entrypoint.partition(":")
    found: Any = importlib.import_module(module_name)
    for part in (attribute or "application").split("."):
        if not hasattr(found, part):
            raise EntrypointError(f"{entrypoint}: {module_name} has no attribute {part!r}")
        found = getattr(found, part)
    return found


def _is_factory(found: Any) -> bool:
    """A WSGI application takes (environ, start_response). A function that could be called either way is a
    factory, unless its first argument has the name everyone gives to the environ.
    """
    if not callable(found) or not _takes(found, 0):
        return False
    if not _takes(found, 2):
        return True
    first = next(iter(inspect.signature(found).parameters), "")
    return (inspect.isroutine(found) or inspect.isclass(found)) and first not in ("environ", "env")


def _takes(found: Callable[..., Any], count: int) -> bool:
    try:
        inspect.signature(found).bind(*[None] * count)
    except TypeError:
        return False
    except ValueError:
        return count == 2
    return True
