"""Building writes files and never runs any of them: neither the bundle's own nor those of the wheels it asks for."""

from __future__ import annotations

import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from registry.hosting import building
from registry.hosting.plain import TEST_TOOLS


def hostile_wheel(folder: Path, witness: Path) -> str:
    """A wheel whose ``.pth`` line runs in every interpreter that has it on its path; answers its hash."""
    line = f"import pathlib; pathlib.Path({str(witness)!r}).touch()\n"
    path = folder / "jahat-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("jahat.pth", line)
        wheel.writestr("jahat-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: jahat\nVersion: 1.0\n")
        wheel.writestr("jahat-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("jahat-1.0.dist-info/RECORD", "")
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def plain(tmp_path, monkeypatch):
    """A runtime that needs nothing, and an index of one folder."""
    (tmp_path / "runtime.lock").write_text("")
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    monkeypatch.setitem(building.RUNTIMES, "plain/1", tmp_path / "runtime.lock")
    monkeypatch.setenv("UV_FIND_LINKS", str(wheels))
    monkeypatch.setenv("UV_NO_INDEX", "1")
    return wheels


@pytest.fixture
def sdk(tmp_path, monkeypatch):
    """The sdk as a wheel of the same folder, so that no test asks an index."""
    folder = tmp_path / "sdk" / "lumbung_plugin"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    backend = tmp_path / "sdk" / "backend.py"
    backend.write_text(BACKEND)
    (tmp_path / "sdk" / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    )
    monkeypatch.setattr(building, "SDK", tmp_path / "sdk")


BACKEND = """
import zipfile
def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = "lumbung_plugin-1.0-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        wheel.write("lumbung_plugin/__init__.py")
        info = "lumbung_plugin-1.0.dist-info"
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: lumbung-plugin\\nVersion: 1.0\\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", "")
    return name
"""


def test_a_wheel_that_hooks_the_interpreter_never_runs_outside_the_sandbox(settings, plain, sdk, tmp_path, app):
    witness = tmp_path / "ran"
    requirements = f"jahat==1.0 --hash=sha256:{hostile_wheel(plain, witness)}\n"
    with app.app_context():
        environment = building.ensure_environment(settings, "plain/1", requirements)
    assert list(environment.rglob("jahat.pth"))
    code = tmp_path / "code"
    code.mkdir()
    (code / "papan.py").write_text("x = 1\n")
    building.compile_folder(code, "/app")
    assert list(code.rglob("*.pyc"))
    assert not witness.exists()


def test_the_libraries_of_an_environment_carry_bytecode(settings, plain, sdk, app):
    with app.app_context():
        environment = building.ensure_environment(settings, "plain/1", "")
    assert list(environment.rglob("lumbung_plugin/__pycache__/*.pyc"))


def test_a_source_that_cannot_be_compiled_is_left_to_fail_at_its_start(tmp_path):
    (tmp_path / "rusak.py").write_text("def (")
    (tmp_path / "sumber.py").write_text("x = 1\n")
    building.compile_folder(tmp_path, "/app")
    assert [path.name.partition(".")[0] for path in tmp_path.rglob("*.pyc")] == ["sumber"]
    assert os.listdir(tmp_path / "__pycache__")


def test_what_tests_run_in_keeps_their_tools_apart_and_starts_plainly(settings, plain, sdk, tmp_path, monkeypatch, app):
    witness = tmp_path / "ran"
    (tmp_path / "tools.lock").write_text(f"jahat==1.0 --hash=sha256:{hostile_wheel(plain, witness)}\n")
    monkeypatch.setitem(building.TOOLS, "plain/1", tmp_path / "tools.lock")
    with app.app_context():
        environment = building.ensure_test_environment(settings, "plain/1", "")
        plugins = building.ensure_environment(settings, "plain/1", "")
    assert [path.parent for path in environment.rglob("jahat.pth")] == [environment / TEST_TOOLS]
    assert (environment / ".whole").read_text() == "", "no zygote is asked for it"
    assert environment != plugins and not list(plugins.rglob("jahat.pth"))
    assert not witness.exists()
