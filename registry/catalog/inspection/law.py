"""``[law]`` of lumbung.toml: the rules an app carries out or keeps, by their short names.

``supports`` of publiccode.yml names standards by an address or an alias only; Indonesian law is cited as
``PermenPANRB 59/2020``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from registry.catalog.inspection import values

RULES = (1, 20)
NAME = (4, 120)
"""How many rules, and characters of one's name."""


def _basis(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not RULES[0] <= len(value) <= RULES[1]:
        raise values.ValueProblemError(
            _("Must be a list of %(least)d to %(most)d rules.", least=RULES[0], most=RULES[1])
        )
    named = tuple(" ".join(one.split()) if isinstance(one, str) else "" for one in value)
    for name in named:
        if not NAME[0] <= len(name) <= NAME[1] or not name.isprintable():
            message = _("Name each rule in %(least)d to %(most)d characters, such as PermenPANRB 59/2020.",
                        least=NAME[0], most=NAME[1])  # fmt: skip
            raise values.ValueProblemError(message)
    return tuple(dict.fromkeys(named))


KEYS: Mapping[str, Callable[[object], Any]] = {"basis": _basis}
