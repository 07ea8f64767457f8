"""The files that a publiccode.yml names, as they lie beside it."""

from __future__ import annotations

from pathlib import Path

from flask_babel import gettext as _

from registry.catalog.publiccode.file import PublicCode
from registry.core.errors import Finding

BEGINS = {".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff"}
"""What a picture begins with, whatever its name says."""


def check_files(described: PublicCode, folder: Path) -> list[Finding]:
    """What is wrong with the files named, below ``folder``.

    Where not even the folder of a file is there, the publiccode.yml lies apart from its repository: that is a warning.
    """
    found = [_problem(key, folder / path, path) for key, path in described.files.items()]
    return [problem for problem in found if problem is not None]


def _problem(key: str, file: Path, path: str) -> Finding | None:
    if not file.is_file():
        level = "error" if file.parent.is_dir() else "warning"
        return Finding(key, _("There is no file %(path)s beside this one.", path=path[:120]), level)
    begin = BEGINS.get(file.suffix.lower())
    if begin is None or starts(file, len(begin)) == begin:
        return None
    return Finding(key, _("%(path)s is not a picture of the kind its name says.", path=path[:120]))


def starts(file: Path, count: int) -> bytes:
    with file.open("rb") as opened:
        return opened.read(count)
