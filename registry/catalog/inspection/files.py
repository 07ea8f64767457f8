"""The judged files of a bundle, read whole and once judged small enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from registry.catalog.inspection.bundle import Entry, Tree


class Files:
    """Files that passed `registry.catalog.inspection.paths`; their sizes are bounded, so each can be read whole."""

    def __init__(self, tree: Tree, entries: Mapping[str, Entry]) -> None:
        self.tree, self.entries = tree, entries

    def __contains__(self, path: str) -> bool:
        return path in self.entries

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def size(self, path: str) -> int:
        return self.entries[path].size

    def read(self, path: str) -> bytes:
        """The whole file, not a byte more than was judged. Raises FileNotFoundError."""
        return self.tree.read(path, self.size(path))
