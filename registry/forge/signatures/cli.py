"""``lumbung transparency verify``: needs no database and no network."""

from __future__ import annotations

import hashlib
from pathlib import Path

import click

from registry.catalog.trust.cli import FILE
from registry.catalog.trust.signing import MAX_TEXT, PublicKey, Signature, SignatureProblemError
from registry.core.chains import START, BrokenChainError
from registry.forge.signatures import ledger
from registry.forge.signatures.ledger import Entry


@click.group("transparency")
def transparency() -> None:
    """The list of everything ever released."""


@transparency.command("verify")
@click.argument("log", type=FILE)
@click.option("--key", help="The public key of releases: its file (releases.pub) or the line in it.")
@click.option("--signature", type=FILE, help="LOG.minisig when not given.")
@click.option("--earlier", type=FILE, help="A copy you kept: everything in it must still be there.")
@click.option("--release", type=FILE, help="A file of a release you hold: it must be listed.")
def verify(log: Path, key: str | None, signature: Path | None, earlier: Path | None, release: Path | None) -> None:
    """Say whether LOG (releases.txt) is whole, signed, and has only grown: exit 0 or 1. Works offline."""
    try:
        entries = _read(log)
        if key:
            _signed(log, key, signature or log.with_name(f"{log.name}.minisig"))
        told = [f"{len(entries)} lines, each tied to the one before" + (", signed" if key else "")]
        told += [_grown(log, earlier)] if earlier else []
        told += [_listed(entries, release)] if release else []
    except (BrokenChainError, SignatureProblemError) as problem:
        raise click.ClickException(str(problem)) from None
    click.echo("\n".join([*told, f"last chain: {entries[-1].chain if entries else START}"]))


def _read(path: Path) -> list[Entry]:
    with path.open(encoding="ascii", errors="replace") as file:
        return list(ledger.read(file))


def _signed(log: Path, key: str, path: Path) -> None:
    if not path.is_file():
        raise SignatureProblemError(f"there is no {path.name} beside it: download that, too")
    given = Path(key)
    text = given.read_text()[:MAX_TEXT] if len(key) < 1_000 and given.is_file() else key
    found = Signature.read(path.read_text(errors="replace")[:MAX_TEXT])
    with log.open("rb") as file:
        found.check(file, PublicKey.read(text))
    if found.told.get("transparency") != "releases":
        raise SignatureProblemError("this signature is of something else than a transparency log")


def _grown(log: Path, earlier: Path) -> str:
    with earlier.open(encoding="ascii", errors="replace") as old, log.open(encoding="ascii", errors="replace") as new:
        return f"everything in {earlier.name} is still there; {ledger.grown(old, new)} lines came since"


def _listed(entries: list[Entry], release: Path) -> str:
    with release.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    found = next((entry for entry in entries if entry.sha256 == digest), None)
    if found is None:
        raise BrokenChainError(f"{release.name} is not in the log: do not use it")
    return f"{release.name} is line {found.number}: {found.app} {found.version} {found.kind}, {found.when}"
