"""The worker's part of keeping."""

from __future__ import annotations

from registry.core.jobs import every
from registry.core.logs import logger
from registry.forge.keeping import running


@every("forge.keep", "37 * * * *")
def keep() -> None:
    """Upkeep of the repositories that need it."""
    done = running.run()
    if done.needed:
        logger.info("repositories kept", seen=done.seen, needed=done.needed, kept=done.kept, failed=done.failed)
