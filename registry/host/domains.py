"""A city's own host names: for each a link to the plugin's socket, which the edge finds by the name alone."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z)({_LABEL}\.)+{_LABEL}")


class Domains:
    """Keeps the links in ``folder`` (``run/domains``). Raises OSError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._linked: dict[str, str] | None = None

    def agree(self, wanted: Iterable[tuple[str, str, str]]) -> None:
        """Make the links exactly those of ``wanted``: (host name, city, plugin)."""
        links = {f"{host}.sock": _target(city, name) for host, city, name in wanted if _HOST.fullmatch(host)}
        if links == self._linked:
            return
        self._folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        for found in os.listdir(self._folder):
            if found not in links:
                (self._folder / found).unlink()
        for name, target in links.items():
            self._link(self._folder / name, target)
        self._linked = links

    def _link(self, link: Path, target: str) -> None:
        """Replaced in one step: the name is never without a plugin."""
        if link.is_symlink() and os.readlink(link) == target:
            return
        beside = self._folder / f".{link.name[:200]}.new"
        with suppress(FileNotFoundError):
            beside.unlink()
        beside.symlink_to(target)
        beside.replace(link)


def _target(city: str, name: str) -> str:
    return f"../plugins/{city}/{name}.sock"
