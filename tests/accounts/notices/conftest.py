"""People who are told, the queue they are written to by, and a mail server that takes it."""

from __future__ import annotations

import email
from collections.abc import Callable, Iterator
from email import policy
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import event

from registry.accounts import service as accounts
from registry.accounts.models import User
from registry.accounts.notices import jobs as notices
from registry.accounts.notices.service import Notice, tell
from registry.core import clock
from registry.core.db import db
from registry.core.secrets import open_vault
from registry.core.uow import unit_of_work

PASSWORD = "padi menguning di sawah"


@pytest.fixture
def folk(context) -> tuple[User, User]:
    """One who reads Indonesian and one who reads English."""
    with unit_of_work():
        return (
            accounts.register("admin@bontang.example", "Admin Kota Bontang", PASSWORD),
            accounts.register("admin@tegal.example", "Admin of Tegal", PASSWORD, language="en"),
        )


@pytest.fixture
def post(app: Flask, settings) -> Callable[[], list[EmailMessage]]:
    """Every message in the queue, in its order."""

    def read() -> list[EmailMessage]:
        rows = db.session.connection().exec_driver_sql(
            "select args->>'sealed' from procrastinate_jobs where task_name = 'core.mail' order by id"
        )
        opened = [open_vault(settings.secrets).open(row[0].encode()).encode("ascii") for row in rows]
        return [email.message_from_bytes(one, policy=policy.default) for one in opened]  # type: ignore[misc]

    return read


@pytest.fixture
def later() -> Iterator[Callable[..., None]]:
    """Moves the clock, then does what the worker does by it."""

    def move(by) -> None:
        clock.move(by)
        notices.send_due()

    yield move
    clock.back()


def told(*people: User, **more: object) -> None:
    """These people are told of a question, in one unit of work."""
    facts = {"kind": "question.asked", "subject": "Ada pertanyaan", "paragraphs": ["Kota Tegal bertanya:"]} | more
    with unit_of_work():
        tell(people, lambda: Notice(**facts))  # type: ignore[arg-type]


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


@pytest.fixture
def counted(context) -> Iterator[Callable[[Callable[[], object]], int]]:
    """How many statements an act sends to the database."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)

    def count(act: Callable[[], object]) -> int:
        seen.clear()
        act()
        return len(seen)

    yield count
    event.remove(db.engine, "before_cursor_execute", note)
