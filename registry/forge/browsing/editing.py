"""One file of a fork changed without a checkout: new, edited, renamed, replaced or gone, as one commit of a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _

from registry.accounts.models import User
from registry.core.clock import now
from registry.core.errors import ConflictError, Finding, InvalidError, NotFoundError
from registry.core.uow import after_rollback
from registry.forge import git, pushes, storage, writing
from registry.forge.browsing import checking, reading, refs, rules
from registry.forge.browsing.places import Place
from registry.forge.browsing.reading import FOLDER, SUBMODULE, SYMLINK, Entry
from registry.forge.keeping import service as keeping
from registry.forge.pushes import Change as Moved
from registry.forge.signatures import own
from registry.forge.writing import ZERO, Author

PLAIN = 0o100644
OVERHEAD = 8 * 1024
"""Bytes a commit and its folders take beside the file."""


@dataclass(frozen=True)
class Change:
    """``base`` is the commit (full id) the person saw. ``path`` "" means a new file, ``new_path`` "" that it goes.

    ``content`` None keeps what is there (a rename). ``new_branch`` "" commits to ``branch``.
    """

    branch: str
    base: str
    path: str
    new_path: str
    content: bytes | None
    message: str
    new_branch: str = ""

    @property
    def target(self) -> str:
        return self.new_branch or self.branch


@dataclass(frozen=True)
class Committed:
    """``warnings`` are what was found and did not stop it."""

    id: str
    branch: str
    warnings: Sequence[Finding]


class MovedError(ConflictError):
    """The file was changed on the branch meanwhile: ``head`` is where the branch is now."""

    code = "moved"

    def __init__(self, message: str, head: str) -> None:
        super().__init__(message)
        self.head = head


def commit(place: Place, change: Change, person: User) -> Committed:
    """Commit the change; within a unit of work, in the city's scope.

    Raises InvalidError with findings, MovedError, ConflictError, NotFoundError, QuotaError.
    """
    if place.city is None:
        raise NotFoundError(_("Only forks are changed here."))
    head = refs.resolve(place.repository, f"heads/{change.branch}").commit.id
    parent = _parent(place.repository, change, head)
    entry = _entry(place.repository, parent, change.path)
    _check_target(place.repository, parent, change)
    warnings = checking.demand(change.path, change.new_path, change.content)
    keeping.demand_room(place.city, len(change.content or b"") + OVERHEAD)
    old = ZERO if change.new_branch else head
    with storage.in_use(place.repository):
        made = _write(place.repository, change, entry, parent, _author(person))
        _move(place.repository, change, made, old)
    ref = f"refs/heads/{change.target}"
    after_rollback(lambda: _take_back(place.repository, ref, made, old))
    pushes.record("fork", place.city, place.app, [Moved(ref, old, made)])
    return Committed(made, change.target, warnings)


def delete_branch(place: Place, name: str, old: str) -> None:
    """Take a branch away that is still at ``old``; within a unit of work. Raises InvalidError, ConflictError."""
    if place.city is None or name in rules.PROTECTED:
        raise InvalidError(_("The branch %(name)s stays: it is what a clone gives.", name=name[:100]))
    found = refs.resolve(place.repository, f"heads/{name}")
    if found.commit.id != old:
        raise ConflictError(_("The branch %(name)s has moved meanwhile. Look at it again.", name=name[:100]))
    with storage.in_use(place.repository):
        refs.delete(place.repository, name, old)
    ref = f"refs/heads/{name}"
    after_rollback(lambda: writing.update_refs(place.repository, {ref: (old, ZERO)}))
    pushes.record("fork", place.city, place.app, [Moved(ref, old, ZERO)])


def _parent(repository: Path, change: Change, head: str) -> str:
    """What the change is put on: the branch as it is, when its file is still what the person saw.

    On a new branch it is what the person saw, so that nothing can be in its way.
    """
    if change.base == head:
        return head
    try:
        seen = refs.resolve(repository, change.base).commit.id
    except NotFoundError as error:
        raise _moved(change, head) from error
    if change.new_branch:
        return seen
    for path in {change.path, change.new_path} - {""}:
        if _find(repository, seen, path) != _find(repository, head, path):
            raise _moved(change, head)
    return head


def _moved(change: Change, head: str) -> MovedError:
    path = change.path or change.new_path
    return MovedError(
        _("%(path)s was changed on %(branch)s meanwhile. Your text is kept below.", path=path, branch=change.branch),
        head,
    )


def _find(repository: Path, commit_id: str, path: str) -> Entry | None:
    try:
        return reading.find(repository, commit_id, path)
    except NotFoundError:
        return None


def _entry(repository: Path, parent: str, path: str) -> Entry | None:
    """The file that is changed, None for a new one."""
    if not path:
        return None
    entry = reading.find(repository, parent, path)
    if entry.mode in (FOLDER, SYMLINK, SUBMODULE):
        raise _wrong("path", _("%(path)s is no plain file; change it with git.", path=path))
    return entry


def _check_target(repository: Path, parent: str, change: Change) -> None:
    """Raises InvalidError, ConflictError for a path or branch that cannot be written."""
    if change.new_branch:
        _check_branch(repository, change.new_branch)
    if not change.new_path or change.new_path == change.path:
        return
    problem = rules.path_problem(change.new_path)
    if problem:
        raise _wrong("new_path", _path_words(problem))
    folder, name = "", ""
    for part in change.new_path.split("/"):
        folder = f"{folder}/{name}".strip("/")
        name = part
        _check_name(repository, parent, change, folder, name)


def _check_name(repository: Path, parent: str, change: Change, folder: str, name: str) -> None:
    """No file where a folder is needed, no file twice, none that differs from another by capitals alone."""
    path = f"{folder}/{name}".strip("/")
    is_last = path == change.new_path
    for entry in reading.names(repository, parent, folder):
        known = f"{folder}/{entry.name}".strip("/")
        if known == change.path and entry.mode != FOLDER:
            continue
        if entry.name == name and (is_last or entry.mode != FOLDER):
            raise _wrong("new_path", _("%(path)s is there already.", path=known))
        if entry.name != name and entry.name.casefold() == name.casefold():
            message = _("%(path)s is there already, in other capital or small letters.", path=known)
            raise _wrong("new_path", message)


def _check_branch(repository: Path, name: str) -> None:
    problem = rules.branch_problem(name)
    if problem:
        words = _("A branch's name has up to 100 letters, digits and .-_/ and does not look like a commit id.")
        raise _wrong("new_branch", words)
    try:
        refs.resolve(repository, name)
    except NotFoundError:
        return
    raise _wrong("new_branch", _("There is a branch or tag %(name)s already.", name=name))


def _write(repository: Path, change: Change, entry: Entry | None, parent: str, author: Author) -> str:
    """The commit, named by nothing yet. Raises InvalidError when nothing would change."""
    lines = f"0 {ZERO}\t{change.path}\0" if change.path and change.path != change.new_path else ""
    if change.new_path:
        blob = _blob(repository, change.content) if change.content is not None else (entry.id if entry else "")
        lines += f"{entry.mode if entry else PLAIN:o} {blob}\t{change.new_path}\0"
    with storage.here().scratch() as folder:
        index = {"GIT_INDEX_FILE": str(folder / "index")}
        git.run(repository, "read-tree", parent, variables=index)
        git.run(repository, "update-index", "-z", "--index-info", stdin=lines.encode(), variables=index)
        tree = git.run(repository, "write-tree", variables=index).decode().strip()
    if tree == writing.tree_of(repository, parent):
        raise InvalidError(_("Nothing is changed: this is what is there already."))
    message = rules.message_of(change.message, default_message(change))
    return writing.commit_tree(repository, tree, parent, message, author, own.signed)


def _blob(repository: Path, content: bytes) -> str:
    return git.line(repository, "hash-object", "-w", "--stdin", stdin=content)


def _move(repository: Path, change: Change, made: str, old: str) -> None:
    """Raises MovedError: somebody was quicker by a moment."""
    try:
        writing.update_refs(repository, {f"refs/heads/{change.target}": (made, old)})
    except git.GitError as error:
        if change.new_branch:
            raise _wrong("new_branch", _("A branch of this name cannot be made beside those there are.")) from error
        head = refs.resolve(repository, f"heads/{change.branch}").commit.id
        raise _moved(change, head) from error


def _take_back(repository: Path, ref: str, made: str, old: str) -> None:
    if old == ZERO:
        refs.delete(repository, ref.removeprefix("refs/heads/"), made)
    else:
        writing.update_refs(repository, {ref: (old, made)})


def _author(person: User) -> Author:
    """Nobody's own address becomes public by an edit."""
    return Author(person.name, f"{person.id}@noreply.{storage.settings().registry_host}", now())


def default_message(change: Change) -> str:
    """In English, the language of the histories these commits join."""
    if not change.new_path:
        return f"Delete {change.path}"
    if not change.path:
        return f"Add {change.new_path}"
    if change.path != change.new_path:
        return f"Rename {change.path} to {change.new_path}"
    return f"Change {change.path}"


def _path_words(problem: str) -> str:
    words = {
        "git": _("Files with this name steer git itself; change them with git."),
        "edges": _("No part of a path begins or ends with a space, or ends with a dot."),
        "unnormalised": _("Type the name anew: its letters are composed in an unusual way."),
        "hidden": _("The name holds characters nobody can see."),
    }
    return words.get(problem, _("Give a path such as docs/notes.md: no empty parts, no .., not into .git."))


def _wrong(field: str, message: str) -> InvalidError:
    return InvalidError(message, [Finding(field, message)])
