"""What happens to tokens by the clock."""

from __future__ import annotations

from registry.accounts import tokens
from registry.core import jobs
from registry.core.uow import unit_of_work


@jobs.every("accounts.warn_tokens", "27 22 * * *")
def warn() -> None:
    """In the morning of Indonesia: holders hear of tokens that end within a week."""
    with unit_of_work():
        tokens.warn()
