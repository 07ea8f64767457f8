"""What of the sandbox really holds on this machine, found by starting one."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from registry.config import Settings
from registry.core import secrets, stage
from registry.host import data, environment, limits, seccomp, spawn
from registry.hosting.plain import FIRST_UID, City, DeploymentPaths, Limits, Manifest, RunSpec

TRIAL_DEPLOYMENT = 0
"""Deployments are numbered from 1; the trial's user is `FIRST_UID` itself."""

_SECONDS = 15
_QUESTION = """
import ctypes, json, os, socket
status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
def egress():
    try:
        socket.create_connection(("192.0.2.1", 9), 1)
    except OSError as error:
        return error.errno not in (101, 1, 13)
    return True
print("FACTS" + json.dumps({
    "seccomp": status["Seccomp"].strip() == "2",
    "capabilities": int(status["CapBnd"], 16) == 0 and int(status["CapEff"], 16) == 0,
    "privileges": status["NoNewPrivs"].strip() == "1",
    "nested": ctypes.CDLL(None).unshare(0x10000000) == 0,
    "egress": egress(),
    "first": os.getpid() == 1,
}))
"""


@dataclass(frozen=True)
class Fact:
    """One line of `lumbung doctor`: whether it holds, and a sentence for the operator."""

    name: str
    holds: bool
    text: str


def sandbox_facts(settings: Settings) -> list[Fact]:
    """Start a tiny sandbox with the real arguments and say what holds. Never raises for what is missing."""
    missing = [tool for tool in ("bwrap", "prlimit") if shutil.which(tool) is None]
    if missing:
        return [Fact("sandbox", False, f"{' and '.join(missing)} not found: install bubblewrap and util-linux")]
    if platform.machine() not in seccomp.MACHINES:
        return [Fact("sandbox", False, f"no seccomp filter for {platform.machine()}: use x86_64 or aarch64")]
    groups = limits.open_cgroups(f"lumbung-check-{os.getpid()}")
    try:
        found, text = _try(settings, groups)
    except (spawn.StartError, stage.PathUnreachableError, OSError, subprocess.SubprocessError) as error:
        found, text = None, str(error)
    return [_started(found, text), *_inside(found or {}), _users(), *_limits(groups)]


def as_json(facts: list[Fact]) -> dict[str, object]:
    """For the heartbeat row."""
    return {fact.name: fact.holds for fact in facts}


def _try(settings: Settings, groups: limits.Cgroups) -> tuple[dict[str, bool] | None, str]:
    settings.data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="check-", dir=settings.data) as folder:
        root = Path(folder)
        code = root / "builds" / "code"
        code.mkdir(parents=True)
        for opened in (code, code.parent):
            opened.chmod(0o755)
        serving = environment.Serving(secrets.public_key(settings.secrets))
        launcher = spawn.Launcher(root, serving, groups)
        paths = DeploymentPaths(root, TRIAL_DEPLOYMENT)
        data.Store(paths, FIRST_UID if launcher.own_users else None).prepare()
        sandbox = launcher.run(_spec(root, code, paths.data), ("/env/bin/python3", "-I", "-c", _QUESTION))
        try:
            said = _listen(sandbox)
        finally:
            sandbox.close()
    found = said.partition("FACTS")[2].partition("\n")[0]
    return (json.loads(found), "") if found else (None, said.strip() or "it said nothing")


def _spec(root: Path, code: Path, folder: Path) -> RunSpec:
    city = City("00.00", "trial", "Trial", timezone="UTC")
    manifest = Manifest("none:none", limits=Limits(memory=256 * 2**20))
    return RunSpec(
        deployment=TRIAL_DEPLOYMENT,
        name="trial",
        city=city,
        origin="http://trial.trial.localhost",
        revision=0,
        version="0",
        manifest=manifest,
        limits=manifest.limits,
        code=code,
        environment=Path(sys.prefix),
        data=folder,
    )


def _listen(sandbox: spawn.Sandbox) -> str:
    said = b""
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        ended = sandbox.ended() is not None
        try:
            said += os.read(sandbox.output, 65_536)
        except BlockingIOError:
            time.sleep(0.02)
        if ended:
            break
    return said.decode("utf-8", "replace")


def _started(found: dict[str, bool] | None, text: str) -> Fact:
    if found is None:
        return Fact("sandbox", False, f"a sandbox could not be started: {text}")
    return Fact("sandbox", True, "a sandbox starts")


def _inside(found: dict[str, bool]) -> list[Fact]:
    rows = (
        ("seccomp", found.get("seccomp", False), "system calls are filtered"),
        ("capabilities", found.get("capabilities", False), "a plugin has no capabilities"),
        ("no_new_privileges", found.get("privileges", False), "set-uid programs give nothing"),
        ("no_nested_namespaces", found.get("nested") is False, "no namespaces can be made inside"),
        ("no_network", found.get("egress") is False, "no way out to the network"),
    )
    return [Fact(name, holds, text if holds else f"NOT so: {text}") for name, holds, text in rows]


def _users() -> Fact:
    if os.getuid() == 0:
        return Fact("own_users", True, f"each deployment has a user of its own (from {FIRST_UID})")
    return Fact("own_users", False, "all plugins run as the host's user: start the host as root to part them")


def _limits(groups: limits.Cgroups) -> list[Fact]:
    kind = f"cgroup version {groups.version}" if groups.version else "no cgroups"
    said = {True: "is limited", False: "is NOT limited"}
    held = {name: groups.holds(name) for name in limits.CONTROLLERS}
    return [Fact(name, holds, f"{name} {said[holds]} ({kind})") for name, holds in held.items()]
