"""The keys of releases: the one that signs now, and the public halves of those that did before."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from registry.catalog.trust.signing import PublicKey, SigningKey
from registry.core import secrets
from registry.core.clock import today
from registry.core.files import write_lasting

FORMER = "release.former.json"
"""In the folder of secrets, to be backed up with them; holds nothing secret."""


@dataclass(frozen=True)
class Former:
    """``until`` when it signed. Nothing signed by a ``leaked`` key is to be believed: releases are signed anew."""

    key: PublicKey
    until: date
    leaked: bool


def current(folder: Path) -> SigningKey:
    """Made at the first call."""
    return SigningKey.load(secrets.release_key(folder))


def former(folder: Path) -> tuple[Former, ...]:
    """Latest first."""
    try:
        kept = json.loads((folder / FORMER).read_text())
    except FileNotFoundError:
        return ()
    return tuple(Former(PublicKey.read(one["key"]), date.fromisoformat(one["until"]), one["leaked"]) for one in kept)


def believed(folder: Path) -> tuple[PublicKey, ...]:
    """Those whose signatures hold, the current one first."""
    return (current(folder).public, *(one.key for one in former(folder) if not one.leaked))


def rotate(folder: Path, leaked: bool = False) -> PublicKey:
    """Sign with a new key from now on; the public half of the old one stays listed, written down before it goes."""
    old = current(folder).public
    before = [one for one in former(folder) if one.key != old]
    _write(folder / FORMER, (Former(old, today(), leaked), *before))
    secrets.replace_release_key(folder)
    return current(folder).public


def _write(path: Path, listed: tuple[Former, ...]) -> None:
    told = [{"key": one.key.line, "until": one.until.isoformat(), "leaked": one.leaked} for one in listed]
    write_lasting(path, json.dumps(told, indent=1))
