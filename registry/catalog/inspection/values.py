"""The readers of lumbung.toml's values: each gives the value, or says in words for its author what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask_babel import gettext as _

from registry.catalog.inspection import egress

MAX_LIST = 50

SIZE = re.compile(r"([1-9][0-9]{0,8})([KMGT]?)", re.ASCII)
UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*:[A-Za-z_]\w*", re.ASCII)
URL_PATH = re.compile(r"/[A-Za-z0-9._~/-]*", re.ASCII)
CAPABILITY = re.compile(r"[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)*", re.ASCII)
USE = re.compile(r"[a-z][a-z0-9-]*:[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)*", re.ASCII)


class ValueProblemError(ValueError):
    """Why a value is refused, in words for its author."""


def parse_size(text: object) -> int:
    """``"128M"`` in bytes; K, M, G and T are powers of 1024. Raises ValueProblemError."""
    match = SIZE.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueProblemError(_('Must be a size in quotes, such as "128M" or "1G".'))
    return int(match[1]) * UNITS[match[2]]


def size(least: int, most: int) -> Callable[[object], int]:
    """A size within these bounds, in bytes."""

    def read(value: object) -> int:
        count = parse_size(value)
        if not least <= count <= most:
            small, large = f"{least // 2**20}M", f"{most // 2**30}G"
            raise ValueProblemError(_("Must lie between %(least)s and %(most)s.", least=small, most=large))
        return count

    return read


def number(least: float, most: float, whole: bool) -> Callable[[object], float]:
    """A number within these bounds."""

    def read(value: object) -> float:
        fits = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        if not fits or not least <= value <= most:  # type: ignore[operator]
            raise ValueProblemError(_("Must be a number from %(least)s to %(most)s.", least=least, most=most))
        return value  # type: ignore[return-value]

    return read


def text_like(pattern: re.Pattern[str], hint: Callable[[], str]) -> Callable[[object], str]:
    """A text of this pattern; ``hint`` says what it looks like."""

    def read(value: object) -> str:
        if not isinstance(value, str) or len(value) > 200 or not pattern.fullmatch(value):
            raise ValueProblemError(hint())
        return value

    return read


def choice(*allowed: str) -> Callable[[object], str]:
    """One of these words."""

    def read(value: object) -> str:
        if value not in allowed:
            raise ValueProblemError(_("Must be one of: %(values)s.", values=", ".join(allowed)))
        return str(value)

    return read


def many(item: Callable[[object], str]) -> Callable[[object], tuple[str, ...]]:
    """A list of what ``item`` reads."""

    def read(value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or len(value) > MAX_LIST:
            raise ValueProblemError(_("Must be a list of at most %(n)d texts.", n=MAX_LIST))
        return tuple(item(one) for one in value)

    return read


def schema_path(value: object) -> str:
    if not isinstance(value, str) or not value.endswith(".json") or len(value) > 200:
        raise ValueProblemError(_("Must be the path of a .json file in the bundle."))
    return value.removeprefix("./")


path = text_like(URL_PATH, lambda: _("Must be a path that begins with /, such as /healthz."))
name = text_like(NAME, lambda: _("Must read module:name, such as lapor:create_app."))
use = text_like(USE, lambda: _("Must read app:capability, such as simtaru:zoning.read."))


def provides(value: object) -> dict[str, str]:
    if not isinstance(value, dict) or len(value) > MAX_LIST or not all(CAPABILITY.fullmatch(key) for key in value):
        raise ValueProblemError(_('Must map capabilities to paths, such as { "kpi.read" = "/_kpi" }.'))
    return {key: path(one) for key, one in value.items()}


def hosts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > egress.MAX_HOSTS:
        raise ValueProblemError(_("Must be a list of at most %(n)d texts.", n=egress.MAX_HOSTS))
    for wish in value:
        if problem := egress.problem(wish if isinstance(wish, str) else ""):
            raise ValueProblemError(problem)
    return tuple(dict.fromkeys(value))


def flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueProblemError(_("Must be true or false, without quotes."))
    return value
