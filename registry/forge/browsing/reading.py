"""A repository's folders and files at one commit, by GitPython: listed in pages, shown when they are text."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _
from git import Blob, Repo, Tree
from git.exc import GitError
from markupsafe import Markup

from registry.catalog.markdown import Place, render
from registry.core.errors import NotFoundError, TooLargeError, UnavailableError
from registry.forge.browsing import rules
from registry.forge.browsing.patches import SUBMODULE, SYMLINK
from registry.forge.browsing.texts import Text, read
from registry.forge.browsing.visible import text_of

SECONDS = 20
MAX_SHOWN = 512 * 1024
MAX_LISTED = 1_000
MAX_TREE = 16 * 2**20
"""Bytes of one folder's list of names: some 400,000 of them."""

FOLDER = 0o040000
READMES = ("readme.md", "readme", "readme.txt", "readme.rst")
KINDS = {FOLDER: "folder", SYMLINK: "symlink", SUBMODULE: "submodule"}


@dataclass(frozen=True)
class Entry:
    """A name in a folder, as git keeps it; bytes that are no UTF-8 come as lone surrogates."""

    name: str
    mode: int
    id: str

    @property
    def kind(self) -> str:
        """folder, file, symlink or submodule."""
        return KINDS.get(self.mode, "file")


@dataclass(frozen=True)
class Row:
    """One line of a folder; ``size`` is a file's. What does not ``open`` has a name no page can have."""

    name: str
    path: str
    kind: str
    size: int | None
    opens: bool


@dataclass(frozen=True)
class Folder:
    """One page of a folder: ``start`` is its first row's number (from 0), ``total`` all of them."""

    path: str
    rows: tuple[Row, ...]
    readme: Markup
    start: int = 0
    total: int = 0

    @property
    def next(self) -> int | None:
        end = self.start + len(self.rows)
        return end if end < self.total else None


@dataclass(frozen=True)
class SourceFile:
    """``text`` is None when the file is no text or too long to show; ``target`` is where a symbolic link points."""

    path: str
    id: str
    mode: int
    size: int
    text: Text | None
    target: str = ""
    submodule: bool = False

    @property
    def executable(self) -> bool:
        return self.mode == 0o100755


def at(
    repository: Path, commit: str, path: str, place: Place | None = None, start: int = 0, count: int = MAX_LISTED
) -> Folder | SourceFile:
    """The folder or file at ``path`` ("" = the whole tree) of a commit by its full id. Raises NotFoundError.

    ``place`` says where the links and pictures of a folder's README lead.
    """
    with opened(repository) as repo:
        entry = _find(repo, commit, path)
        if entry.mode == FOLDER:
            return _folder(repo, entry, path, place, start, count)
        return _file(repo, entry, path)


def find(repository: Path, commit: str, path: str) -> Entry:
    """What lies at ``path``. Raises NotFoundError."""
    with opened(repository) as repo:
        return _find(repo, commit, path)


def names(repository: Path, commit: str, folder: str) -> list[Entry]:
    """All names in a folder, none when there is no such folder."""
    with opened(repository) as repo:
        try:
            entry = _find(repo, commit, folder)
        except NotFoundError:
            return []
        return _entries(repo, entry.id) if entry.mode == FOLDER else []


def content(repository: Path, commit: str, path: str, limit: int) -> tuple[bytes, str]:
    """A file's bytes and git's name of them. Raises NotFoundError, also for a file of more than ``limit`` bytes."""
    with opened(repository) as repo:
        entry = _find(repo, commit, path)
        blob = _blob(repo, entry)
        if entry.kind != "file" or blob.size > limit:
            raise _missing(path)
        return blob.data_stream.read(), entry.id


def size(repository: Path, object_id: str) -> int:
    """Of a blob, without reading it."""
    with opened(repository) as repo:
        return int(Blob(repo, bytes.fromhex(object_id)).size)


def blob(repository: Path, object_id: str) -> bytes:
    """All of a blob whose `size` was asked before."""
    with opened(repository) as repo:
        content: bytes = Blob(repo, bytes.fromhex(object_id)).data_stream.read()
        return content


@contextmanager
def opened(repository: Path) -> Iterator[Repo]:
    """GitPython on one of our repositories; its processes end with the block, or when their time is up.

    Raises UnavailableError then: GitPython itself knows no limit.
    """
    expired = threading.Event()
    with Repo(repository, expand_vars=False) as repo:
        timer = threading.Timer(SECONDS, _expire, (repo, expired))
        timer.start()
        try:
            yield repo
        except (ValueError, OSError, GitError, NotFoundError) as error:
            if expired.is_set():
                raise UnavailableError(_("Reading this takes too long here. Clone the repository.")) from error
            raise
        finally:
            timer.cancel()


def _expire(repo: Repo, expired: threading.Event) -> None:
    expired.set()
    repo.git.clear_cache()


def _find(repo: Repo, commit: str, path: str) -> Entry:
    if path and not rules.is_readable_path(path):
        raise _missing(path)
    try:
        entry = Entry("", FOLDER, repo.commit(commit).tree.hexsha)
        for part in path.split("/") if path else ():
            if entry.mode != FOLDER:
                raise _missing(path)
            entry = next(one for one in _entries(repo, entry.id) if one.name == part)
    except (StopIteration, KeyError, ValueError, GitError) as error:
        raise _missing(path) from error
    return entry


def _entries(repo: Repo, tree_id: str) -> list[Entry]:
    """Read at once and not object by object: a folder may hold a hundred thousand names."""
    tree = Tree(repo, bytes.fromhex(tree_id))
    if tree.size > MAX_TREE:
        raise TooLargeError(_("This folder lists more names than a page can. Clone the repository."))
    data, width = tree.data_stream.read(), len(tree_id) // 2
    found, place = [], 0
    while place < len(data):
        space = data.index(b" ", place)
        end = data.index(b"\0", space)
        name = text_of(data[space + 1 : end])
        found.append(Entry(name, int(data[place:space], 8), data[end + 1 : end + 1 + width].hex()))
        place = end + 1 + width
    return found


def _blob(repo: Repo, entry: Entry) -> Blob:
    if entry.mode in (FOLDER, SUBMODULE):
        raise _missing(entry.name)
    return Blob(repo, bytes.fromhex(entry.id))


def _folder(repo: Repo, entry: Entry, path: str, place: Place | None, start: int, count: int) -> Folder:
    entries = sorted(_entries(repo, entry.id), key=lambda one: (one.mode != FOLDER, one.name))
    shown = entries[start : start + count]
    rows = tuple(_row(repo, one, f"{path}/{one.name}".lstrip("/")) for one in shown)
    found = {one.name.lower(): one for one in entries if one.kind == "file"}
    readme = next((found[name] for name in READMES if name in found), None) if start == 0 else None
    return Folder(path, rows, _readme(repo, readme, place), start, len(entries))


def _row(repo: Repo, entry: Entry, path: str) -> Row:
    size = Blob(repo, bytes.fromhex(entry.id)).size if entry.kind == "file" else None
    return Row(entry.name, path, entry.kind, size, rules.is_readable_path(path) and entry.kind != "submodule")


def _readme(repo: Repo, entry: Entry | None, place: Place | None) -> Markup:
    blob = _blob(repo, entry) if entry else None
    if entry is None or blob is None or blob.size > MAX_SHOWN:
        return Markup("")
    found = read(blob.data_stream.read(), entry.name)
    if found is None:
        return Markup("")
    return render(found.plain, place) if entry.name.lower().endswith(".md") else found.as_pre()


def _file(repo: Repo, entry: Entry, path: str) -> SourceFile:
    if entry.mode == SUBMODULE:
        return SourceFile(path, entry.id, entry.mode, 0, None, submodule=True)
    blob = _blob(repo, entry)
    if entry.mode == SYMLINK:
        target = text_of(blob.data_stream.read()) if blob.size < 4_096 else ""
        return SourceFile(path, entry.id, entry.mode, blob.size, None, target)
    text = read(blob.data_stream.read(), entry.name) if blob.size <= MAX_SHOWN else None
    return SourceFile(path, entry.id, entry.mode, blob.size, text)


def _missing(path: str) -> NotFoundError:
    return NotFoundError(_("There is no %(path)s in this version.", path=path[:200]))
