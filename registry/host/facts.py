"""What of the sandbox holds on this machine. Finding it out starts sandboxes and takes seconds, in which nobody is
served, so a host started again soon after believes what was found; `lumbung doctor` always looks for itself.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import structlog

from registry.config import Settings
from registry.host import check
from registry.host.zygotes import base_of

BELIEVED_SECONDS = 3600
AGAIN_SECONDS = 300
LOOK_SECONDS = 120
BOOT = Path("/proc/sys/kernel/random/boot_id")

Facts = dict[str, object]

logger = structlog.get_logger("lumbung.host")


class Found:
    """What holds, as far as it is known: warm starts that failed in a busy moment are tried again now and then. Safe to
    use from several threads.
    """

    def __init__(self, settings: Settings, facts: Facts) -> None:
        self._settings = settings
        self._facts = facts
        self._looking: threading.Thread | None = None

    def told(self) -> Facts:
        return dict(self._facts)

    def base(self, environment: Path) -> Path | None:
        """What a zygote may load for plugins of this environment; None while they start plainly."""
        return base_of(environment) if self._facts.get("warm_start") else None

    def look_again(self) -> None:
        """In a process of its own, while something that plugins start faster by is missing. Returns at once."""
        if self._facts.get("warm_start") or (self._looking and self._looking.is_alive()):
            return
        self._looking = threading.Thread(target=self._look_again, name="facts", daemon=True)
        self._looking.start()

    def _look_again(self) -> None:
        command = [sys.executable, "-m", "registry.host.facts", str(self._settings.data)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=LOOK_SECONDS, check=True)
            self._facts = {**self._facts, **json.loads(done.stdout)}
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            logger.warning("could not look again", error=str(error))
            return
        if self._facts.get("warm_start"):
            logger.info("plugins start warm from now on")
            remember(self._settings, self._facts)


def known(settings: Settings) -> Facts:
    """By name: whether it holds, as the heartbeat tells it."""
    found = _remembered(settings)
    if found is None:
        found = _look(settings)
        remember(settings, found)
    return found


def remember(settings: Settings, found: Facts) -> None:
    _file(settings).write_text(json.dumps({"for": _surroundings(), "at": time.time(), "facts": found}))


def _remembered(settings: Settings) -> Facts | None:
    """Only good news: what was missing may have been put right."""
    try:
        told = json.loads(_file(settings).read_text())
        facts: Facts = told["facts"]
        fresh = 0 <= time.time() - told["at"] < BELIEVED_SECONDS and told["for"] == _surroundings()
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return facts if fresh and facts.get("sandbox") and facts.get("warm_start") else None


def _look(settings: Settings) -> Facts:
    found = check.sandbox_facts(settings)
    for fact in found:
        if not fact.holds:
            logger.warning("limit missing", fact=fact.name, text=fact.text)
    return check.as_json(found)


def _surroundings() -> list[str]:
    """Another boot or another program may find something else."""
    return [BOOT.read_text().strip(), sys.executable, str(Path(check.__file__).stat().st_mtime_ns)]


def _file(settings: Settings) -> Path:
    return settings.run / "facts.json"


if __name__ == "__main__":
    print(json.dumps(check.as_json(check.sandbox_facts(Settings(data=Path(sys.argv[1]))))))
