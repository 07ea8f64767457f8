"""What pages show of a repository: its branches and tags, and, by GitPython, its folders and files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from flask_babel import gettext as _
from git import Blob, Repo, Tree
from git.exc import GitError
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import TextLexer, get_lexer_for_filename
from pygments.util import ClassNotFound

from registry.catalog.markdown import Place, render
from registry.core.errors import NotFoundError
from registry.forge import git, rules

MAX_SHOWN = 256 * 1024
MAX_LISTED = 1_000
STYLE = "xcode"
"""Every colour of it has at least 4.5 : 1 on white."""

_FORMAT = "--format=%(refname:short)%00%(objectname)%00%(creatordate:iso-strict)"
READMES = ("readme.md", "readme", "readme.txt", "readme.rst")


@dataclass(frozen=True)
class Row:
    """One line of a folder; ``size`` is None for a folder."""

    name: str
    path: str
    size: int | None


@dataclass(frozen=True)
class Folder:
    path: str
    rows: tuple[Row, ...]
    readme: Markup


@dataclass(frozen=True)
class SourceFile:
    """``code`` is highlighted HTML, one line per line; None when the file is no text or too long to show."""

    path: str
    size: int
    code: Markup | None


@dataclass(frozen=True)
class Ref:
    """A branch or tag; ``when`` is its commit's date, an annotated tag's own."""

    name: str
    target: str
    when: datetime


def at(repository: Path, commit: str, path: str, place: Place | None = None) -> Folder | SourceFile:
    """The folder or file at ``path`` ("" = the whole tree) of a commit by its id. Raises NotFoundError.

    ``place`` says where the links and pictures of a folder's README lead.
    """
    if path and not rules.is_safe_path(path):
        raise _missing(path)
    with Repo(repository, expand_vars=False) as repo:
        try:
            root = repo.commit(commit).tree
            found = root / path if path else root
        except (KeyError, ValueError, GitError) as error:
            raise _missing(path) from error
        if isinstance(found, Tree):
            return _folder(found, path, place)
        if isinstance(found, Blob):
            return _file(found, path)
    raise _missing(path)


def content(repository: Path, commit: str, path: str, limit: int) -> tuple[bytes, str]:
    """A file's bytes and git's name of them. Raises NotFoundError, also for a file of more than ``limit`` bytes."""
    if not rules.is_safe_path(path):
        raise _missing(path)
    with Repo(repository, expand_vars=False) as repo:
        try:
            found = repo.commit(commit).tree / path
        except (KeyError, ValueError, GitError) as error:
            raise _missing(path) from error
        if not isinstance(found, Blob) or found.size > limit:
            raise _missing(path)
        return found.data_stream.read(), found.hexsha


def branches(repository: Path, count: int = 50) -> list[Ref]:
    """Newest first."""
    return _refs(repository, "heads", count)


def tags(repository: Path, count: int = 50) -> list[Ref]:
    """Newest first."""
    return _refs(repository, "tags", count)


def style() -> str:
    """The rules of the highlighting, for one ``<style>``."""
    return str(HtmlFormatter(style=STYLE).get_style_defs(".source"))


def _refs(repository: Path, kind: str, count: int) -> list[Ref]:
    """A tag may name what is no commit; such a one has no date and is not shown."""
    arguments = ("for-each-ref", "--sort=-creatordate", f"--count={count}", _FORMAT, f"refs/{kind}/")
    rows = [row.split("\0") for row in git.line(repository, *arguments).splitlines()]
    return [Ref(row[0], row[1], datetime.fromisoformat(row[2])) for row in rows if len(row) == 3 and row[2]]


def _folder(tree: Tree, path: str, place: Place | None) -> Folder:
    rows = [
        Row(entry.name, f"{path}/{entry.name}".lstrip("/"), entry.size if isinstance(entry, Blob) else None)
        for entry in [*sorted(tree.trees, key=lambda one: one.name), *sorted(tree.blobs, key=lambda one: one.name)]
    ]
    found = {blob.name.lower(): blob for blob in tree.blobs}
    readme = next((found[name] for name in READMES if name in found), None)
    return Folder(path, tuple(rows[:MAX_LISTED]), _readme(readme, place))


def _readme(blob: Blob | None, place: Place | None) -> Markup:
    text = _text(blob) if blob else None
    if blob is None or text is None:
        return Markup("")
    if blob.name.lower().endswith(".md"):
        return render(text, place)
    return Markup("<pre>{}</pre>").format(text)


def _file(blob: Blob, path: str) -> SourceFile:
    text = _text(blob)
    if text is None:
        return SourceFile(path, blob.size, None)
    try:
        lexer = get_lexer_for_filename(PurePosixPath(path).name, stripnl=False)
    except ClassNotFound:
        lexer = TextLexer(stripnl=False)
    formatter = HtmlFormatter(nowrap=True, style=STYLE)
    return SourceFile(path, blob.size, Markup(highlight(text, lexer, formatter)))  # noqa: S704 Pygments escapes


def _text(blob: Blob) -> str | None:
    if blob.size > MAX_SHOWN:
        return None
    content = blob.data_stream.read()
    return None if b"\0" in content else content.decode("utf-8", "replace")


def _missing(path: str) -> NotFoundError:
    return NotFoundError(_("There is no %(path)s in this version.", path=path[:200]))
