"""What an inspection counts beside judging it: the ground of the safety rating. In no language, for it is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath

from registry.catalog.inspection import code, routes, texts
from registry.catalog.inspection.files import Files
from registry.catalog.inspection.places import Place
from registry.hosting.plain import Manifest

MAX_README = 256 * 1024
MAX_PLACES = 50
HEADING = re.compile(r"#{1,6}[ \t]+(\S[^\n]{0,200})")
TEST_FILE = re.compile(r"test_\w+\.py|\w+_test\.py|tests?\.py")
STORES = frozenset(
    {"sqlite3", "psycopg", "psycopg2", "sqlalchemy", "flask_sqlalchemy", "peewee", "django.db", "dbm", "shelve"}
)
SPOKEN = ("DATA_DIR", "DATABASE_URL")
"""Environment variables by which a plugin finds where its data lies."""


@dataclass(frozen=True)
class Facts:
    """``size`` and ``licence_size`` in bytes, ``tests`` the number of test functions, ``headings`` those of the
    read-me. ``acts`` are calls made by a mere import, ``unread`` modules nobody could look at, ``open_desks`` pages
    that look like staff's and are under no staff path. Of each kind of place the first `MAX_PLACES` are kept.
    """

    files: int = 0
    size: int = 0
    licence_size: int = 0
    secrets: tuple[Place, ...] = ()
    acts: tuple[Place, ...] = ()
    unread: tuple[Place, ...] = ()
    open_desks: tuple[Place, ...] = ()
    tests: int = 0
    headings: tuple[str, ...] = ()
    keeps_data: bool = False
    requirements: int = 0


def gather(
    files: Files,
    modules: code.Modules,
    manifest: Manifest | None,
    licence: str | None,
    secrets: tuple[Place, ...],
    requirements: int,
) -> Facts:
    """Reads texts and syntax trees only, as the whole inspection does."""
    return Facts(
        files=len(files.entries),
        size=sum(files.size(path) for path in files),
        licence_size=files.size(licence) if licence else 0,
        secrets=secrets[:MAX_PLACES],
        acts=tuple(code.acts(modules))[:MAX_PLACES],
        unread=tuple(code.unread(modules))[:MAX_PLACES],
        open_desks=tuple(routes.open_desks(own_modules(modules), manifest.staff if manifest else ()))[:MAX_PLACES],
        tests=sum(code.count_tests(module) for path, module in modules.parsed.items() if is_test(path)),
        headings=tuple(_headings(files)),
        keeps_data=bool(manifest and manifest.migrate) or _keeps_data(modules),
        requirements=requirements,
    )


def is_test(path: str) -> bool:
    """Whether a module is for the makers alone, judged by its path as pytest does."""
    parts = PurePosixPath(path).parts
    return bool(TEST_FILE.fullmatch(parts[-1])) or any(part in ("tests", "test") for part in parts[:-1])


def own_modules(modules: code.Modules) -> dict[str, code.Module]:
    """The modules that serve people, tests not among them."""
    return {path: module for path, module in modules.parsed.items() if not is_test(path)}


def _headings(files: Files) -> Iterator[str]:
    """Of the read-me at the top: Markdown's, or the underlined ones of plain text."""
    path = next((path for path in sorted(files) if texts.README.fullmatch(path)), None)
    lines = files.read(path)[:MAX_README].decode(errors="replace").splitlines() if path else []
    for line, below in pairwise([*lines, ""]):
        heading = HEADING.match(line)
        if heading:
            yield heading[1].strip()
        elif len(below) > 2 and set(below) in ({"="}, {"-"}) and line.strip():
            yield line.strip()[:200]


def _keeps_data(modules: code.Modules) -> bool:
    own = own_modules(modules).values()
    return any(code.imported(module) & STORES or code.says(module, SPOKEN) for module in own)
