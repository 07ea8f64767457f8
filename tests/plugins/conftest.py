"""Each plugin with its demo data, served alone (`tests.plugins.serve`) and met by a browser."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page

from tests.apart import free_port
from tests.pages import REPOSITORY, launched, person

BONTANG = {
    "TENANT_CODE": "64.74",
    "TENANT_SLUG": "bontang",
    "TENANT_NAME": "Kota Bontang",
    "TENANT_TIMEZONE": "Asia/Makassar",
    "TENANT_LOCALE": "id",
    "TENANT_COLOR": "#1d4e89",
    "TENANT_DEMO": "1",
}
START_SECONDS = 60


@dataclass(frozen=True)
class Served:
    """A plugin at ``origin``; its data folder is thrown away afterwards."""

    origin: str
    data: Path

    def sign_in(self, page: Page, role: str, office: str = "") -> None:
        """From now on this browser is an ``operator`` or ``administrator`` (of an OPD)."""
        page.context.add_cookies([{"name": "as", "value": quote(f"{role}:{office}"), "url": self.origin}])


Serve = Callable[..., Served]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Gone when the module is over: it keeps a loop running, in which other tests could start none."""
    with launched() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def serve() -> Iterator[Serve]:
    """``serve("perizinan", siblings=("simtaru",), config={…})``: they run until the module's tests are over."""
    running: list[subprocess.Popen[bytes]] = []
    root = Path(tempfile.mkdtemp(prefix="lp-"))

    def start(name: str, siblings: tuple[str, ...] = (), config: dict[str, object] | None = None) -> Served:
        beside = {one: (str(folder_of(one)), int(start(one).origin.rpartition(":")[2])) for one in siblings}
        port, label = free_port(), f"{name}-{len(running)}"
        data = root / label
        data.mkdir()
        (root / f"{label}.json").write_text(json.dumps(config or {}))
        given = {
            "PYTHONPATH": os.pathsep.join((str(REPOSITORY), str(REPOSITORY / "sdk"))),
            "DATA_DIR": str(data),
            "CONFIG_FILE": str(root / f"{label}.json"),
            "SECRET_KEY": "only for tests",
            "PLUGIN_NAME": name,
            "PLUGIN_ORIGIN": f"http://localhost:{port}",
            "SIBLINGS": json.dumps(beside),
        }
        command = [sys.executable, "-m", "tests.plugins.serve", str(folder_of(name)), str(port)]
        with (root / f"{label}.log").open("wb") as log:
            environment = {"PATH": os.environ["PATH"], "TZ": "UTC", **BONTANG, **given}
            running.append(subprocess.Popen(command, env=environment, cwd=root, stdout=log, stderr=log))
        await_health(port, running[-1], root / f"{label}.log")
        return Served(given["PLUGIN_ORIGIN"], data)

    yield start
    for process in running:
        process.terminate()
    for process in running:
        process.wait(10)
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def citizen(browser: Browser) -> Iterator[Page]:
    """A visitor who reads Indonesian; leaving fails on whatever the browser complained of."""
    with person(browser, "id") as page:
        yield page


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Page]:
    """A visitor who reads English and whose browser runs no scripts."""
    with person(browser, "en", scripts=False) as page:
        yield page


def folder_of(name: str) -> Path:
    return REPOSITORY / "plugins" / name


def await_health(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"it did not answer: {log.read_text()}")
