"""The worker's part: nothing released stays out of the log, whatever way it came."""

from __future__ import annotations

from registry.core.chains import BrokenChainError
from registry.core.jobs import every
from registry.core.logs import logger
from registry.core.uow import unit_of_work
from registry.forge.signatures import journal


@every("forge.transparency", "3-59/10 * * * *")
def note() -> None:
    with unit_of_work():
        journal.note()


@every("forge.transparency_check", "40 20 * * *")
def check() -> None:
    """Once a day (early morning in Indonesia), for the operator's log."""
    try:
        found = list(journal.differences())
    except BrokenChainError as error:
        found = [str(error)]
    for told in found:
        logger.error("transparency", difference=told)
