"""Two commits merged without a work tree, on trial first: what comes of it lies beside the repository until wanted.

A conflicted ``merge-tree`` leaves its objects behind (hundreds of them at a heavy conflict), so they are written beside
the repository and only those of a finished commit are brought in.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from registry.forge import git, storage, writing
from registry.forge.writing import Author

SECONDS = 120
MAX_CONFLICTS = 400
"""More are not listed: nobody decides so many in a browser."""

TEXT, ADDED, GONE_HERE, GONE_THERE = "text", "added", "gone-here", "gone-there"
RENAMED, PLACE, BINARY, MODE, SORT = "renamed", "place", "binary", "mode", "sort"
REGULAR = (0o100644, 0o100755)
_LITERAL = {"GIT_LITERAL_PATHSPECS": "1"}
_CONFIG = {
    "merge.directoryRenames": "false",
    "merge.conflictStyle": "merge",
    "merge.renameLimit": "1000",
    "core.attributesFile": "/dev/null",
}


@dataclass(frozen=True)
class Side:
    """A file as one of the three has it: git's mode and the id of its content."""

    mode: int
    blob: str


@dataclass(frozen=True)
class Conflict:
    """One thing somebody must decide. ``paths`` are all it is about; ``spot`` among them is where its text lies.

    ``path`` is that as it can be shown and kept: a name that is no UTF-8 has its bytes written out in it. ``base``,
    ``ours`` and ``theirs`` are the file at ``spot``, None where there is none.
    """

    path: str
    spot: str
    kind: str
    paths: tuple[str, ...]
    base: Side | None
    ours: Side | None
    theirs: Side | None
    state: str

    @property
    def may_edit(self) -> bool:
        """Whether it is one file with two regular versions of text (of what length the caller must look)."""
        sides = (self.ours, self.theirs)
        return self.kind in (TEXT, ADDED) and all(side is not None and side.mode in REGULAR for side in sides)


@dataclass(frozen=True)
class Workplace:
    """A throw-away repository beside ``repository`` that reads its objects and keeps the new ones: ``work``."""

    repository: Path
    work: Path

    def run(self, *arguments: str, stdin: bytes = b"") -> bytes:
        return git.run(self.work, *arguments, stdin=stdin, variables=_LITERAL, config=_CONFIG, seconds=SECONDS)

    def line(self, *arguments: str, stdin: bytes = b"") -> str:
        return self.run(*arguments, stdin=stdin).decode("utf-8", "replace").strip()


def workplace(repository: Path, scratch: Path, borrow: Sequence[Path] = ()) -> Workplace:
    """One in the caller's folder ``scratch``; ``borrow`` are further repositories to read from."""
    work = storage.make_scratch(Path(tempfile.mkdtemp(dir=scratch)) / "work.git")
    lines = "".join(f"{one.absolute()}/objects\n" for one in (repository, *borrow))
    (work / "objects" / "info" / "alternates").write_text(lines)
    return Workplace(repository, work)


@dataclass(frozen=True)
class Merge:
    """``tree`` is whole when there is no conflict, else it holds files with markers. ``cut``: there are more conflicts
    than are listed.
    """

    place: Workplace
    ours: str
    theirs: str
    tree: str
    conflicts: tuple[Conflict, ...]
    cut: bool = False

    @property
    def clean(self) -> bool:
        return not self.conflicts


def trial(repository: Path, ours: str, theirs: str, scratch: Path, borrow: Sequence[Path] = ()) -> Merge:
    """What merging two commits (full ids) would give. ``scratch`` is the caller's folder. Raises GitError."""
    return merged(workplace(repository, scratch, borrow), ours, theirs)


def merged(place: Workplace, ours: str, theirs: str) -> Merge:
    """`trial` for who has a workplace already."""
    arguments = ("merge-tree", "--write-tree", "-z", "--messages", ours, theirs)
    with git.started(place.work, *arguments, config=_CONFIG, seconds=SECONDS) as process:
        assert process.stdout  # noqa: S101 a pipe was asked for
        output = process.stdout.read(git.MAX_OUTPUT + 1)
        if len(output) > git.MAX_OUTPUT:
            git.stop(process)
        code = process.wait()
    if code not in (0, 1):
        raise git.GitError("these two cannot be merged", code)
    tree, _nul, rest = output.decode("utf-8", "surrogateescape").partition("\0")
    found = _conflicts(rest) if code else ()
    return Merge(place, ours, theirs, tree, found[:MAX_CONFLICTS], len(found) > MAX_CONFLICTS)


def put(place: Workplace, content: bytes) -> str:
    """A file's content as an object beside the repository. Returns its id."""
    return place.line("hash-object", "-w", "--stdin", stdin=content)


def with_entries(place: Workplace, tree: str, entries: Mapping[str, Side | None]) -> str:
    """``tree`` with these paths set, or taken away (None). Returns the new tree's id."""
    if not entries:
        return tree
    gone = [path for path, side in entries.items() if side is None]
    told = [f"0 {writing.ZERO}\t{path}" for path in gone]
    told += [f"{side.mode:06o} {side.blob}\t{path}" for path, side in entries.items() if side]
    place.run("read-tree", tree)
    place.run("update-index", "-z", "--index-info", stdin="\0".join([*told, ""]).encode("utf-8", "surrogateescape"))
    return place.line("write-tree")


def listed(place: Workplace, tree: str, paths: Iterable[str]) -> dict[str, Side]:
    """What a tree or commit has at these paths and below them."""
    output = place.run("ls-tree", "-r", "-z", "--full-tree", tree, "--", *paths)
    found = {}
    for record in output.decode("utf-8", "surrogateescape").split("\0"):
        facts, tab, path = record.partition("\t")
        if tab:
            mode, _kind, blob = facts.split()
            found[path] = Side(int(mode, 8), blob)
    return found


def decided(merge: Merge, conflict: Conflict, side: str, blob: str = "") -> dict[str, Side | None]:
    """The entries that settle a conflict: all of ``ours`` or of ``theirs``, or (``edited``) one blob at its spot."""
    place = merge.place
    if side == "edited":
        mode = conflict.ours.mode if conflict.ours else 0o100644
        return {conflict.spot: Side(mode, blob)}
    if len(conflict.paths) == 1 and conflict.kind != PLACE:
        return {conflict.spot: conflict.ours if side == "ours" else conflict.theirs}
    gone: dict[str, Side | None] = dict.fromkeys(listed(place, merge.tree, conflict.paths))
    kept = listed(place, merge.ours if side == "ours" else merge.theirs, conflict.paths)
    return {**gone, **kept}


def prepare(
    place: Workplace, tree: str, parents: Sequence[str], message: str, author: Author, committer: Author
) -> str:
    """A commit that is whole in the repository, named by nothing yet; its new objects are checked on the way in.

    Returns its id. Raises GitError.
    """
    lines = [f"tree {tree}", *(f"parent {one}" for one in parents), f"author {author}", f"committer {committer}"]
    body = ("\n".join([*lines, "", message.strip()]) + "\n").encode()
    commit = place.line("hash-object", "-t", "commit", "-w", "--stdin", stdin=body)
    take_in(place, [commit], parents)
    return commit


def take_in(place: Workplace, tips: Iterable[str], known: Iterable[str]) -> None:
    """Bring what ``tips`` reach and ``known`` do not into the repository, checked. Raises GitError."""
    wanted = "\n".join([*tips, *(f"^{one}" for one in known), ""])
    pack = place.run("pack-objects", "--quiet", "--stdout", "--revs", stdin=wanted.encode())
    git.run(place.repository, "index-pack", "--stdin", "--strict", stdin=pack, seconds=SECONDS)


def commit(
    repository: Path, merge: Merge, ours: str, theirs: str, message: str, author: Author, ref: str, old: str
) -> str:
    """The merge commit of a clean trial, on ``ref``, if that still names ``old``. Returns its id. Raises GitError."""
    made = prepare(merge.place, merge.tree, (ours, theirs), message, author, author)
    writing.update_refs(repository, {ref: (made, old)})
    return made


def _conflicts(told: str) -> tuple[Conflict, ...]:
    """Of merge-tree's answer after the tree: the three stages of each path, then messages with the paths they mean."""
    stages: dict[str, dict[int, Side]] = {}
    fields = iter(told.split("\0"))
    for record in fields:
        facts, tab, path = record.partition("\t")
        if not tab:
            break
        mode, blob, stage = facts.split()
        stages.setdefault(path, {})[int(stage)] = Side(int(mode, 8), blob)
    groups = _groups(stages, _messages(list(fields)))
    return tuple(_conflict(paths, kinds, stages) for paths, kinds in groups)


def _messages(fields: list[str]) -> list[tuple[str, list[str]]]:
    """Each message's kind and paths."""
    found, at = [], 0
    while at < len(fields) and fields[at].strip().isdigit():
        count = int(fields[at])
        found.append((fields[at + 1 + count], fields[at + 1 : at + 1 + count]))
        at += count + 3
    return found


def _groups(
    stages: Mapping[str, Mapping[int, Side]], messages: Sequence[tuple[str, list[str]]]
) -> list[tuple[list[str], set[str]]]:
    """Paths that one decision is about, with the kinds of trouble git named."""
    found: list[tuple[list[str], set[str]]] = [([path], set()) for path in stages]
    for kind, paths in messages:
        if not kind.startswith("CONFLICT"):
            continue
        touched = [group for group in found if not set(group[0]).isdisjoint(paths)]
        joined = sorted({path for group in touched for path in group[0]} | set(paths))
        kinds = {kind}.union(*(group[1] for group in touched))
        found = [group for group in found if group not in touched] + [(joined, kinds)]
    return sorted(found)


def _conflict(paths: list[str], kinds: set[str], stages: Mapping[str, Mapping[int, Side]]) -> Conflict:
    path = min(paths, key=lambda one: ("~" in one, len(one), one)) if len(paths) > 1 else paths[0]
    own = stages.get(path) or next((stages[one] for one in paths if one in stages), {})
    digest = hashlib.sha256()
    for one in paths:
        digest.update(f"{one}\0{sorted((k, v.mode, v.blob) for k, v in stages.get(one, {}).items())}".encode(
            "utf-8", "surrogateescape"))  # fmt: skip
    base, ours, theirs = own.get(1), own.get(2), own.get(3)
    kind = _kind(kinds, base, ours, theirs)
    return Conflict(shown(path), path, kind, tuple(paths), base, ours, theirs, digest.hexdigest()[:32])


def shown(path: str) -> str:
    """A path of git's as text that can be shown, kept and sent back."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _kind(kinds: set[str], base: Side | None, ours: Side | None, theirs: Side | None) -> str:
    told = " ".join(kinds)
    if "file/directory" in told:
        return PLACE
    if "rename" in told:
        return RENAMED
    if "distinct" in told:
        return SORT
    if ours is None or theirs is None:
        return GONE_HERE if ours is None else GONE_THERE
    if "binary" in told:
        return BINARY
    if ours.blob == theirs.blob:
        return MODE
    if {ours.mode, theirs.mode} - set(REGULAR):
        return SORT
    return TEXT if base else ADDED
