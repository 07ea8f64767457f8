"""``lumbung verify`` and ``lumbung keys``: need no database and no network."""

from __future__ import annotations

from pathlib import Path

import click

from registry.catalog.trust import keys as ring
from registry.catalog.trust.signing import MAX_TEXT, PublicKey, Signature, SignatureProblemError
from registry.config import from_environment
from registry.core.secrets import RELEASE_KEY

FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)
FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command("verify")
@click.argument("file", type=FILE)
@click.option("--key", help="A public key: its file (releases.pub) or the line in it. Else this installation's own.")
@click.option("--signature", type=FILE, help="FILE.minisig when not given.")
@click.option("--app", help="Refuse a release of another app than this.")
@click.option("--data", type=FOLDER, help="Data folder of the installation whose keys are believed.")
def verify(file: Path, key: str | None, signature: Path | None, app: str | None, data: Path | None) -> None:
    """Say of what release FILE is and who signed it: exit 0 when the signature holds, 1 when not. Works offline."""
    try:
        told = _checked(file, _believed(key, data), signature or file.with_name(f"{file.name}.minisig"))
        _same("app", app or "", told)
    except SignatureProblemError as problem:
        raise click.ClickException(f"{file.name}: {problem}") from None
    what, when = (f"{told.get('app', '?')} {told.get('version', '?')}", told.get("date", "?"))
    click.echo(f"{file.name} is good: {what}, signed {when}")


@click.group("keys")
def keys() -> None:
    """The keys of this installation."""


@keys.command("rotate-release")
@click.option("--data", type=FOLDER, help="Data folder of the installation.")
@click.option("--leaked", is_flag=True, help="Somebody else may have the old key: believe nothing it signed.")
def rotate_release(data: Path | None, leaked: bool) -> None:
    """Sign releases with a new key; the old public key stays listed on /apps/verify."""
    made = ring.rotate(from_environment(data=data.resolve() if data else None).secrets, leaked)
    click.echo(f"New releases are signed by the key {made.name}.")
    if leaked:
        click.echo("The old one is listed as leaked; the worker signs the files of every release anew within the hour.")
    click.echo(made.text, nl=False)


def _believed(key: str | None, data: Path | None) -> tuple[PublicKey, ...]:
    if key:
        path = Path(key)
        is_file = len(key) < 1_000 and path.is_file()
        return (PublicKey.read(_text(path) if is_file else key),)
    folder = from_environment(data=data.resolve() if data else None).secrets
    if not (folder / RELEASE_KEY).is_file():
        raise SignatureProblemError("there is no installation here whose keys could be believed: give --key")
    return ring.believed(folder)


def _checked(file: Path, believed: tuple[PublicKey, ...], path: Path) -> dict[str, str]:
    """What the trusted comment tells."""
    if not path.is_file():
        raise SignatureProblemError(f"there is no {path.name} beside it: download that, too")
    found = Signature.read(_text(path))
    key = next((one for one in believed if one.id == found.key), believed[0])
    with file.open("rb") as opened:
        found.check(opened, key)
    _same("file", file.name, found.told)
    return found.told


def _same(name: str, wanted: str, told: dict[str, str]) -> None:
    if wanted and told.get(name) != wanted:
        signed = told.get(name, "?")
        raise SignatureProblemError(f"it was signed as the {name} {signed}, not {wanted}: do not take it for that")


def _text(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(MAX_TEXT).decode(errors="replace")
