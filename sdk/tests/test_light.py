"""A plugin that is woken loads nothing it may not need: each of these costs memory and milliseconds."""

import subprocess
import sys

import pytest

HEAVY = ("PIL", "holidays", "fpdf", "segno", "xstatic.pkg.leaflet", "pytest")
LOADED = (
    "import sys; from flask import Flask; import lumbung_plugin; {}; lumbung_plugin.Plugin(Flask('x'));"
    f"print([name for name in {HEAVY} if name in sys.modules])"
)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "modules",
    ["photos", "attachments, pdf_check, identity, codes, clock", "tables, addresses, stuffing, retention, workdays"],
)
def test_a_woken_plugin_loads_no_heavy_library(tmp_path, modules):
    code = LOADED.format(f"from lumbung_plugin import {modules}")
    path = {"PYTHONPATH": ":".join(entry for entry in sys.path if entry)}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=path, capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr
