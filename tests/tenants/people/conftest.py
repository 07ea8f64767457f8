import re
from contextlib import contextmanager
from email import message_from_bytes, policy

import pytest

from registry.accounts import service as accounts
from registry.core import scope
from registry.core.db import db
from registry.core.secrets import open_vault
from registry.core.uow import unit_of_work
from registry.tenants.models import City
from registry.tenants.people import inviting, service
from registry.tenants.service import find_city
from tests.tenants.conftest import PASSWORD, agreed, browser, world

ADMIN, AUDITOR, OPERATOR = (f"{role}@bontang.example" for role in ("admin", "auditor", "operator"))
MAINTAINER, STRANGER, NEW = "maintainer@bandung.example", "admin@tegal.example", "baru@bontang.example"
INVITE = "/console/bontang/people/invite"
SECRET = {"password": "jemur gabah di halaman", "again": "jemur gabah di halaman"}


@pytest.fixture
def mails(app):
    """What waits to be sent, as (to, subject, text)."""

    def read() -> list[tuple[str, str, str]]:
        with app.app_context():
            rows = db.session.execute(
                db.text("select args from procrastinate_jobs where task_name = 'core.mail' order by id")
            )
            return [opened(args) for (args,) in rows]

    def opened(args) -> tuple[str, str, str]:
        sealed = open_vault(app.extensions["lumbung"].secrets).open(args["sealed"].encode())
        message = message_from_bytes(sealed.encode(), policy=policy.default)
        return str(message["To"]), str(message["Subject"]), message.get_body(("plain",)).get_content()

    return read


@pytest.fixture
def link(mails):
    """The path of the newest invitation's link to an address, or None."""

    def newest(email: str) -> str | None:
        found = [re.search(r"(/invitation/\S{43})", text) for to, _subject, text in mails() if to == email]
        return [one[1] for one in found if one][-1] if any(found) else None

    return newest


@pytest.fixture
def within(app, world):
    """A city in its scope, within one unit of work."""

    @contextmanager
    def entered(slug: str = "bontang"):
        with app.app_context():
            city = find_city(slug)
            scope.enter_city(city.id)
            with unit_of_work():
                yield city

    return entered


def invited(city: City, email: str = NEW, role: str = "auditor", by: str = ADMIN, **more) -> inviting.Done:
    return inviting.invite(city, inviting.Wanted(email, role, **more), accounts.find_by_email(by))


def roles(city: City, email: str) -> list[tuple[str, str]]:
    user = accounts.find_by_email(email)
    return [(one.role, one.plugin) for one in service.roles_of(city, user.id)] if user else []


def accept(client, path: str, **form):
    """Follow the link, then press its button."""
    assert client.get(path).status_code == 303
    return client.post("/invitation", data=form)


__all__ = ["PASSWORD", "agreed", "browser", "world"]
