"""The services and their documents: units systemd understands, every setting written down."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from registry.config import HOST_BOUNDS, REPOSITORY, Settings
from registry.operate.parts import parts

UNITS = REPOSITORY / "deploy" / "systemd"
needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")


@pytest.fixture
def units(tmp_path) -> Path:
    """The units, with programs that are on every machine."""
    for unit in UNITS.iterdir():
        text = re.sub(r"(?m)^(Exec\w+)=/opt/lumbung/\S+", r"\1=/bin/true", unit.read_text())
        (tmp_path / unit.name).write_text(text)
    return tmp_path


@needs_systemd
def test_systemd_understands_every_unit(units):
    files = [str(path) for path in units.iterdir()]
    env = {"SYSTEMD_UNIT_PATH": f"{units}:", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files], env=env, capture_output=True, text=True, timeout=60
    )
    assert str(units) not in done.stderr and "lumbung" not in done.stderr, done.stderr


@needs_systemd
@pytest.mark.parametrize(("name", "most"), [("web", 25), ("git", 25), ("edge", 25), ("worker", 30), ("gateway", 30)])
def test_who_talks_to_strangers_is_kept_from_the_machine(units, name, most):
    command = ["systemd-analyze", "security", "--offline=yes", "--no-pager", f"--threshold={most}"]
    done = subprocess.run(
        [*command, str(units / f"lumbung-{name}.service")], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout.splitlines()[-1:]


def test_every_part_of_up_has_its_service(tmp_path):
    from_up = {part.name for part in parts(Settings(data=tmp_path))}
    assert from_up == {path.stem.removeprefix("lumbung-") for path in UNITS.glob("*.service")} - {"backup"}


def test_the_web_servers_of_a_unit_are_those_of_up(tmp_path):
    for part in parts(Settings(data=tmp_path)):
        if part.listens:
            unit = (UNITS / f"lumbung-{part.name}.service").read_text()
            for option in ("--workers", "--threads", "--worker-class", "--forwarded-allow-ips"):
                assert f"{option} {part.command[part.command.index(option) + 1]} " in unit, option


def test_every_setting_is_written_down():
    read = set(re.findall(r'"((?:LUMBUNG|DATABASE)_[A-Z_]+)"', (REPOSITORY / "registry" / "config.py").read_text()))
    read |= {f"LUMBUNG_{name.upper()}" for name in HOST_BOUNDS}
    told = set(re.findall(r"(?:LUMBUNG|DATABASE)_[A-Z_]+", (REPOSITORY / "docs" / "install.md").read_text()))
    assert read - told == set()


@pytest.mark.parametrize("script", ["install.sh", "upgrade.sh", "setup.sh", "lumbung"])
def test_scripts_are_programs_without_mistakes_of_grammar(script):
    path = REPOSITORY / "deploy" / script
    assert path.stat().st_mode & 0o100
    assert subprocess.run(["bash", "-n", path], capture_output=True, text=True, timeout=30).stderr == ""
