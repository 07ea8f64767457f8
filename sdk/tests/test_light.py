"""A plugin that is woken loads nothing it may not need: each of these costs memory and milliseconds."""

import subprocess
import sys

import pytest

HEAVY = ("PIL", "holidays", "fpdf", "segno", "xstatic.pkg.leaflet", "pytest")
# Whatever does not say itself that it is heavy.
LIGHT = (
    "addresses, attachments, clock, codes, identity, offices, pdf_check, peers, photos, retention, stuffing, tables, "
    "workdays"
)
LOADED = (
    f"import sys; from flask import Flask; import lumbung_plugin; from lumbung_plugin import {LIGHT}; "
    f"lumbung_plugin.Plugin(Flask('x')); print([name for name in {HEAVY} if name in sys.modules])"
)


@pytest.mark.timeout(60)
def test_a_woken_plugin_loads_no_heavy_library(tmp_path):
    path = {"PYTHONPATH": ":".join(entry for entry in sys.path if entry)}
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=tmp_path, env=path, capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr
