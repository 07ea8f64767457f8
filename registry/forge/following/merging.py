"""Two commits merged without a work tree, on trial first: what comes of it lies beside the repository until wanted.

A conflicted ``merge-tree`` leaves its objects behind (hundreds of them at a heavy conflict), so they are written beside
the repository and only those of a finished commit are brought in.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from registry.forge import git, storage, writing
from registry.forge.following.conflicts import PLACE, Conflict, Side, parse
from registry.forge.writing import Author

SECONDS = 120
MAX_CONFLICTS = 400
"""More are not listed: nobody decides so many in a browser."""

_LITERAL = {"GIT_LITERAL_PATHSPECS": "1"}
_CONFIG = {
    "merge.directoryRenames": "false",
    "merge.conflictStyle": "merge",
    "merge.renameLimit": "1000",
    "core.attributesFile": "/dev/null",
}


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
            raise git.GitOutputError(f"git merge-tree wrote more than {git.MAX_OUTPUT} bytes")
        code = process.wait()
    if code not in (0, 1):
        raise git.GitError("these two cannot be merged", code)
    tree, _nul, rest = output.decode("utf-8", "surrogateescape").partition("\0")
    found = parse(rest) if code else ()
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
    place: Workplace,
    tree: str,
    parents: Sequence[str],
    message: str,
    author: Author,
    committer: Author,
    sign: writing.Signer = bytes,
) -> str:
    """A commit that is whole in the repository, named by nothing yet; its new objects are checked on the way in.

    Returns its id. Raises GitError.
    """
    lines = [f"tree {tree}", *(f"parent {one}" for one in parents), f"author {author}", f"committer {committer}"]
    body = ("\n".join([*lines, "", message.strip()]) + "\n").encode()
    commit = place.line("hash-object", "-t", "commit", "-w", "--stdin", stdin=sign(body))
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
