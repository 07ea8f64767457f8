"""The plugins' library can be taken away: one archive per version, installable anywhere."""

import hashlib
import io
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from registry.catalog import sdk

BINARY = Path(sys.executable).with_name("uv")


@pytest.fixture
def folder(tmp_path):
    """A library with what building and testing leave behind."""
    for name in ("pkg/__init__.py", "pkg/__pycache__/a.pyc", "build/lib/a.py", "a.egg-info/PKG-INFO", ".mypy_cache/a"):
        path = tmp_path / "sdk" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    (tmp_path / "sdk" / "setup.cfg").write_text("[metadata]\nname = lumbung-plugin\nversion = 1.2.3\n")
    return tmp_path / "sdk"


def names(archive):
    with tarfile.open(fileobj=io.BytesIO(archive.content)) as tar:
        return tar.getnames()


def test_equal_files_make_an_equal_archive(folder):
    first = sdk.pack(folder)
    (folder / "pkg" / "__init__.py").touch(mode=0o755)
    assert sdk.pack(folder) == first


def test_only_the_source_is_packed(folder):
    archive = sdk.pack(folder)
    assert archive.name == "lumbung-plugin-1.2.3.tar.gz"
    assert names(archive) == ["lumbung-plugin-1.2.3/pkg/__init__.py", "lumbung-plugin-1.2.3/setup.cfg"]


def test_the_archive_is_served_with_its_checksum(client):
    archive = sdk.present()
    answer = client.get(f"/sdk/{archive.name}")
    assert answer.status_code == 200 and answer.content_type == "application/gzip"
    told = client.get(f"/sdk/{archive.name}.sha256").text
    assert told == f"{hashlib.sha256(answer.data).hexdigest()}  {archive.name}\n"


def test_who_has_it_already_is_told_so(client):
    archive = sdk.present()
    assert client.get(f"/sdk/{archive.name}", headers={"If-None-Match": f'"{archive.sha256}"'}).status_code == 304


@pytest.mark.parametrize("path", ["lumbung-plugin-9.9.9.tar.gz", "lumbung-plugin-9.9.9.tar.gz.sha256", "setup.cfg",
                                  "lumbung-plugin-..%2F..%2Fsetup.tar.gz", ""])  # fmt: skip
def test_there_is_no_other(client, path):
    assert client.get(f"/sdk/{path}").status_code == 404


def test_it_installs_into_a_fresh_environment_without_a_network(tmp_path):
    archive = sdk.present()
    (tmp_path / archive.name).write_bytes(archive.content)
    python = tmp_path / "env" / "bin" / "python"
    uv("venv", "--quiet", "--python", sys.executable, str(tmp_path / "env"))
    uv("pip", "install", "--quiet", "--python", str(python), "setuptools>=80")  # builds it; everybody has that
    offline = ("--offline", "--no-deps", "--no-build-isolation")
    uv("pip", "install", "--quiet", "--python", str(python), *offline, str(tmp_path / archive.name))
    question = "import importlib.metadata as m; print(m.version('lumbung-plugin'), *m.files('lumbung-plugin'))"
    told = subprocess.run([python, "-c", question], capture_output=True, text=True, check=True).stdout.split()
    assert told[0] == archive.version
    shipped = {path.removeprefix("lumbung_plugin/") for path in told}
    assert {"static/lumbung.css", "templates/lumbung/offices.html", "py.typed"} <= shipped
    assert "translations/id/LC_MESSAGES/messages.po" in shipped


def uv(*arguments):
    done = subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
