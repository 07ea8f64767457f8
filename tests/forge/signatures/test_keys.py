"""The keys of an account: proved, bounded, one person's for good."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from registry.accounts.models import User
from registry.core import scope
from registry.core.audit import AuditEntry
from registry.core.db import db
from registry.core.errors import ConflictError, InvalidError, NotFoundError
from registry.core.uow import unit_of_work
from registry.forge.signatures import keys, sshsig
from tests.forge.signatures.signing import PgpKey, SshKey, pgp_key, ssh_key


@pytest.fixture
def people(app, clean) -> Iterator[list[User]]:
    with app.test_request_context():
        scope.enter_programme()
        made = [User(email=f"{name}@example.id", name=name, password_hash="none", session_key=name) for name in "ab"]
        with unit_of_work() as session:
            session.add_all(made)
        yield made


@pytest.fixture
def key(tmp_path: Path) -> SshKey:
    return ssh_key(tmp_path)


def proof(key: SshKey | PgpKey, user: User, end: str = "\n") -> str:
    text = f"{keys.challenge(user)}{end}".encode()
    return key.sign(text, keys.NAMESPACE) if isinstance(key, SshKey) else key.sign(text)


def add(user: User, key: SshKey | PgpKey, signed: str = "") -> str:
    with unit_of_work():
        return keys.add(user, "laptop", key.public, signed or proof(key, user)).fingerprint


def test_a_proved_key_is_kept_and_told_to_the_log(people, key) -> None:
    assert add(people[0], key) == key.fingerprint
    assert [one.fingerprint for one in keys.of(people[0])] == [key.fingerprint]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "signing-key.add")).one()
    assert entry.subject == key.fingerprint


def test_a_proved_openpgp_key_is_kept_by_the_part_that_signs(people, tmp_path: Path) -> None:
    key = pgp_key(tmp_path)
    assert add(people[0], key) == key.fingerprint


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_every_terminal_ends_a_line_in_its_way(people, key, end: str) -> None:
    assert add(people[0], key, proof(key, people[0], end))


def test_nobody_adds_a_key_that_another_has_the_secret_of(people, key, tmp_path: Path) -> None:
    wrong = [proof(key, people[1]), proof(ssh_key(tmp_path, "other"), people[0]),
             key.sign(keys.challenge(people[0]).encode(), "git"), "nothing", sshsig.BEGIN.decode()]  # fmt: skip
    for signed in wrong:
        with pytest.raises(InvalidError) as refused:
            add(people[0], key, signed)
        assert refused.value.findings[0].path == "proof"


def test_an_openpgp_key_needs_its_own_proof(people, tmp_path: Path) -> None:
    key, other = pgp_key(tmp_path), pgp_key(tmp_path, "other")
    for signed in (proof(other, people[0]), proof(key, people[1])):
        with pytest.raises(InvalidError):
            add(people[0], key, signed)


def test_a_key_belongs_to_one_person_also_when_it_was_revoked(people, key) -> None:
    add(people[0], key)
    with unit_of_work():
        keys.revoke(people[0], keys.of(people[0])[0].id)
    for user in people:
        with pytest.raises(InvalidError):
            add(user, key)


def test_nobody_revokes_anothers_key(people, key) -> None:
    add(people[0], key)
    with pytest.raises(NotFoundError), unit_of_work():
        keys.revoke(people[1], keys.of(people[0])[0].id)


def test_a_revocation_keeps_its_first_day(people, key) -> None:
    add(people[0], key)
    known = keys.of(people[0])[0]
    with unit_of_work():
        first = keys.revoke(people[0], known.id).revoked_at
    with unit_of_work():
        assert keys.revoke(people[0], known.id).revoked_at == first


@pytest.mark.parametrize("text", [
    "", "x", "ssh-ed25519 AAAA", "A" * 20_000, "-----BEGIN OPENSSH PRIVATE KEY-----",
    "-----BEGIN PGP PRIVATE KEY BLOCK-----", "-----BEGIN PGP PUBLIC KEY BLOCK-----",
])  # fmt: skip
def test_what_is_no_public_key_is_refused_at_its_field(people, text: str) -> None:
    with pytest.raises(InvalidError) as refused, unit_of_work():
        keys.add(people[0], "laptop", text, "proof")
    assert refused.value.findings[0].path == "text"


def test_a_person_has_so_many_keys_and_no_more(people, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "MAX_KEYS", 1)
    add(people[0], ssh_key(tmp_path, "one"))
    with pytest.raises(ConflictError):
        add(people[0], ssh_key(tmp_path, "two"))
