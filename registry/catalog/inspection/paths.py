"""Which files a bundle may hold: names every file system keeps apart, plain files only, bounded in size and number."""

from __future__ import annotations

import stat
import unicodedata
from dataclasses import dataclass, field

from flask_babel import gettext as _

from registry.catalog.inspection.bundle import EXECUTABLE, FILE, SUBMODULE, SYMLINK, BundleLimits, Entry, Tree
from registry.core.errors import Finding

MAX_PATH, MAX_NAME = 240, 100
"""Bytes of UTF-8, so that a path below ``builds/code/{tree}`` stays within what the system allows."""

MAX_FINDINGS = 100
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})
GROUP_WRITABLE = 0o100664
"""What very old git recorded for a plain file."""


@dataclass
class Listing:
    """What was listed: ``files`` by path, and why the rest was refused. ``complete`` is false when a limit ended it."""

    files: dict[str, Entry] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    complete: bool = True
    size: int = 0


def list_files(tree: Tree, limits: BundleLimits) -> Listing:
    """List and judge every entry; ends early at a limit or at `MAX_FINDINGS`."""
    listing, spellings = Listing(), _Spellings()
    for entry in tree.entries():
        if len(listing.files) >= limits.files:
            return _stop(listing, _("More than %(n)d files: leave out what the app does not need.", n=limits.files))
        problem = path_problem(entry.path) or mode_problem(entry.mode) or spellings.problem(entry.path)
        if problem is None and entry.size > limits.file:
            problem = _("Larger than %(n)d MB: a bundle holds source, not data.", n=limits.file // 2**20)
        if problem:
            listing.findings.append(Finding(printable(entry.path), problem))
            if len(listing.findings) >= MAX_FINDINGS:
                return _stop(listing, _("There are more problems of this kind: mend these first."))
            continue
        listing.files[entry.path] = entry
        listing.size += entry.size
        if listing.size > limits.size:
            message = _("The files are larger than %(n)d MB together: leave out data.", n=limits.size // 2**20)
            return _stop(listing, message)
    return listing


def _stop(listing: Listing, message: str) -> Listing:
    listing.findings.append(Finding(".", message))
    listing.complete = False
    return listing


def path_problem(path: str) -> str | None:
    """Why a path is refused, or None."""
    try:
        length = len(path.encode())
    except UnicodeEncodeError:
        return _("The name is not UTF-8: rename the file.")
    if not all(is_plain(character) for character in path):
        return _("The name has control or invisible characters: rename the file.")
    if path.startswith("/") or "\\" in path:
        return _("The path must be relative, with / between folders: rename the file.")
    parts = path.split("/")
    if any(part in ("", ".", "..") for part in parts):
        return _("The path has an empty, . or .. part: rename the file.")
    if length > MAX_PATH or any(len(part.encode()) > MAX_NAME for part in parts):
        return _("The path is too long: at most %(path)d bytes, %(name)d per name.", path=MAX_PATH, name=MAX_NAME)
    if any(is_git_folder(part) for part in parts):
        return _("A .git folder inside the bundle: remove it, git would take it for a repository.")
    return None


def is_plain(character: str) -> bool:
    """Seen as what it is: no control, formatting, surrogate, private or unassigned character, no odd blank."""
    return character == " " or unicodedata.category(character) not in HIDDEN


def is_git_folder(part: str) -> bool:
    """``.git`` as any file system might read it: other case, trailing dots or blanks, the short name of NTFS."""
    return unicodedata.normalize("NFKC", part).casefold().rstrip(". ") in (".git", "git~1")


def mode_problem(mode: int) -> str | None:
    if mode in (FILE, EXECUTABLE, GROUP_WRITABLE):
        return None
    if mode == SYMLINK:
        return _("A symbolic link: put the file itself here.")
    if mode == SUBMODULE:
        return _("A git submodule: copy its files into the bundle, or name it in requirements.txt.")
    if stat.S_ISREG(mode):
        return _("Set-user, set-group or sticky bits: remove them with chmod ug-s,o-t.")
    return _("Not a plain file (a pipe, socket or device): remove it.")


class _Spellings:
    """Finds names that some file systems cannot keep apart, among files and the folders above them."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[str, bool]] = {}
        self.seen: set[str] = set()

    def problem(self, path: str) -> str | None:
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            spelling, is_file = "/".join(parts[:depth]), depth == len(parts)
            key = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", spelling).casefold())
            before = self.known.setdefault(key, (spelling, is_file))
            if before != (spelling, is_file) or (is_file and path in self.seen):
                return _("Cannot be told apart from %(other)s on every system: rename one.", other=before[0])
        self.seen.add(path)
        return None


def printable(path: str) -> str:
    """A path fit for one line of a report, however hostile."""
    return "".join(character if is_plain(character) else "\ufffd" for character in path)[:MAX_PATH] or "."
