"""One finding of ``lumbung doctor``."""

from __future__ import annotations

from dataclasses import dataclass

OK, WARN, FAIL = "ok", "warn", "FAIL"


@dataclass(frozen=True)
class Line:
    """``name`` is stable, for programs that read ``--json``."""

    level: str
    name: str
    text: str
