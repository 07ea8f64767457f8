"""The registry's own key for commits: what it makes for people (edits, syncs) it signs, so that clones tell, too.

The key is no release key: whoever may make an edit in the browser must not be able to have a release signed.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.core import secrets
from registry.core.clock import today
from registry.core.files import write_lasting
from registry.forge import storage
from registry.forge.signatures import sshsig

FORMER = "commits.former.json"
"""In the folder of secrets, to be backed up with them; holds nothing secret."""


@dataclass(frozen=True)
class Former:
    """A key that signed ``until`` a day (ISO): ``key`` is its type and base64. A ``leaked`` one is not believed."""

    key: str
    until: str
    leaked: bool


def key() -> Ed25519PrivateKey:
    """Made at the first call."""
    return _load(storage.settings().secrets)


def public_line() -> str:
    """As in ``id_ed25519.pub``."""
    return f"{_public(key())} {storage.settings().registry_host}"


def former() -> tuple[Former, ...]:
    """Latest first."""
    try:
        kept = json.loads((storage.settings().secrets / FORMER).read_text())
    except FileNotFoundError:
        return ()
    return tuple(Former(**one) for one in kept)


def allowed_signers() -> str:
    """For ``gpg.ssh.allowedSignersFile``: whom git is to believe for what was made here, and until which day."""
    who = f"lumbung@{storage.settings().registry_host}"
    lines = [f'{who} namespaces="git" {_public(key())}']
    for one in former():
        end = date.fromisoformat(one.until) + timedelta(days=1)
        if not one.leaked:
            lines.append(f'{who} namespaces="git",valid-before="{end:%Y%m%d}" {one.key}')
    return "".join(f"{line}\n" for line in lines)


def fingerprints() -> frozenset[str]:
    """Of the keys whose signatures hold."""
    believed = [_public(key()), *(one.key for one in former() if not one.leaked)]
    return frozenset(sshsig.fingerprint(sshsig.public_key(one)) for one in believed)


def rotate(leaked: bool = False) -> str:
    """Sign with a new key from now on, which is answered; the old public half is written down before it goes."""
    folder, old = storage.settings().secrets, _public(key())
    kept = [Former(old, today().isoformat(), leaked), *(one for one in former() if one.key != old)]
    write_lasting(folder / FORMER, json.dumps([asdict(one) for one in kept], indent=1))
    secrets.replace_commit_key(folder)
    return public_line()


def signed(raw: bytes) -> bytes:
    """A commit, as git would write it, with our signature in its head."""
    head, blank, body = raw.partition(b"\n\n")
    armour = sshsig.armoured(key(), raw).strip().replace(b"\n", b"\n ")
    return head + b"\ngpgsig " + armour + blank + body


def signed_tag(raw: bytes) -> bytes:
    """The same for a tag, whose signature is the end of its text."""
    return raw + sshsig.armoured(key(), raw)


def _load(folder: Path) -> Ed25519PrivateKey:
    found = serialization.load_pem_private_key(secrets.commit_key(folder), password=None)
    assert isinstance(found, Ed25519PrivateKey)  # noqa: S101 secrets made it
    return found


def _public(private: Ed25519PrivateKey) -> str:
    return f"ssh-ed25519 {b64encode(sshsig.ed25519_blob(private.public_key())).decode()}"
