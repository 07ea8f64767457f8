"""Keys and signatures as people make them: with ssh-keygen, gpg and git."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.pages import need


@dataclass(frozen=True)
class SshKey:
    path: Path

    @property
    def public(self) -> str:
        return self.path.with_suffix(".pub").read_text().strip()

    @property
    def fingerprint(self) -> str:
        return _run("ssh-keygen", "-l", "-f", self.path).decode().split()[1]

    def sign(self, text: bytes, namespace: str) -> str:
        return _run("ssh-keygen", "-Y", "sign", "-n", namespace, "-f", self.path, given=text).decode()

    @property
    def settings(self) -> tuple[str, ...]:
        """What git needs to sign with it."""
        return ("-c", "gpg.format=ssh", "-c", f"user.signingkey={self.path}", "-c", "commit.gpgsign=true",
                "-c", "tag.gpgsign=true")  # fmt: skip


@dataclass(frozen=True)
class PgpKey:
    home: Path

    @property
    def public(self) -> str:
        return self._gpg("--armor", "--export").decode()

    @property
    def fingerprint(self) -> str:
        lines = self._gpg("--with-colons", "--list-keys").decode().splitlines()
        return next(line.split(":")[9] for line in lines if line.startswith("fpr"))

    def sign(self, text: bytes) -> str:
        return self._gpg("--armor", "--detach-sign", given=text).decode()

    def _gpg(self, *arguments: object, given: bytes = b"") -> bytes:
        return _run("gpg", "--batch", "--no-tty", *arguments, given=given, GNUPGHOME=str(self.home))


def ssh_key(folder: Path, name: str = "key", *kind: str) -> SshKey:
    need("ssh-keygen")
    path = folder / name
    _run("ssh-keygen", "-q", "-N", "", "-C", "", "-f", path, *(kind or ("-t", "ed25519")))
    return SshKey(path)


def pgp_key(folder: Path, name: str = "gnupg", expires: str = "never") -> PgpKey:
    need("gpg")
    need("gpgv")
    home = folder / name
    home.mkdir(mode=0o700)
    made = PgpKey(home)
    made._gpg("--passphrase", "", "--quick-gen-key", "Dinas <dinas@example.id>", "ed25519", "sign", expires)
    return made


def commit_text(body: str = "a change\n", **headers: str) -> bytes:
    """A commit as git writes it; more headers are put at the end of its head."""
    person = "Dinas <git@example.id> 1795500000 +0000"
    lines = [f"tree {'4b825dc642cb6eb9a060e54bf8d69288fbee4904'}", f"author {person}", f"committer {person}"]
    lines += [f"{name} {value}" for name, value in headers.items()]
    return ("\n".join(lines) + f"\n\n{body}").encode()


def with_header(commit: bytes, armour: str, name: str = "gpgsig") -> bytes:
    head, _blank, body = commit.partition(b"\n\n")
    folded = armour.strip().replace("\n", "\n ").encode()
    return head + b"\n" + name.encode() + b" " + folded + b"\n\n" + body


def _run(*command: object, given: bytes = b"", **variables: str) -> bytes:
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C", **variables}
    done = subprocess.run(
        [str(word) for word in command], input=given, env=env, timeout=60, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout
