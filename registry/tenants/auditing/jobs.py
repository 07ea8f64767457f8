"""The audit log is tied every minute and read whole every night."""

from __future__ import annotations

from registry.core import jobs
from registry.core.logs import logger
from registry.core.uow import unit_of_work
from registry.tenants.auditing import service


@jobs.every("auditing.link", "* * * * *")
def link() -> None:
    tie()


@jobs.every("auditing.check", "23 19 * * *")
def check() -> None:
    """Says each chain's newest line in the worker's log, too: a place of its own to compare with."""
    tie(everything=True)
    with unit_of_work():
        found = service.check_all()
        told = {"lines": found.lines, "fault": found.fault}
        heads = {service.name_of(one): list(vars(service.head(one)).values()) for one in service.tenants()}
    (logger.error if told["fault"] else logger.info)("audit log checked", **told, heads=heads)


def tie(everything: bool = False) -> int:
    """All that waits, a transaction for each batch; how many lines."""
    tied = 0
    while True:
        with unit_of_work():
            found = service.link(everything)
        tied += found
        if found < service.BATCH:
            return tied
