"""Each bundle's own tests, and the sdk's, as their authors run them: in their folder, with only the sdk beside them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from registry.config import REPOSITORY

SDK = REPOSITORY / "sdk"
FOLDERS = [SDK, *sorted(path.parent for path in REPOSITORY.glob("plugins/*/publiccode.yml"))]
SECONDS = 240


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_its_own_tests_pass(folder: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "pytest_timeout", "tests"]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    # What only the registry's tests need is not loaded: half a second each time.
    alone = {"PYTHONPATH": str(SDK), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=folder, env=kept | alone, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
