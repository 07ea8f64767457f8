"""Addresses of the registry: what builds one is made when the first of its kind is asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from werkzeug.routing import Rule


class LateRule(Rule):
    """Werkzeug compiles two functions for each of our 700 rules, which is half of what making the application costs;
    a process builds few of these addresses, and one that only works in the background nearly none.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled = cache(super()._compile_builder)
        return lambda rule, /, **values: compiled(append_unknown)(rule, **values)
