"""``lumbung check``: needs no database and no running registry."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from flask import Flask
from flask.ctx import AppContext
from flask_babel import Babel
from flask_babel import gettext as _

from registry.catalog.inspection.bundle import FolderTree
from registry.catalog.inspection.inspect import inspect
from registry.catalog.publiccode import file as publiccode
from registry.catalog.publiccode.beside import check_files
from registry.catalog.publiccode.network import check_addresses
from registry.catalog.publiccode.yaml_text import MAX_BYTES
from registry.core.errors import Finding


@click.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--network", is_flag=True, help="Also ask every address that is named.")
@click.option("--lang", type=click.Choice(["id", "en"]), default="en", show_default=True, help="Of the findings.")
def check(path: Path, network: bool, lang: str) -> None:
    """Check a bundle (a folder) or one publiccode.yml: exit 0 when valid, 1 when not.

    Each finding is a line: error or warning, where, what to do.
    """
    with _speaking(lang):
        findings = _check_bundle(path, network) if path.is_dir() else check_file(path, network)
    for finding in findings:
        click.echo(str(finding))
    if any(finding.level == "error" for finding in findings):
        raise click.exceptions.Exit(1)


def check_file(path: Path, network: bool = False) -> Sequence[Finding]:
    """Of one publiccode.yml and of the files it names, which are looked for beside it."""
    with path.open("rb") as file:
        described, findings = publiccode.parse(file.read(MAX_BYTES + 1))
    if path.suffix == ".yaml":
        message = _("Name it publiccode.yml: catalogs look for no other spelling.")
        findings.append(Finding(path.name, message, "warning"))
    if described:
        findings += check_files(described, path.parent)
        findings += check_addresses(described) if network else []
    return findings


def _speaking(language: str) -> AppContext:
    """Just enough of an application for findings to be told in this language."""
    app = Flask("registry")
    app.config.update(BABEL_DEFAULT_LOCALE=language, BABEL_TRANSLATION_DIRECTORIES="web/translations")
    Babel(app)
    return app.app_context()


def _check_bundle(folder: Path, network: bool) -> Sequence[Finding]:
    inspection = inspect(FolderTree(folder))
    asked = check_addresses(inspection.publiccode) if network and inspection.publiccode else []
    return [*inspection.findings, *asked]
