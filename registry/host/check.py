"""What of the sandbox really holds on this machine, found by starting one, and one more by the zygote."""

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
_MARK = "FACTS"
_QUESTION = f"""
import ctypes, json, os, socket
def ask():
    status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
    print("{_MARK}" + json.dumps({{
        "seccomp": status["Seccomp"].strip() == "2",
        "capabilities": int(status["CapBnd"], 16) == 0 and int(status["CapEff"], 16) == 0,
        "privileges": status["NoNewPrivs"].strip() == "1",
        "nested": ctypes.CDLL(None).unshare(0x10000000) == 0,
        "egress": egress(),
        "first": os.getpid() == 1,
    }}), flush=True)
def egress():
    try:
        socket.create_connection(("192.0.2.1", 9), 1)
    except OSError as error:
        return error.errno not in (101, 1, 13)
    return True
"""

Found = dict[str, bool]


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
    plain: Found | None = None
    warm, text = "", ""
    try:
        plain, warm = _try(settings, groups)
    except (spawn.StartError, stage.PathUnreachableError, OSError, ValueError, subprocess.SubprocessError) as error:
        text = str(error)
    return [_started(plain, text), *_inside(plain or {}), _warm(plain is not None, warm), _users(), *_limits(groups)]


def as_json(facts: list[Fact]) -> dict[str, object]:
    """For the heartbeat row."""
    return {fact.name: fact.holds for fact in facts}


def _try(settings: Settings, groups: limits.Cgroups) -> tuple[Found, str]:
    """What was found in a plain sandbox, and what is wrong with a warm one ("": nothing)."""
    settings.data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="check-", dir=settings.data) as folder:
        root = Path(folder)
        code = root / "builds" / "code"
        code.mkdir(parents=True)
        (code / "question.py").write_text(_QUESTION)
        for opened in (code, code.parent):
            opened.chmod(0o755)
        serving = environment.Serving(secrets.public_key(settings.secrets))
        launcher = spawn.Launcher(root, serving, groups, bases=lambda runtime: runtime)
        paths = DeploymentPaths(root, TRIAL_DEPLOYMENT)
        data.Store(paths, FIRST_UID if launcher.own_users else None).prepare()
        spec = _spec(root, code, paths.data)
        try:
            plain = _asked(launcher, spec)
            return plain, _compared(launcher, spec, plain)
        finally:
            launcher.close()


def _asked(launcher: spawn.Launcher, spec: RunSpec) -> Found:
    """Raises StartError when nothing was found."""
    sandbox = launcher.start(spec, "task", call="question:ask")
    try:
        said = _listen(sandbox)
    finally:
        sandbox.close()
    answer = said.partition(_MARK)[2].partition("\n")[0]
    if not answer:
        raise spawn.StartError(said.strip() or "it said nothing")
    found: Found = json.loads(answer)
    return found


def _compared(launcher: spawn.Launcher, spec: RunSpec, plain: Found) -> str:
    if not launcher.wait_warm(spec.environment, _SECONDS):
        return launcher.not_warm or "the zygote did not become ready"
    warm = _asked(launcher, spec)
    if launcher.not_warm:
        return launcher.not_warm
    return "" if warm == plain else f"its walls differ: {warm}"


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


def _started(found: Found | None, text: str) -> Fact:
    if found is None:
        return Fact("sandbox", False, f"a sandbox could not be started: {text}")
    return Fact("sandbox", True, "a sandbox starts")


def _warm(started: bool, problem: str) -> Fact:
    if started and not problem:
        return Fact("warm_start", True, "plugins start warm, behind the same walls")
    return Fact("warm_start", False, f"plugins start plainly, which takes longer: {problem or 'no sandbox starts'}")


def _inside(found: Found) -> list[Fact]:
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
    swap = groups.counts_swap()
    watched = "by watching while a plugin is awake: over its limit its data can only be read"
    return [
        *(Fact(name, holds, f"{name} {said[holds]} ({kind})") for name, holds in held.items()),
        Fact("swap", swap, f"swap is {'' if swap else 'NOT '}part of the memory limit"),
        Fact("disk", True, f"disk is limited {watched}"),
        Fact("files", True, f"the number of files is limited {watched}"),
    ]
