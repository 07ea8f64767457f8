"""What may be opened, changed and asked for. Pure."""

from __future__ import annotations

import re
import unicodedata

from registry.forge import rules

MAX_QUERY = 200
MAX_REPEAT = 100
MAX_MESSAGE = 5_000
MAX_REF = 250
PROTECTED = frozenset({"main", "master", "HEAD"})
_REPEAT = re.compile(r"\{(\d*),?(\d*)\}")
_NOT_IN_REF = re.compile(r"[ ~^:?*\[\\]|\.\.|@\{|\.$")
"""After git-check-ref-format(1)."""

_BACK = re.compile(r"\\[1-9]")
_HEX = re.compile(r"[0-9a-fA-F]{7,64}")
_FILTER = re.compile(r"[^:\x00-\x1f\x7f-\x9f\\\[\]][^\x00-\x1f\x7f-\x9f\\\[\]]{0,199}")


def is_readable_path(path: str) -> bool:
    """A path a page or program may name: what a bundle may hold. Other names are listed, and opened with git."""
    return rules.is_safe_path(path)


def is_ref_name(text: str) -> bool:
    """A branch or tag as git allows it to be named, or a commit id; looked up below ``refs/``, never as a revision."""
    if not text or len(text) > MAX_REF or not text.isprintable() or _NOT_IN_REF.search(text) or "\ufffd" in text:
        return False
    return not any(part.startswith(".") or part.endswith(".lock") or not part for part in text.split("/"))


def path_problem(path: str) -> str | None:
    """Why a file may not be written under this path (a stable code)."""
    if not rules.is_safe_path(path):
        return "unsafe"
    if any(part.lower() in (".gitmodules", ".gitattributes") for part in path.split("/")):
        return "git"
    if any(part != part.strip() or part.endswith(".") for part in path.split("/")):
        return "edges"
    if unicodedata.normalize("NFC", path) != path:
        return "unnormalised"
    return "hidden" if any(unicodedata.category(letter) in ("Cf", "Zl", "Zp") for letter in path) else None


def branch_problem(name: str) -> str | None:
    """Why a branch may not be made under this name (a stable code)."""
    parts = name.split("/")
    odd = any(part.startswith((".", "-")) or part.endswith((".lock", ".")) for part in parts)
    if odd or not rules.is_ref_name(name):
        return "format"
    if parts[0] in ("refs", "heads", "tags", "HEAD") or _HEX.fullmatch(name):
        return "misleading"
    return "long" if len(name) > 100 else None


def query_problem(query: str, is_pattern: bool) -> str | None:
    """Why this is not searched for (a stable code). Patterns are POSIX extended; what could run for ever is refused."""
    if not query.strip() or len(query) > MAX_QUERY or "\n" in query or "\0" in query:
        return "length"
    if not is_pattern:
        return None
    if _BACK.search(query):
        return "reference"
    numbers = [int(number) for found in _REPEAT.findall(query) for number in found if number]
    return "repeat" if len(numbers) > 4 or any(number > MAX_REPEAT for number in numbers) else None


def filter_problem(text: str) -> str | None:
    """Why a path filter is refused: plain names and ``*`` only, none of git's magic."""
    return None if not text or _FILTER.fullmatch(text) else "format"


def message_of(given: str, otherwise: str) -> str:
    """A commit's message: bounded, without control characters but line ends."""
    text = "".join(letter for letter in given.replace("\r\n", "\n") if letter == "\n" or letter >= " ")
    return text.strip()[:MAX_MESSAGE].encode("utf-8", "replace").decode() or otherwise
