"""Text that fits one city only, written into code or pages: the publisher's name, its name in addresses, its code.

Other cities would have to change the code to be rid of it, and every upgrade would bring it back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath

from registry.catalog.inspection.bundle import BundleLimits, Tree
from registry.catalog.inspection.facts import is_test
from registry.catalog.inspection.paths import list_files
from registry.catalog.inspection.places import Place

MAX_FILE, MAX_ALL = 512 * 1024, 8 * 2**20
MAX_PLACES = 20
MAX_WHAT = 60
CODE = frozenset({".py", ".js", ".mjs", ".ts", ".html", ".htm", ".jinja", ".jinja2", ".j2", ".sql", ".po", ".vue"})
KINDS = re.compile(r"^(kota administrasi|kabupaten|kota|kab\.)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Own:
    """What names one city: ``Kota Bandung``, ``bandung``, ``32.73`` (of Kemendagri)."""

    name: str
    slug: str
    code: str

    @property
    def pattern(self) -> re.Pattern[str]:
        """The whole name in any case, the short one as a name is written; slug and code where they stand as such."""
        short = KINDS.sub("", self.name)
        words = (
            rf"(?i:\b{re.escape(self.name)}\b)",
            rf"\b(?:{re.escape(short)}|{re.escape(short.upper())})\b",
            rf"(?<=[\"'/]){re.escape(self.slug)}(?=[\"'/])|\b{re.escape(self.slug)}\.go\.id\b",
            rf"(?<![\d.]){re.escape(self.code)}(?![\d.]*\d)",
        )
        return re.compile("|".join(words))


def places(tree: Tree, own: Own) -> tuple[Place, ...]:
    """The first line of each file of code or page that names the city; at most `MAX_PLACES`.

    Tests and modules of demo data (named so) are for nobody's citizens and may name cities.
    """
    return tuple(islice(_found(tree, own.pattern), MAX_PLACES))


def _found(tree: Tree, pattern: re.Pattern[str]) -> Iterator[Place]:
    left = MAX_ALL
    for path, entry in sorted(list_files(tree, BundleLimits()).files.items()):
        if not _is_code(path) or entry.size > min(MAX_FILE, left):
            continue
        left -= entry.size
        text = tree.read(path, entry.size).decode(errors="replace")
        if match := pattern.search(text):
            yield Place(path, text.count("\n", 0, match.start()) + 1, match[0][:MAX_WHAT])


def _is_code(path: str) -> bool:
    found = PurePosixPath(path)
    is_page = found.suffix == ".txt" and "templates" in found.parts
    return (found.suffix.lower() in CODE or is_page) and not is_test(path) and not found.name.startswith("demo")
