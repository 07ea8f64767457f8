"""The archive of everything a city owns: its layout and its manifest (docs/export.md). Pure.

A gzipped tar with one folder in it. ``manifest.json`` comes last and names every other file with size and SHA-256; a
name that is no UTF-8 (plugins may make such) is written as JSON writes out Python's surrogates.
"""

from __future__ import annotations

import os.path
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

FORMAT = "lumbung-city/1"
MANIFEST = "manifest.json"
MAX_MANIFEST = 256 * 2**20
MAX_PATH, MAX_DEPTH = 4_000, 120
SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Packed:
    """A file of the archive; ``path`` is relative to its one folder."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """``left_out`` names what could not come along, and why; ``with_secrets`` whether settings hold their secrets."""

    city: Mapping[str, str]
    made_at: str
    lumbung: str
    with_secrets: bool
    forks: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    files: tuple[Packed, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    format: str = FORMAT

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class FormatError(Exception):
    """This is no archive of a city, or not a whole one; the message says what is wrong."""


def manifest_of(value: Any) -> Manifest:
    """Raises FormatError."""
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        told = value.get("format") if isinstance(value, dict) else None
        raise FormatError(f"the archive is of the format {told!r}; this Lumbung reads {FORMAT}")
    try:
        files = tuple(_packed(one) for one in value["files"])
        return Manifest(
            city={key: str(value["city"][key]) for key in ("code", "slug", "name")},
            made_at=str(value["made_at"]),
            lumbung=str(value["lumbung"]),
            with_secrets=bool(value["with_secrets"]),
            forks=_words(value["forks"]),
            plugins=_words(value["plugins"]),
            left_out=_words(value["left_out"]),
            files=files,
            links=_links(value["links"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FormatError(f"{MANIFEST} of the archive cannot be read: {error}") from None


def is_safe(path: str) -> bool:
    """Whether a file of this name stays below the archive's folder."""
    parts = path.split("/")
    if not path or len(path) > MAX_PATH or len(parts) > MAX_DEPTH or "\0" in path:
        return False
    return not any(part in ("", ".", "..") or len(os.fsencode(part)) > 255 for part in parts)


def stays_inside(path: str, target: str, root: str) -> bool:
    """Whether the link at ``path`` leads to something below ``root`` (both relative to the archive's folder)."""
    if not target or target.startswith("/") or "\0" in target or len(target) > MAX_PATH:
        return False
    led = os.path.normpath(os.path.join(os.path.dirname(path), target))
    return led == root or led.startswith(f"{root}/")


def _packed(value: Mapping[str, Any]) -> Packed:
    path, size, digest = str(value["path"]), int(value["size"]), str(value["sha256"])
    if not is_safe(path) or size < 0 or not SHA256.fullmatch(digest):
        raise ValueError(f"{path[:80]!r} is not described as a file")
    return Packed(path, size, digest)


def _links(value: Mapping[str, Any]) -> dict[str, str]:
    links = {str(path): str(target) for path, target in value.items()}
    for path, target in links.items():
        parts = path.split("/")
        through = any("/".join(parts[:count]) in links for count in range(1, len(parts)))
        if not is_safe(path) or not stays_inside(path, target, "/".join(parts[:3])):
            raise ValueError(f"the link {path[:80]!r} leads out")
        if through:  # two that stay inside can lead out together, and this one would be made there
            raise ValueError(f"the link {path[:80]!r} lies behind another link")
    return links


def _words(value: Any) -> tuple[str, ...]:
    return tuple(str(word) for word in value)
