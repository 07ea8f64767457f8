"""Commits and their trees, read without a checkout."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from flask_babel import gettext as _

from registry.catalog.inspection.bundle import EXECUTABLE, FILE, BundleLimits, Entry
from registry.core.errors import InvalidError, NotFoundError
from registry.forge import git, rules

CHUNK = 64 * 1024
COMMIT_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_FORMAT = "--format=%H%x00%T%x00%s%x00%an%x00%at"
_LAST = 253_000_000_000
"""In the year 9987: beyond 9999 Python has no date, in no zone."""


@dataclass(frozen=True)
class Commit:
    """``id`` and ``tree`` are full object ids; ``author`` is the name alone."""

    id: str
    tree: str
    subject: str
    author: str
    when: datetime


def moment(seconds: str) -> datetime:
    """Of git's seconds since 1970, which anybody may write into a commit; the nearest that a calendar has."""
    given = int(seconds) if seconds.removeprefix("-").isdecimal() and len(seconds) < 20 else 0
    return datetime.fromtimestamp(max(0, min(given, _LAST)), UTC)


def resolve(repository: Path, ref: str) -> Commit:
    """The commit a branch, tag or commit id names. Raises NotFoundError."""
    found = history(repository, ref, 1)
    if not found:
        raise NotFoundError(_("There is no branch, tag or commit %(ref)s.", ref=ref[:100]))
    return found[0]


def head(repository: Path, branch: str) -> str | None:
    """The commit id a branch points at, for lists that ask of many repositories; None when there is no such branch.

    A branch that was written since the last packing is one small file; for others git is asked.
    """
    if not rules.is_ref_name(branch):
        return None
    try:
        loose = (repository / "refs" / "heads" / branch).read_text("ascii").strip()
    except (OSError, ValueError):
        loose = ""
    if COMMIT_ID.fullmatch(loose):
        return loose
    found = history(repository, f"refs/heads/{branch}", 1)
    return found[0].id if found else None


def history(repository: Path, ref: str, count: int) -> list[Commit]:
    """The newest commits of ``ref``, at most ``count``; none when there is no such ref."""
    return _log(repository, count, ref) if rules.is_ref_name(ref) else []


def missing(repository: Path, commit: str, other: str, count: int) -> list[Commit]:
    """The newest commits that ``commit`` has and ``other`` has not (both full ids), at most ``count``."""
    return _log(repository, count, commit, f"^{other}")


def _log(repository: Path, count: int, *revisions: str) -> list[Commit]:
    arguments = (
        "log",
        "-z",
        f"--max-count={count}",
        _FORMAT,
        "--no-show-signature",
        "--end-of-options",
        *revisions,
        "--",
    )
    try:
        output = git.run(repository, *arguments)
    except git.GitError:
        return []
    fields = output.decode("utf-8", "replace").split("\0")
    rows = [fields[start : start + 5] for start in range(0, len(fields) - 4, 5)]
    return [Commit(row[0], row[1], row[2], row[3], moment(row[4])) for row in rows]


class Blobs:
    """The contents of a repository's objects, through one ``git cat-file --batch`` as long as the block lasts."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin and process.stdout  # noqa: S101 pipes were asked for
        self._questions, self._answers = process.stdin, process.stdout

    def chunks(self, object_id: str, limit: int) -> Iterator[bytes]:
        """Its first ``limit`` bytes. The iterator must be read to its end. Raises FileNotFoundError."""
        self._questions.write(f"{object_id}\n".encode())
        self._questions.flush()
        header = self._answers.readline().split()
        if len(header) != 3 or header[1] != b"blob":
            raise FileNotFoundError(object_id)
        left, wanted = int(header[2]), limit
        while left:
            chunk = self._answers.read(min(CHUNK, left))
            if not chunk:
                raise git.GitError(f"{object_id} ends too early")
            left -= len(chunk)
            if wanted > 0:
                yield chunk[:wanted]
            wanted -= len(chunk)
        self._answers.read(1)


@contextmanager
def blobs(repository: Path) -> Iterator[Blobs]:
    with git.started(repository, "cat-file", "--batch", stdin=subprocess.PIPE, seconds=600) as process:
        yield Blobs(process)


class GitTree:
    """`registry.catalog.bundle.Tree` of a tree in a repository.

    Used in a ``with`` it reads all files through one process; without, each read starts its own. Its entries are
    kept once somebody has read them to their end; whoever reads them bounds them.
    """

    def __init__(self, repository: Path, tree: str) -> None:
        self.repository, self.tree = repository, tree
        self._listed: list[tuple[Entry, str]] | None = None
        self._ids: dict[str, str] = {}
        self._blobs: Blobs | None = None
        self._held = ExitStack()

    def __enter__(self) -> GitTree:
        self._blobs = self._held.enter_context(blobs(self.repository))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._blobs = None
        self._held.__exit__(kind, error, trace)

    def entries(self) -> Iterator[Entry]:
        if self._listed is not None:
            yield from (entry for entry, _object in self._listed)
            return
        listed = []
        for entry, object_id in self.listing():
            listed.append((entry, object_id))
            yield entry
        self._listed = listed

    def listing(self) -> Iterator[tuple[Entry, str]]:
        """Every file with its object id, in git's order; lazily."""
        arguments = ("ls-tree", "-r", "-z", "--long", "--full-tree", "--end-of-options", self.tree)
        with git.started(self.repository, *arguments) as process:
            for record in _records(process):
                yield _entry(record)

    def read(self, path: str, limit: int) -> bytes:
        """The first ``limit`` bytes of a regular file. Raises FileNotFoundError."""
        object_id = self._known()[path] if path in self._known() else ""
        if not object_id:
            raise FileNotFoundError(path)
        if self._blobs is not None:
            return b"".join(self._blobs.chunks(object_id, limit))
        with blobs(self.repository) as opened:
            return b"".join(opened.chunks(object_id, limit))

    def _known(self) -> dict[str, str]:
        if not self._ids:
            listed = self.listing() if self._listed is None else self._listed
            regular = (FILE, EXECUTABLE)
            self._ids = {entry.path: object_id for entry, object_id in listed if entry.mode in regular}
        return self._ids


def export_tree(repository: Path, tree: str, target: Path, limits: BundleLimits | None = None) -> None:
    """Write the files of ``tree`` into the empty folder ``target``, on disk when it returns; the caller renames.

    Only regular files (0644) and executables (0755): the same tree gives the same bytes and modes. Raises InvalidError
    for links, submodules, unsafe paths and anything above ``limits``; the caller removes what was written by then.
    """
    limits = limits or BundleLimits()
    files: list[tuple[Entry, str]] = []
    size = 0
    for entry, object_id in GitTree(repository, tree).listing():
        size += entry.size
        check_entry(entry, len(files), size, limits)
        files.append((entry, object_id))
    target.mkdir(parents=True, exist_ok=True)
    with blobs(repository) as opened:
        for entry, object_id in files:
            _write(target / entry.path, opened.chunks(object_id, entry.size), entry.mode)
    _sync(target)


def _records(process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    assert process.stdout  # noqa: S101 a pipe was asked for
    rest = b""
    while chunk := process.stdout.read(CHUNK):
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole


def _entry(record: bytes) -> tuple[Entry, str]:
    facts, _tab, path = record.partition(b"\t")
    mode, _kind, object_id, size = facts.split()
    length = int(size) if size.isdigit() else 0
    return Entry(os.fsdecode(path), int(mode, 8), length), object_id.decode()


def check_entry(entry: Entry, count: int, size: int, limits: BundleLimits) -> None:
    """One file of a bundle that has ``count`` files before it and ``size`` bytes with it. Raises InvalidError."""
    if entry.mode not in (FILE, EXECUTABLE):
        raise InvalidError(_("%(path)s is a link or a submodule; a bundle holds plain files only.", path=entry.path))
    if not rules.is_safe_path(entry.path):
        raise InvalidError(_("%(path)s is not a path a bundle may have.", path=ascii(entry.path)))
    if count >= limits.files or size > limits.size or entry.size > limits.file:
        raise InvalidError(
            _("The bundle is larger than %(files)d files or %(mb)d MB.", files=limits.files, mb=limits.size >> 20)
        )


def _write(path: Path, chunks: Iterator[bytes], mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        for chunk in chunks:
            file.write(chunk)
        os.fchmod(file.fileno(), mode & 0o777)


def _sync(folder: Path) -> None:
    """One pass after all is written: the journal then needs few commits."""
    for root, _folders, names in os.walk(folder):
        for path in (root, *(os.path.join(root, name) for name in names)):
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
