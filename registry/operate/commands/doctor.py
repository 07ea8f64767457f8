"""``lumbung doctor``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from registry.operate import doctor
from registry.operate.parts import local_settings


@click.command("doctor")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Data folder of the installation.")
@click.option("--json", "as_json", is_flag=True, help="For programs: a list of level, name and text.")
def doctor_command(data: Path | None, as_json: bool) -> None:
    """Say what holds on this machine and what does not; exit 1 when something needed is missing."""
    sys.exit(doctor.report(local_settings(data), as_json))
