"""What of the sandbox holds on this machine. Finding it out starts sandboxes and takes seconds, in which nobody is
served, so a host started again soon after believes what was found; `lumbung doctor` always looks for itself.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import structlog

from registry.config import Settings
from registry.host import check

BELIEVED_SECONDS = 3600
BOOT = Path("/proc/sys/kernel/random/boot_id")

Facts = dict[str, object]

logger = structlog.get_logger("lumbung.host")


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
