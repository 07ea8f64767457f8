"""The mail to a new password, written by the worker, and the end of old links."""

from __future__ import annotations

import procrastinate
from flask import current_app

from registry.accounts import service as accounts
from registry.accounts import throttle
from registry.accounts.links import rules, service, words
from registry.core import jobs
from registry.core.secrets import open_vault
from registry.core.uow import unit_of_work

WRITE = "accounts.new_password"
AGAIN = procrastinate.RetryStrategy(max_attempts=4, exponential_wait=4)


def ask(email: str) -> None:
    """Enqueue the mail in the open unit of work, whether there is an account or not: whoever asks waits as long and
    sees the same, so nobody learns here who has one. The address lies encrypted in the queue, as mails do.
    """
    jobs.defer(WRITE, sealed=open_vault(current_app.extensions["lumbung"].secrets).seal(email).decode())


@jobs.queue.task(name=WRITE, retry=AGAIN)
def write(sealed: str) -> None:
    """In the worker: a link for the person of this address; nothing for nobody, or for an account that is closed."""
    if jobs.application is None:
        raise RuntimeError("tasks run in the worker only")
    with jobs.application.app_context():
        email = open_vault(jobs.application.extensions["lumbung"].secrets).open(sealed.encode())
        with unit_of_work():
            _write_to(email)


def _write_to(email: str) -> None:
    user = accounts.find_by_email(email)
    if user is None or not user.active:
        return
    address = service.make(rules.PASSWORD, user.email, 0, user=user, lives=rules.LIVES)
    words.send_reset(user.email, user.language or "id", address)


@jobs.every("accounts.forget_links", "17 18 * * *")
def forget() -> None:
    """Links that ended long ago, and attempts that no longer count."""
    with unit_of_work():
        service.forget_old()
        throttle.forget_old()
