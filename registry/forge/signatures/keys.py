"""The keys people sign with: added with a proof that one has the secret half, revoked, never handed on."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import func, select

from registry.accounts.models import User
from registry.core import audit
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, Finding, InvalidError, NotFoundError, UnavailableError
from registry.forge import storage
from registry.forge.signatures import openpgp, sshsig
from registry.forge.signatures.models import PersonKey
from registry.forge.signatures.rules import MAX_KEY_TEXT, MAX_KEYS, MAX_KEYS_EVER, MAX_NAME, MAX_PROOF

NAMESPACE = "lumbung"
"""Of proofs by SSH keys: what was signed for another use is no proof, and a proof is no signature of a commit."""


def challenge(user: User) -> str:
    """What a person signs to show that a key is the own one."""
    return f"signing key of person {user.id} at {storage.settings().registry_host}"


def of(user: User) -> Sequence[PersonKey]:
    """All, newest first; revoked ones too."""
    return db.session.scalars(select(PersonKey).where(PersonKey.user_id == user.id).order_by(PersonKey.id.desc())).all()


def add(user: User, name: str, text: str, proof: str) -> PersonKey:
    """Within a unit of work. Raises InvalidError with findings at ``text`` or ``proof``, ConflictError.

    ``text`` is a line of OpenSSH or an armoured OpenPGP key; ``proof`` the armoured signature of `challenge` by it.
    """
    text, proof = text.strip().replace("\r\n", "\n"), proof.strip().replace("\r\n", "\n")
    _check_sizes(text, proof)
    kind = "openpgp" if text.startswith("-----BEGIN PGP") else "ssh"
    fingerprint = (_proved_pgp if kind == "openpgp" else _proved_ssh)(text, proof, challenge(user))
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"person_keys:{user.id}"))))
    _check_room(of(user))
    if db.session.scalar(select(PersonKey.id).where(PersonKey.fingerprint == fingerprint)):
        raise _wrong("text", _("This key is known already: a key belongs to one person, also after it was revoked."))
    named = name.strip()[:MAX_NAME] or kind
    key = PersonKey(user_id=user.id, kind=kind, name=named, text=text, fingerprint=fingerprint)
    db.session.add(key)
    db.session.flush()
    audit.record("signing-key.add", fingerprint, name=key.name, kind=kind)
    return key


def revoke(user: User, key_id: int) -> PersonKey:
    """From now on nothing it signs is believed. Raises NotFoundError."""
    key = db.session.scalar(select(PersonKey).where(PersonKey.id == key_id, PersonKey.user_id == user.id))
    if key is None:
        raise NotFoundError(_("You have no such key."))
    if key.revoked_at is None:
        key.revoked_at = now()
        audit.record("signing-key.revoke", key.fingerprint, name=key.name)
    return key


def _check_room(known: Sequence[PersonKey]) -> None:
    living = [key for key in known if key.revoked_at is None]
    if len(living) >= MAX_KEYS:
        raise ConflictError(_("You have %(n)d keys: revoke one that you no longer use.", n=MAX_KEYS))
    if len(known) >= MAX_KEYS_EVER:
        raise ConflictError(_("You have added %(n)d keys: that is as many as are kept.", n=MAX_KEYS_EVER))


def _check_sizes(text: str, proof: str) -> None:
    if "PRIVATE KEY" in text or "PRIVATE KEY" in proof:
        raise _wrong("text", _("This is the secret half: show it to nobody. Make a new pair and paste the public key."))
    if not text or len(text) > MAX_KEY_TEXT:
        raise _wrong("text", _("Paste one public key, of at most 16 kB."))
    if not proof or len(proof) > MAX_PROOF:
        raise _wrong("proof", _("Paste what the command wrote: a signature of at most 16 kB."))


def _proved_ssh(text: str, proof: str, asked: str) -> str:
    """The fingerprint."""
    try:
        blob = sshsig.public_key(text)
    except sshsig.SshProblemError as error:
        words = _("This is no public key for signing: paste the line in id_ed25519.pub, or an armoured OpenPGP key.")
        raise _wrong("text", f"{words} ({error})") from error
    try:
        signature = sshsig.read(proof.encode())
        if signature.blob != blob:
            raise _wrong("proof", _("This was signed by another key than the one above."))
        _check_any(signature, asked)
    except sshsig.SshProblemError as error:
        raise _wrong("proof", f"{_not_proved()} ({error})") from error
    return signature.fingerprint


def _check_any(signature: sshsig.Signature, asked: str) -> None:
    """Terminals end a line in their own ways."""
    for end in ("\n", "\r\n"):
        try:
            return sshsig.check(signature, f"{asked}{end}".encode(), NAMESPACE.encode())
        except sshsig.SshProblemError:
            continue
    sshsig.check(signature, asked.encode(), NAMESPACE.encode())


def _proved_pgp(text: str, proof: str, asked: str) -> str:
    """The fingerprint of the (sub)key that signed: no other part of the key is ever believed."""
    try:
        openpgp.packets(text.encode(), openpgp.PUBLIC_KEY)
    except openpgp.PgpProblemError as error:
        words = _("This is no armoured public key of OpenPGP: gpg --armor --export writes one.")
        raise _wrong("text", words) from error
    try:
        for end in ("\n", "\r\n", ""):
            found = openpgp.check(proof.encode(), f"{asked}{end}".encode(), text.encode())
            if found.state == "good":
                return found.key
    except openpgp.PgpProblemError as error:
        raise _wrong("proof", f"{_not_proved()} ({error})") from error
    except openpgp.UncheckedError as error:
        raise _unavailable(error.reason) from error
    if found.state in ("expired", "revoked"):
        raise _wrong("text", _("This key has expired or was revoked by its owner."))
    raise _wrong("proof", _not_proved())


def _unavailable(reason: str) -> UnavailableError:
    if reason == "slow":
        return UnavailableError(_("Checking this key took too long. Try again in a moment."))
    return UnavailableError(_("Keys of OpenPGP cannot be checked here: gpgv is not installed."))


def _not_proved() -> str:
    return _("This signature does not show that the key is yours: sign exactly the text above, with this key.")


def _wrong(field: str, message: str) -> InvalidError:
    return InvalidError(message, [Finding(field, message)])
