"""Bontang offers Bandung what it changed: opening, talking and deciding in few words, without a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from registry.core import scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.forge import git, writing
from registry.forge.following.distances import tip
from registry.forge.proposals import deciding, reading, remarks, rules, service
from registry.forge.proposals.doors import Speaker
from registry.forge.proposals.models import Proposal, Remark
from registry.tenants.models import City
from tests.forge import conftest as forge
from tests.forge.following.conftest import House, after, house, plain  # noqa: F401 fixtures
from tests.forge.following.repositories import Content, commit

MAIN = "refs/heads/main"


@dataclass
class Table:
    """Both sides at one table; ``house`` is Bontang's (`tests.forge.following.conftest`)."""

    house: House

    @property
    def upstream(self):
        return self.house.place.upstream("lapor")

    @property
    def main(self) -> str:
        return tip(self.upstream)

    def text(self, path: str, commit_: str = MAIN) -> str:
        return git.run(self.upstream, "cat-file", "blob", f"{commit_}:{path}").decode()

    def upstream_changes(self, files: Mapping[str, Content]) -> str:
        old = self.main
        new = commit(self.upstream, files, (old,))
        writing.update_refs(self.upstream, {MAIN: (new, old)})
        return new

    def offer(self, title: str = "A better README", text: str = "", branch: str = "main") -> int:
        with self.house.inside() as (city, fork), unit_of_work():
            return service.open_proposal(city, fork, forge.user("b@example.id"), branch, title, text).id

    @contextmanager
    def looking_around(self) -> Iterator[None]:
        """In the programme's scope, as a maintainer's request is."""
        with self.house.app.app_context(), self.house.app.test_request_context(headers={"Accept-Language": "en"}):
            scope.enter_programme()
            yield

    @contextmanager
    def looking(self, number: int) -> Iterator[Proposal]:
        """As it is now, for anybody who looks."""
        with self.looking_around():
            yield service.refreshed(db.session.get_one(Proposal, number))

    def now(self, number: int) -> Proposal:
        with self.looking(number) as found:
            _loaded = (found.app.slug, found.city.slug)
            db.session.expunge(found)
            return found

    def speaker(self, side: str) -> Speaker:
        city = db.session.query(City).filter_by(slug="bandung" if side == rules.PUBLISHER else "bontang").one()
        return Speaker(side, city, forge.user("a@example.id" if side == rules.PUBLISHER else "b@example.id"))

    def merge(self, number: int, way: str = rules.MERGE, seen: str | None = None) -> None:
        with self.looking(number) as found:
            deciding.merge(found, self.speaker(rules.PUBLISHER), way, found.head if seen is None else seen)

    def close(self, number: int, act: str, reason: str = "", side: str = rules.PUBLISHER) -> None:
        with self.looking(number) as found, unit_of_work():
            deciding.close(found, self.speaker(side), act, reason)

    def say(self, number: int, kind: str = rules.COMMENT, text: str = "Good.", side: str = rules.PUBLISHER,
            spot: remarks.Spot | None = None) -> None:  # fmt: skip
        with self.looking(number) as found, unit_of_work():
            remarks.say(found, self.speaker(side), kind, text, spot, found.head)

    def remarks(self, number: int) -> list[Remark]:
        with self.looking(number) as found:
            return reading.remarks_of(found)

    def client(self, email: str = "") -> FlaskClient:
        client = self.house.app.test_client()
        if email:
            with self.house.app.app_context(), client.session_transaction() as session:
                session["_user_id"], session["_fresh"] = forge.user(email).get_id(), True
        client.get("/?lang=en")
        return client


@pytest.fixture
def table(plain: House, after: Callable[[Callable[[House], None]], None]) -> Table:  # noqa: F811
    """Bontang has a better README, and nothing is offered yet."""
    after(improve)
    return Table(plain)


@pytest.fixture
def offered(plain: House, after: Callable[[Callable[[House], int]], int]) -> tuple[Table, int]:  # noqa: F811
    """Bontang's better README is offered, under this number."""
    number = after(offer)
    return Table(plain), number


def improve(home: House) -> None:
    home.change({"README.md": "# Lapor, told better\n\nCitizens report.\n"})


def offer(home: House) -> int:
    improve(home)
    return Table(home).offer()
