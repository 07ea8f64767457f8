"""``lumbung check``: needs no database and no running registry."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from flask_babel import gettext as _

from registry.catalog.inspection.bundle import FolderTree
from registry.catalog.inspection.inspect import inspect
from registry.catalog.publiccode import file as publiccode
from registry.catalog.publiccode.yaml_text import MAX_BYTES
from registry.core.errors import Finding


@click.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
def check(path: Path) -> None:
    """Check a bundle (a folder) or one publiccode.yml: exit 0 when valid, 1 when not.

    Each finding is a line: error or warning, where, what to do.
    """
    findings = inspect(FolderTree(path)).findings if path.is_dir() else check_file(path)
    for finding in findings:
        click.echo(str(finding))
    if any(finding.level == "error" for finding in findings):
        raise click.exceptions.Exit(1)


def check_file(path: Path) -> Sequence[Finding]:
    """Of one publiccode.yml; files it names are looked for beside it, and only warned of when they are missing."""
    with path.open("rb") as file:
        described, findings = publiccode.parse(file.read(MAX_BYTES + 1))
    for key, name in described.files.items() if described else ():
        if not (path.parent / name).is_file():
            findings.append(Finding(key, _("There is no file %(path)s beside this one.", path=name[:120]), "warning"))
    return findings
