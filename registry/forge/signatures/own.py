"""The registry's own key for commits: what it makes for people (edits, syncs) it signs, so that clones tell, too.

The key is no release key: whoever may make an edit in the browser must not be able to have a release signed.
"""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.core import secrets
from registry.forge import storage
from registry.forge.signatures import sshsig


def key() -> Ed25519PrivateKey:
    """Made at the first call."""
    return _load(storage.settings().secrets)


def public_line() -> str:
    """As in ``id_ed25519.pub``."""
    blob = b64encode(sshsig.ed25519_blob(key().public_key())).decode()
    return f"ssh-ed25519 {blob} {storage.settings().registry_host}"


def allowed_signers() -> str:
    """For ``gpg.ssh.allowedSignersFile``: whom git is to believe for what was made here."""
    kind, blob, _host = public_line().split(" ", 2)
    return f'lumbung@{storage.settings().registry_host} namespaces="git" {kind} {blob}\n'


def fingerprints() -> frozenset[str]:
    return frozenset({sshsig.fingerprint(sshsig.ed25519_blob(key().public_key()))})


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
