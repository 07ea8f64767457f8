"""The page that says how to verify a release, and the keys it hands out."""

from __future__ import annotations

import html
import io
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import refresh

from registry.catalog import service
from registry.catalog.inspection.inspect import Inspection
from registry.catalog.trust import keys, views
from registry.catalog.trust.signing import PublicKey
from registry.core import secrets
from registry.core.uow import unit_of_work
from registry.tenants.models import City
from tests.pages import need


@pytest.fixture
def folder(app: Flask) -> Iterator[Path]:
    """Of the installation's secrets; keys made by a test go again."""
    found: Path = app.extensions["lumbung"].secrets
    yield found
    for name in (secrets.RELEASE_KEY, keys.FORMER):
        (found / name).unlink(missing_ok=True)


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_tells_the_key_and_the_commands(app: Flask, folder: Path, language: str) -> None:
    page = app.test_client().get("/apps/verify", headers={"Accept-Language": language}).text
    assert keys.current(folder).public.line in page
    for command in ("minisign -Vm", "sha256sum -c", "lumbung verify", "verify_release.py"):
        assert command in page


def test_the_page_is_of_the_release_that_was_asked_for(
    app: Flask, folder: Path, publisher: City, bundle: Callable[..., Inspection]
) -> None:
    with unit_of_work():
        found = service.record_app(publisher, "antrian", bundle())
        service.record_release(found, bundle(), "2.3.4", "v2.3.4", "c" * 40, "t" * 40, "5" * 64, 10, None)
    client = app.test_client()
    for asked in ("verify?app=antrian", "verify?app=antrian&version=2.3.4", "antrian/verify"):
        assert "/apps/antrian/releases/2.3.4.tar.gz" in client.get(f"/apps/{asked}").text
    for asked in ("app=nothing", "app=antrian&version=9.9.9", "app=%3Cscript%3E"):
        assert client.get(f"/apps/verify?{asked}").status_code == 404


def test_the_key_is_handed_out_as_minisign_reads_it(app: Flask, folder: Path) -> None:
    answer = app.test_client().get("/apps/releases.pub")
    assert answer.mimetype == "text/plain" and PublicKey.read(answer.text) == keys.current(folder).public


def test_former_keys_are_listed_and_a_leaked_one_is_named_but_not_handed_out(app: Flask, folder: Path) -> None:
    first = keys.current(folder).public
    second = keys.rotate(folder)
    keys.rotate(folder, leaked=True)
    client = app.test_client()
    page = client.get("/apps/verify").text
    assert first.line in page and second.name in page and second.line not in page
    assert PublicKey.read(client.get(f"/apps/releases-{first.name}.pub").text) == first
    assert client.get(f"/apps/releases-{second.name}.pub").status_code == 404
    assert client.get("/apps/releases-0000000000000000.pub").status_code == 404


def test_no_app_takes_the_pages_place() -> None:
    assert service.slug_problem("verify") == "reserved"


def test_the_lines_for_people_without_minisign_believe_the_good_and_refuse_the_rest(
    app: Flask, folder: Path, tmp_path: Path
) -> None:
    script, file, key = tmp_path / "verify_release.py", tmp_path / "1.0.0.zip", tmp_path / "releases.pub"
    script.write_bytes(app.test_client().get("/apps/verify_release.py").data)
    key.write_text(keys.current(folder).public.text)
    file.write_bytes(b"a release")
    signature = file.with_name("1.0.0.zip.minisig")
    signature.write_text(keys.current(folder).sign(io.BytesIO(b"a release"), "app:lapor"))

    def run() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", script, file, key]
        return subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60)

    assert run().stdout == "good: app:lapor\n"
    signature.write_text(signature.read_text().replace("app:lapor", "app:kanal"))
    assert run().returncode != 0
    signature.write_text(keys.current(folder).sign(io.BytesIO(b"another"), "app:lapor"))
    assert run().returncode != 0
    keys.rotate(folder)
    signature.write_text(keys.current(folder).sign(io.BytesIO(b"a release"), "app:lapor"))
    assert "another key" in run().stderr


@pytest.fixture
def unpacked(app: Flask, folder: Path, tmp_path: Path) -> Path:
    """A folder as a visitor has it: a file, its signature and the key."""
    (tmp_path / "1.0.0.tar.gz").write_bytes(b"a release")
    sign(folder, tmp_path, b"a release")
    (tmp_path / "releases.pub").write_text(app.test_client().get("/apps/releases.pub").text)
    return tmp_path


def sign(folder: Path, place: Path, content: bytes) -> None:
    told = "app:lapor\tversion:1.0.0\tfile:1.0.0.tar.gz"
    (place / "1.0.0.tar.gz.minisig").write_text(keys.current(folder).sign(io.BytesIO(content), told))


def printed(app: Flask, label: str) -> str:
    """The commands in the box of this name, as the page gives them to be copied."""
    page = app.test_client().get("/apps/verify", headers={"Accept-Language": "en"}).text
    found = re.search(rf'aria-label="{re.escape(label)}">(.*?)</code>', page, re.DOTALL)
    assert found, label
    return html.unescape(found[1])


def openssl(commands: str, place: Path) -> str:
    done = subprocess.run(["sh", "-c", commands], cwd=place, capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr


@pytest.mark.parametrize("label", ["Commands that verify with openssl", "both"])
def test_openssl_believes_what_was_signed_and_nothing_else(
    app: Flask, folder: Path, unpacked: Path, label: str
) -> None:
    need("openssl")
    refresh()
    commands = printed(app, "Commands that verify with openssl")
    if label == "both":
        commands += "\n" + printed(app, "Commands that verify the trusted comment with openssl")
    assert openssl(commands, unpacked).count("Signature Verified Successfully") == commands.count("-verify")
    signature = unpacked / "1.0.0.tar.gz.minisig"
    if label == "both":
        signature.write_text(signature.read_text().replace("app:lapor", "app:kanal"))
    else:
        sign(folder, unpacked, b"another release")
    assert "Signature Verification Failure" in openssl(commands, unpacked)


def test_the_fingerprint_of_the_page_is_that_of_the_file(app: Flask, folder: Path, unpacked: Path) -> None:
    need("openssl")
    refresh()
    told = openssl(printed(app, "Command that shows the fingerprint of a key"), unpacked)
    assert keys.current(folder).public.fingerprint.replace(" ", "") in told
    assert keys.current(folder).public.fingerprint in app.test_client().get("/apps/verify").text


def test_the_lines_need_nothing_of_ours() -> None:
    assert "registry" not in views.SCRIPT.read_text()
