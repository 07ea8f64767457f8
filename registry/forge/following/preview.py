"""What bringing a fork up to its target would do, found out beside the repository: nothing is changed by looking."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask_babel import gettext as _

from registry.catalog.publiccode.file import FILE as PUBLICCODE
from registry.core.errors import ConflictError, NotFoundError
from registry.core.logs import logger
from registry.forge import git, storage
from registry.forge.browsing.diffs import diff
from registry.forge.browsing.patches import Bounds, Diff
from registry.forge.following import distances, identity, merging, rules
from registry.forge.following.conflicts import Conflict, Side
from registry.forge.following.distances import Target, between, is_nameplate, texts_at
from registry.forge.following.merging import Merge, Workplace, listed, put, with_entries
from registry.forge.models import Fork
from registry.tenants.models import City

MAX_NAMED = 500
_FIRST = Bounds(files=MAX_NAMED, shown=0, lines=0)
_MERGED_WELL = 0


@dataclass(frozen=True)
class File:
    """A file a sync touches: ``status`` is git's letter (A, M, D, T); ``near``: the city changed it, too."""

    path: str
    status: str
    near: bool


@dataclass(frozen=True)
class Preview:
    """How a fork's main stands to its target, and what a sync would do.

    ``way`` is a code of `rules`; ``merge`` is None where nothing has to be merged. ``tree`` is what main's tree would
    be ("" while there are conflicts), ``files`` what would change in the fork, ``own`` what the city changed since
    their common ``base``. ``tidy``: it has nothing of its own but a history that only looks so.
    """

    repository: Path
    head: str
    base: str
    target: Target
    way: str
    ahead: int
    behind: int
    place: Workplace
    merge: Merge | None
    tree: str
    files: tuple[File, ...]
    own: tuple[str, ...]
    tidy: bool

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        return self.merge.conflicts if self.merge else ()

    @property
    def near(self) -> tuple[File, ...]:
        return tuple(file for file in self.files if file.near)

    @property
    def unchanged(self) -> bool:
        """Whether the city has nothing of its own in it but its nameplate."""
        return not self.own

    def diff(self, tree: str = "") -> Diff:
        """From the fork's main to what it would become (or to ``tree``)."""
        return diff(self.place.work, self.head, tree or self.tree)


@contextmanager
def looked(city: City, fork: Fork, target: Target, head: str = "") -> Iterator[Preview]:
    """The preview of bringing the fork's main (or ``head``) to ``target``; what it made is gone after the block.

    Raises NotFoundError without a main, ConflictError when the two cannot be compared.
    """
    storage_ = storage.here()
    repository = storage_.fork(city.slug, fork.app.slug)
    borrow = (storage_.pool(fork.app.slug), storage_.upstream(fork.app.slug))
    head = head or distances.tip(repository)
    if not head:
        raise NotFoundError(_("The fork has no branch main: push one, or make the fork anew."))
    with storage_.scratch() as scratch:
        place = merging.workplace(repository, scratch, borrow)
        try:
            yield _preview(place, head, target)
        except (git.GitTimeoutError, git.GitOutputError) as error:
            raise ConflictError(_("This is too much to compare here: merge on your own machine and push.")) from error
        except git.GitError as error:
            logger.error("fork cannot be compared", city=city.slug, app=fork.app.slug, reason=str(error)[-300:])
            raise ConflictError(_("The two repositories cannot be compared: an object is missing.")) from error


def _preview(place: Workplace, head: str, target: Target) -> Preview:
    base = _base(place, head, target.commit)
    ahead, behind = between(place.work, head, target.commit)
    merge, tree, renewal = None, "", False
    if base and base not in (head, target.commit):
        merge = settled(merging.merged(place, head, target.commit), base)
        tree = merge.tree if merge.clean else ""
        renewal = bool(tree) and _is_renewal(place, tree, target.commit)
    elif base == head != target.commit:
        tree, renewal = _forward(place, head, target.commit)
    way = rules.way(base, head, target.commit, bool(merge and merge.conflicts), renewal)
    own = _own(place, base, head) if base else ()
    ends = (head, tree) if tree else (base or head, target.commit)  # undecided: what upstream changed since their base
    files = _files(place, *ends, own) if way != rules.CURRENT else ()
    tidy = way == rules.CURRENT and ahead > 1 and _is_renewal(place, head, target.commit)
    return Preview(place.repository, head, base, target, way, ahead, behind, place, merge, tree, files, own, tidy)


def _forward(place: Workplace, head: str, target: str) -> tuple[str, bool]:
    """The tree of a main that upstream contains, and whether it differs from upstream's: once a proposal was merged
    with its history, the commit that says whose the fork is lies behind, and its words must not go.
    """
    theirs, ours = texts_at(place.work, [f"{target}:{PUBLICCODE}", f"{head}:{PUBLICCODE}"])
    if theirs is None or ours is None or identity.is_same_repository(theirs, ours):
        return place.line("rev-parse", "--verify", f"{target}^{{tree}}"), False
    return nameplate_on(place, head, target), True


def nameplate_on(place: Workplace, head: str, target: str) -> str:
    """The tree of ``target``, with the own keys of ``head`` in its publiccode.yml."""
    theirs, ours = texts_at(place.work, [f"{target}:{PUBLICCODE}", f"{head}:{PUBLICCODE}"])
    tree = place.line("rev-parse", "--verify", f"{target}^{{tree}}")
    if theirs is None or ours is None:
        return tree
    mode = listed(place, target, [PUBLICCODE])[PUBLICCODE].mode
    side = Side(mode, put(place, identity.aligned(theirs, ours).encode()))
    return with_entries(place, tree, {PUBLICCODE: side})


def _base(place: Workplace, head: str, target: str) -> str:
    try:
        return place.line("merge-base", "--end-of-options", head, target)
    except git.GitError as error:
        if error.code == 1:
            return ""
        raise


def _own(place: Workplace, base: str, head: str) -> tuple[str, ...]:
    names = [name for name, _status in _names(place, base, head)]
    if PUBLICCODE in names and is_nameplate(place.work, base, head):
        names.remove(PUBLICCODE)
    return tuple(names)


def _files(place: Workplace, old: str, new: str, own: tuple[str, ...]) -> tuple[File, ...]:
    mine = frozenset(own)
    return tuple(File(path, status, path in mine) for path, status in _names(place, old, new))


def _names(place: Workplace, old: str, new: str) -> list[tuple[str, str]]:
    """Paths that differ, with git's letter."""
    arguments = ("diff-tree", "-r", "-z", "--no-renames", "--name-status", "--no-commit-id", old, new, "--")
    fields = place.run(*arguments).decode("utf-8", "replace").split("\0")
    return [(fields[at + 1], fields[at]) for at in range(0, len(fields) - 1, 2)]


def _is_renewal(place: Workplace, ours: str, target: str) -> bool:
    """Whether a tree (or commit) has what the target has, but for whose it is."""
    names = [name for name, _status in _names(place, target, ours)]
    if names != [PUBLICCODE]:
        return not names
    return is_nameplate(place.work, target, ours)


def settled(merge: Merge, base: str) -> Merge:
    """The trial with publiccode.yml merged by meaning: whose it is stays as in ``ours`` and is never a conflict."""
    names = [f"{one}:{PUBLICCODE}" for one in (base, merge.ours, merge.theirs, merge.tree)]
    before, ours, theirs, lines = texts_at(merge.place.work, names)
    if before is None or ours is None or theirs is None:
        return merge
    found = next((one for one in merge.conflicts if PUBLICCODE in one.paths), None)
    if found is not None and found.paths != (PUBLICCODE,):
        return merge
    text = identity.merge(before, ours, theirs)
    if text is None and found is not None:
        return _narrowed(merge, found, before, ours, theirs)
    if text is None:
        text = identity.aligned(lines or theirs, ours)
    return merge if found is None and text == lines else _with_publiccode(merge, text, ())


def _with_publiccode(merge: Merge, text: str, left: tuple[Conflict, ...]) -> Merge:
    mode = listed(merge.place, merge.ours, [PUBLICCODE])[PUBLICCODE].mode
    tree = with_entries(merge.place, merge.tree, {PUBLICCODE: Side(mode, put(merge.place, text.encode()))})
    others = tuple(one for one in merge.conflicts if PUBLICCODE not in one.paths)
    return replace(merge, tree=tree, conflicts=tuple(sorted((*others, *left), key=lambda one: one.path)))


def _narrowed(merge: Merge, found: Conflict, base: str, ours: str, theirs: str) -> Merge:
    """A conflict of what the file says of the app; whichever side is taken, whose it is stays."""
    before, other = identity.aligned(base, ours), identity.aligned(theirs, ours)
    text, clashes = _merged_lines(merge.place, before, ours, other)
    if not clashes:
        return _with_publiccode(merge, text, ())
    mode = found.ours.mode if found.ours else 0o100644
    sides = [Side(mode, put(merge.place, one.encode())) for one in (before, ours, other)]
    left = replace(found, base=sides[0], ours=sides[1], theirs=sides[2])
    return _with_publiccode(merge, text, (left,))


def _merged_lines(place: Workplace, base: str, ours: str, theirs: str) -> tuple[str, bool]:
    """The text, and whether lines in it are marked for somebody to decide."""
    paths = [place.work.parent / name for name in ("ours.yml", "base.yml", "theirs.yml")]
    for path, text in zip(paths, (ours, base, theirs), strict=True):
        path.write_text(text)
    arguments = ("merge-file", "-p", "-q", "-L", "ours", "-L", "base", "-L", "theirs", *map(str, paths))
    with git.started(None, *arguments) as process:
        assert process.stdout  # noqa: S101 a pipe was asked for
        text = process.stdout.read(git.MAX_OUTPUT).decode("utf-8", "replace")
        code = process.wait()
    if code > 127:
        raise git.GitError("publiccode.yml cannot be merged", code)
    return text, code != _MERGED_WELL
