"""What lies under a prefix: staff paths, provided paths. Compared on a cleaned path, so no spelling slips past."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import unquote


def cleaned(path: str) -> str:
    """One leading slash, no empty or dot segments, backslashes taken as slashes, no trailing slash."""
    kept: list[str] = []
    for segment in path.replace("\\", "/").split("/"):
        if segment == "..":
            kept = kept[:-1]
        elif segment not in ("", "."):
            kept.append(segment)
    return "/" + "/".join(kept)


def is_below(path: str, prefixes: Sequence[str]) -> bool:
    """Whether ``path`` (WSGI's PATH_INFO) lies under a prefix, as sent or decoded once or twice more."""
    if not prefixes:
        return False
    spellings = {path, unquote(path), unquote(unquote(path))}
    cleaned_spellings = {cleaned(spelling).casefold() for spelling in spellings}
    return any(_under(spelling, cleaned(prefix).casefold()) for spelling in cleaned_spellings for prefix in prefixes)


def is_inside(path: str, prefix: str) -> bool:
    """Whether one declared path lies under another and is not the same."""
    inner, outer = cleaned(path).casefold(), cleaned(prefix).casefold()
    return inner != outer and _under(inner, outer)


def _under(path: str, prefix: str) -> bool:
    return prefix == "/" or path == prefix or path.startswith(prefix + "/")
