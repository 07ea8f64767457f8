"""Signatures of git's commits and tags, by keys of every kind, and whatever is not one."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.forge.signatures import openpgp, sealing, sshsig
from registry.forge.signatures.envelopes import COMMIT, TAG
from registry.forge.signatures.objects import Raw
from registry.forge.signatures.rules import Seal
from tests.forge.signatures.signing import PgpKey, SshKey, commit_text, pgp_key, ssh_key, with_header

KINDS = {
    "ed25519": ("-t", "ed25519"), "rsa": ("-t", "rsa", "-b", "2048"), "p256": ("-t", "ecdsa", "-b", "256"),
    "p384": ("-t", "ecdsa", "-b", "384"), "p521": ("-t", "ecdsa", "-b", "521"),
}  # fmt: skip


def sealed(content: bytes | None, key: PgpKey | None = None, kind: bytes = COMMIT, width: int = 40) -> Seal:
    known = {key.fingerprint: key.public} if key else {}
    return sealing.seal(Raw("a" * width, kind, content), lambda asked: known.get(asked, ""))


@pytest.fixture
def key(tmp_path: Path) -> SshKey:
    return ssh_key(tmp_path)


def signed(key: SshKey, commit: bytes, namespace: str = "git") -> bytes:
    return with_header(commit, key.sign(commit, namespace))


@pytest.mark.parametrize("kind", KINDS)
def test_what_ssh_keygen_signs_holds(tmp_path: Path, kind: str) -> None:
    key = ssh_key(tmp_path, "key", *KINDS[kind])
    found = sealed(signed(key, commit_text()))
    assert (found.state, found.kind, found.fingerprint) == ("good", "ssh", key.fingerprint)
    assert found.made is not None and found.made.year == 2026


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_commit_has_a_bad_signature(tmp_path: Path, kind: str) -> None:
    key = ssh_key(tmp_path, "key", *KINDS[kind])
    assert sealed(signed(key, commit_text()).replace(b"a change", b"another")).state == "bad"


def test_a_signature_copied_from_another_commit_is_bad(key: SshKey) -> None:
    assert sealed(with_header(commit_text("other\n"), key.sign(commit_text(), "git"))).state == "bad"


def test_a_signature_made_for_another_use_is_bad(key: SshKey) -> None:
    assert sealed(signed(key, commit_text(), "file")).state == "bad"


def test_a_signature_says_nothing_under_another_key(key: SshKey, tmp_path: Path) -> None:
    other = ssh_key(tmp_path, "other")
    ours, theirs = (sshsig.public_key(one.public) for one in (key, other))
    commit = commit_text()
    raw = sshsig.read(key.sign(commit, "git").encode())
    swapped = sshsig.Signature(theirs, raw.namespace, raw.reserved, raw.hash, raw.value)
    assert raw.blob == ours
    with pytest.raises(sshsig.SshProblemError):
        sshsig.check(swapped, commit, sshsig.GIT)


def test_two_signatures_are_none(key: SshKey) -> None:
    commit = commit_text()
    twice = with_header(signed(key, commit), key.sign(commit, "git"))
    assert sealed(twice).state == "bad"
    both = key.sign(commit, "git") + key.sign(commit, "git")
    assert sealed(with_header(commit, both)).state == "bad"


def test_the_signature_for_repositories_of_sha256_is_not_this_ones(key: SshKey) -> None:
    commit = commit_text()
    other = with_header(commit, key.sign(commit, "git"), "gpgsig-sha256")
    assert sealed(other).state == "unsigned"
    assert sealed(other, width=64).state == "good"
    assert sealed(with_header(other, key.sign(commit, "git"))).state == "good", "git signs without either header"


def test_a_signature_in_the_message_is_no_signature(key: SshKey) -> None:
    assert sealed(commit_text("look:\n" + key.sign(commit_text(), "git"))).state == "unsigned"


@pytest.mark.parametrize("armour", [
    "", "x", "-----BEGIN SSH SIGNATURE-----", "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----",
    "-----BEGIN SSH SIGNATURE-----\n%%%%\n-----END SSH SIGNATURE-----",
    "-----BEGIN SSH SIGNATURE-----\nU1NIU0lHAAAAAf////8=\n-----END SSH SIGNATURE-----",
    "-----BEGIN SSH SIGNATURE-----\nU1NIU0lHAAAAAgAAAAA=\n-----END SSH SIGNATURE-----",
    "-----BEGIN PGP SIGNATURE-----\n\n!!!!\n-----END PGP SIGNATURE-----",
    "-----BEGIN PGP SIGNATURE-----\n\n" + "A" * 70_000 + "\n-----END PGP SIGNATURE-----",
    "-----BEGIN PGP MESSAGE-----\n\nAAAA\n-----END PGP MESSAGE-----",
])  # fmt: skip
def test_what_cannot_be_read_is_bad_and_breaks_nothing(armour: str) -> None:
    assert sealed(with_header(commit_text(), armour)).state == "bad"


def test_bytes_of_no_encoding_are_signed_as_they_are(key: SshKey) -> None:
    commit = commit_text(encoding="ISO-8859-1").replace(b"a change", b"Kal\xe9 \xff\x00 \r\n x")
    assert sealed(with_header(commit, key.sign(commit, "git"))).state == "good"


def test_an_object_too_large_to_be_a_commit_is_not_read() -> None:
    assert sealed(None) == Seal("unchecked", reason="too-large")


def test_a_certificate_is_not_checked_here() -> None:
    armour = "-----BEGIN SIGNED MESSAGE-----\nAAAA\n-----END SIGNED MESSAGE-----"
    assert sealed(with_header(commit_text(), armour)).reason == "x509"


def test_a_tag_is_signed_at_its_end(key: SshKey) -> None:
    tag = b"object " + b"1" * 40 + b"\ntype commit\ntag v1\ntagger Dinas <d@example.id> 1795500000 +0000\n\nv1\n"
    whole = tag + key.sign(tag, "git").encode()
    assert sealed(whole, kind=TAG).state == "good"
    assert sealed(whole.replace(b"tag v1", b"tag v2"), kind=TAG).state == "bad"
    assert sealed(tag, kind=TAG).state == "unsigned"
    assert sealed(whole + b"more\n", kind=TAG).state == "bad"


def test_openpgp_holds_for_a_key_that_is_known_and_only_then(tmp_path: Path) -> None:
    key, commit = pgp_key(tmp_path), commit_text()
    whole = with_header(commit, key.sign(commit))
    assert (sealed(whole, key).state, sealed(whole, key).fingerprint) == ("good", key.fingerprint)
    assert sealed(whole.replace(b"a change", b"another"), key).state == "bad"
    assert (sealed(whole).state, sealed(whole).fingerprint) == ("unknown", key.fingerprint)


def test_openpgp_of_another_key_under_this_ones_name_is_bad(tmp_path: Path) -> None:
    key, other, commit = pgp_key(tmp_path), pgp_key(tmp_path, "other"), commit_text()
    whole = with_header(commit, key.sign(commit))
    found = sealing.seal(Raw("a" * 40, COMMIT, whole), lambda _asked: other.public)
    assert found.state != "good"


def test_a_machine_without_gpgv_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, commit = pgp_key(tmp_path), commit_text()
    monkeypatch.setattr(openpgp, "program", lambda: None)
    assert sealed(with_header(commit, key.sign(commit)), key) == Seal(
        "unchecked", "openpgp", made=sealed(with_header(commit, key.sign(commit))).made, reason="no-gpgv"
    )


def test_a_machine_too_busy_to_check_says_nothing_bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, commit = pgp_key(tmp_path), commit_text()
    monkeypatch.setattr(openpgp, "SECONDS", 0)
    found = sealed(with_header(commit, key.sign(commit)), key)
    assert (found.state, found.reason) == ("unchecked", "slow")


def test_a_private_key_or_another_packet_is_no_public_key() -> None:
    with pytest.raises(openpgp.PgpProblemError):
        openpgp.packets(b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nlQ==\n-----END PGP PUBLIC KEY BLOCK-----", 6)


def test_a_key_of_another_kind_than_it_says_is_refused(key: SshKey) -> None:
    for line in ("", "ssh-ed25519", "ssh-ed25519 AAAA", "ssh-rsa " + key.public.split()[1], "ssh-dss AAAAB3NzaC1kc3M="):
        with pytest.raises(sshsig.SshProblemError):
            sshsig.public_key(line)


def test_a_short_rsa_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(sshsig.SshProblemError, match="2048"):
        sshsig.public_key(ssh_key(tmp_path, "short", "-t", "rsa", "-b", "1024").public)


def test_a_security_key_counts_only_when_somebody_touched_it() -> None:
    """As PROTOCOL.u2f describes it; no such key is at hand, so its part is played by a key in memory."""
    secret, application = Ed25519PrivateKey.generate(), b"ssh:"
    kind, payload = b"sk-ssh-ed25519@openssh.com", b"content"
    blob = b"".join(map(sshsig.packed, (kind, secret.public_key().public_bytes_raw(), application)))
    inner = hashlib.sha256(sshsig.signed_bytes(sshsig.GIT, b"sha512", payload)).digest()
    for flags, holds in ((b"\x01", True), (b"\x00", False)):
        counted = flags + b"\x00\x00\x00\x07"
        value = secret.sign(hashlib.sha256(application).digest() + counted + inner)
        made = sshsig.Signature(blob, sshsig.GIT, b"", b"sha512", sshsig.packed(kind) + sshsig.packed(value) + counted)
        if holds:
            sshsig.check(made, payload, sshsig.GIT)
        else:
            with pytest.raises(sshsig.SshProblemError, match="touched"):
                sshsig.check(made, payload, sshsig.GIT)
