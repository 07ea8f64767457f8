import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from registry.accounts.links import jobs, rules, service
from registry.core import clock
from registry.core import jobs as core_jobs
from registry.core.db import db
from registry.core.secrets import open_vault
from registry.core.uow import unit_of_work

INVITED = "operator@bontang.example"


@pytest.fixture
def link(app, clean):
    """Make a link; answers the path in its mail."""

    def made(purpose: str = rules.INVITATION, email: str = INVITED, **more) -> str:
        with app.app_context(), unit_of_work():
            address = service.make(purpose, email, more.pop("days", 7), **more)
        return address.removeprefix(app.extensions["lumbung"].origin)

    return made


@pytest.fixture
def accepted(app, monkeypatch):
    """What was accepted, as (subject, e-mail of who); the room that would answer is a test's."""
    told: list[tuple[str, str | None]] = []

    def accept(link, user):
        told.append((link.subject, user.email if user else None))
        return "/account"

    for purpose in (rules.INVITATION, rules.ADDRESS):
        act = service.Act(accept, lambda link: f"Peran {link.subject}")
        monkeypatch.setitem(app.extensions.setdefault(service.ACTS, {}), purpose, act)
    return told


@pytest.fixture
def mails(app, monkeypatch):
    """Do the queue's work of ours; answers each mail's (to, text)."""
    monkeypatch.setattr(core_jobs, "application", app)

    def read() -> list[tuple[str, str]]:
        with app.app_context():
            for args in queued(jobs.WRITE):
                jobs.write(**args)
            return [opened(args) for args in queued("core.mail")]

    def opened(args) -> tuple[str, str]:
        sealed = open_vault(app.extensions["lumbung"].secrets).open(args["sealed"].encode())
        message = message_from_bytes(sealed.encode(), policy=policy.default)
        return str(message["To"]), message.get_body(("plain",)).get_content()

    return read


def queued(task: str) -> list[dict[str, str]]:
    with unit_of_work() as session:
        rows = session.connection().exec_driver_sql(
            "delete from procrastinate_jobs where task_name = %s returning id, args", (task,)
        )
        return [args for _id, args in sorted(rows, key=lambda row: row[0])]


@pytest.fixture
def later():
    """Move the clock."""
    yield lambda **by: clock.move(timedelta(**by))
    clock.back()


def address_in(text: str) -> str:
    found = re.search(r"/(?:sign-in/new-password|invitation|address)/[\w-]{43}", text)
    assert found, text
    return found.group()


def rows(app, sql: str):
    with app.app_context():
        return db.session.connection().exec_driver_sql(sql).all()
