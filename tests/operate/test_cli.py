"""The `lumbung` command: every command is there, and none carries more than it needs."""

from __future__ import annotations

import json
import subprocess
import sys

import click
import pytest

from registry.cli import MACHINE, ROOMS, main

APPLICATION = ["flask", "sqlalchemy", "flask_smorest", "alembic", "registry.app"]


@pytest.mark.parametrize("name", [*MACHINE, *ROOMS])
def test_a_command_is_called_as_it_calls_itself_and_says_what_it_does(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None and command.name == name and command.help


def test_what_is_not_a_command_is_refused() -> None:
    assert main.get_command(click.Context(main), "os:system") is None


@pytest.mark.parametrize("name", ["up", "host", "caddyfile", "upgrade", "check"])
def test_what_stays_for_months_or_needs_no_registry_does_not_carry_the_application(name: str) -> None:
    code = f"""
import sys, json, click
from registry.cli import main
main.get_command(click.Context(main), {name!r})
print(json.dumps([one for one in {APPLICATION!r} if one in sys.modules]))
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout
    assert set(json.loads(told)) <= ({"flask"} if name == "check" else set())


def test_the_gateway_carries_no_pages() -> None:
    code = "import sys, registry.operate.commands.gateway; sys.exit(str([*sys.modules]))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60).stderr
    assert "'registry.connect.gateway.main'" in told
    assert not [one for one in ("registry.app", "flask_smorest", "flask_wtf", "alembic") if f"'{one}'" in told]
