"""Signatures: minisign itself believes ours, and nothing changed by a byte passes."""

from __future__ import annotations

import io
import shutil
import subprocess
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.catalog.trust import keys
from registry.catalog.trust.cli import keys as keys_command
from registry.catalog.trust.cli import verify
from registry.catalog.trust.signing import PublicKey, Signature, SignatureProblemError, SigningKey
from registry.core import secrets
from tests.pages import need

CONTENT = b"a release"
COMMENT = "timestamp:1795000000\tfile:1.0.0.tar.gz\tapp:lapor\tversion:1.0.0\tdate:2026-11-23\thashed"


@pytest.fixture
def key() -> SigningKey:
    return SigningKey(Ed25519PrivateKey.generate())


@pytest.fixture
def signed(tmp_path: Path, key: SigningKey) -> Path:
    path = tmp_path / "1.0.0.tar.gz"
    path.write_bytes(CONTENT)
    (tmp_path / "1.0.0.tar.gz.minisig").write_text(key.sign(io.BytesIO(CONTENT), COMMENT))
    (tmp_path / "releases.pub").write_text(key.public.text)
    return path


def minisign(*arguments: object) -> subprocess.CompletedProcess[str]:
    need("minisign")
    return subprocess.run(["minisign", *map(str, arguments)], capture_output=True, text=True, timeout=30)


def test_minisign_believes_our_signature_by_the_file_and_by_the_line(signed: Path, key: SigningKey) -> None:
    by_file = minisign("-Vm", signed, "-p", signed.with_name("releases.pub"))
    by_line = minisign("-Vm", signed, "-P", key.public.line)
    assert (by_file.returncode, by_line.returncode) == (0, 0), by_file.stderr + by_line.stderr
    assert COMMENT in by_file.stdout


def test_minisign_refuses_what_was_changed(signed: Path) -> None:
    signed.write_bytes(CONTENT + b".")
    assert minisign("-Vm", signed, "-p", signed.with_name("releases.pub")).returncode != 0


def test_minisign_refuses_a_changed_comment(signed: Path) -> None:
    path = signed.with_name(f"{signed.name}.minisig")
    path.write_text(path.read_text().replace("version:1.0.0", "version:2.0.0"))
    assert minisign("-Vm", signed, "-p", signed.with_name("releases.pub")).returncode != 0


def test_we_believe_minisigns_signature(tmp_path: Path) -> None:
    public, secret, path = tmp_path / "a.pub", tmp_path / "a.key", tmp_path / "file"
    path.write_bytes(CONTENT)
    made = minisign("-GW", "-p", public, "-s", secret)
    assert made.returncode == 0, made.stderr
    assert minisign("-SHm", path, "-s", secret, "-t", "hello").returncode == 0
    found = Signature.read((tmp_path / "file.minisig").read_text())
    known = PublicKey.read(public.read_text())
    found.check(io.BytesIO(CONTENT), known)
    assert found.comment == "hello"
    assert known.name in public.read_text().splitlines()[0]


def test_a_key_is_named_as_minisign_names_it() -> None:
    assert PublicKey(bytes.fromhex("9756bad9550b6c04"), b"").name == "46C0B55D9BA5697"


def problem(text: str, key: PublicKey, content: bytes = CONTENT) -> str:
    with pytest.raises(SignatureProblemError) as refused:
        Signature.read(text).check(io.BytesIO(content), key)
    return str(refused.value)


def test_a_whole_signature_holds_and_tells_of_its_release(key: SigningKey) -> None:
    found = Signature.read(key.sign(io.BytesIO(CONTENT), COMMENT))
    found.check(io.BytesIO(CONTENT), PublicKey.read(key.public.line))
    assert (found.told["app"], found.told["version"], found.told["file"]) == ("lapor", "1.0.0", "1.0.0.tar.gz")


def test_every_flipped_bit_of_the_signed_parts_is_seen(key: SigningKey) -> None:
    lines = key.sign(io.BytesIO(CONTENT), COMMENT).splitlines()
    for line, start in ((1, 10), (3, 0)):
        value = b64decode(lines[line])
        for place in range(start, len(value), 7):
            changed = b64encode(value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :]).decode()
            problem("\n".join([*lines[:line], changed, *lines[line + 1 :]]), key.public)


def test_another_file_another_comment_another_key_are_refused_by_name(key: SigningKey) -> None:
    text = key.sign(io.BytesIO(CONTENT), COMMENT)
    other = SigningKey(Ed25519PrivateKey.generate()).public
    assert "not of this file" in problem(text, key.public, b"another")
    assert "comment was changed" in problem(text.replace("lapor", "kanal"), key.public)
    assert other.name in problem(text, other)
    assert "not of this file" in problem(text, PublicKey(key.public.id, other.raw))


NO_SIGNATURES = ["", "\n\n\n\n", "untrusted comment: x\n!\ntrusted comment: y\n!", "x" * 10**6, "\0"]


@pytest.mark.parametrize("text", NO_SIGNATURES)
def test_what_is_no_signature_is_refused_in_words(text: str) -> None:
    with pytest.raises(SignatureProblemError):
        Signature.read(text)


@pytest.mark.parametrize("text", ["", "untrusted comment: key\n", "RWQ", "RWQ" * 10**5, "A" * 56])
def test_what_is_no_key_is_refused_in_words(text: str) -> None:
    with pytest.raises(SignatureProblemError):
        PublicKey.read(text)


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = keys.current(tmp_path / "secrets").public
    assert keys.current(tmp_path / "secrets").public == first
    assert (tmp_path / "secrets" / secrets.RELEASE_KEY).stat().st_mode & 0o777 == 0o600


def test_rotation_keeps_former_keys_and_a_leaked_one_is_believed_no_more(tmp_path: Path) -> None:
    first = keys.current(tmp_path).public
    second = keys.rotate(tmp_path)
    third = keys.rotate(tmp_path, leaked=True)
    assert [(one.key, one.leaked) for one in keys.former(tmp_path)] == [(second, True), (first, False)]
    assert keys.believed(tmp_path) == (third, first)
    assert (tmp_path / secrets.RELEASE_KEY).stat().st_mode & 0o777 == 0o600


def test_a_rotation_killed_half_way_lists_no_key_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = keys.current(tmp_path).public
    with monkeypatch.context() as broken:
        broken.setattr(secrets, "replace_release_key", lambda _folder: (_ for _ in ()).throw(OSError("full")))
        with pytest.raises(OSError, match="full"):
            keys.rotate(tmp_path)
    assert keys.current(tmp_path).public == first
    keys.rotate(tmp_path)
    assert [one.key for one in keys.former(tmp_path)] == [first]


def test_verify_tells_whose_file_it_is(signed: Path) -> None:
    told = CliRunner().invoke(verify, [str(signed), "--key", str(signed.with_name("releases.pub"))])
    assert (told.exit_code, told.output) == (0, "1.0.0.tar.gz is good: lapor 1.0.0, signed 2026-11-23\n")


def test_verify_takes_the_key_as_a_line(signed: Path, key: SigningKey) -> None:
    assert CliRunner().invoke(verify, [str(signed), "--key", key.public.line]).exit_code == 0


def test_verify_refuses_what_was_changed_renamed_or_is_another_apps(signed: Path, key: SigningKey) -> None:
    run = CliRunner().invoke
    line = ["--key", key.public.line]
    other = run(verify, [str(signed), *line, "--app", "kanal"])
    assert (other.exit_code, "signed as the app lapor" in other.output) == (1, True)
    renamed = signed.with_name("2.0.0.tar.gz")
    shutil.copy(signed, renamed)
    shutil.copy(f"{signed}.minisig", f"{renamed}.minisig")
    assert "signed as the file 1.0.0.tar.gz" in run(verify, [str(renamed), *line]).output
    signed.write_bytes(b"another")
    changed = run(verify, [str(signed), *line])
    assert (changed.exit_code, "do not use it" in changed.output) == (1, True)
    assert run(verify, [str(signed.with_name("releases.pub")), *line]).exit_code == 1


def test_verify_takes_a_signature_that_names_no_app_for_none(signed: Path, key: SigningKey) -> None:
    with signed.open("rb") as file:
        Path(f"{signed}.minisig").write_text(key.sign(file, f"file:{signed.name}"))
    asked = [str(signed), "--key", key.public.line]
    assert CliRunner().invoke(verify, asked).exit_code == 0
    assert CliRunner().invoke(verify, [*asked, "--app", "lapor"]).exit_code == 1


def test_verify_believes_the_installations_keys_also_former_ones(signed: Path, tmp_path: Path) -> None:
    folder, run = tmp_path / "data" / "secrets", CliRunner().invoke
    asked = [str(signed), "--data", str(tmp_path / "data")]
    (tmp_path / "data").mkdir()
    assert "no installation here" in run(verify, asked).output
    text = keys.current(folder).sign(io.BytesIO(CONTENT), COMMENT)
    signed.with_name(f"{signed.name}.minisig").write_text(text)
    assert run(verify, asked).exit_code == 0
    assert run(keys_command, ["rotate-release", "--data", str(tmp_path / "data")]).exit_code == 0
    assert run(verify, asked).exit_code == 0
    rotated = run(keys_command, ["rotate-release", "--leaked", "--data", str(tmp_path / "data")])
    assert keys.current(folder).public.line in rotated.output
    assert run(verify, asked).exit_code == 0
