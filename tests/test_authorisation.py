"""docs/authorisation.md holds for every endpoint: each role, in the own city and in another, and nobody at all.

What a door lets in is stopped right behind it, so that no act is done. ``LUMBUNG_WRITE_AUTHORISATION=1`` writes the
page anew from what the doors ask: read the difference before committing it.
"""

from __future__ import annotations

import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from flask import Flask
from flask.testing import FlaskClient
from webargs.core import Parser

from registry.accounts import service as accounts
from registry.core import scope
from registry.core.errors import RefusalError
from registry.core.uow import unit_of_work
from registry.tenants import access, rules
from registry.tenants.models import Membership
from tests.hosting.conftest import bundle, find, world  # noqa: F401 fixtures
from tests.test_other_city import ENDS_THE_SESSION, VARIABLE, filled, marks  # noqa: F401 fixtures

PAGE = Path(__file__).parents[1] / "docs" / "authorisation.md"
EVERYBODY, PERSON = "everybody", "signed in"
STOPPED = 299
QUERY = {"city": "bontang", "app": "papan"}
ROW = re.compile(r"\| (?P<rule>everybody|signed in|`[^|]+ in the (?:city|programme)) \| (?P<endpoints>.*) \|")
PLACES = {"enter_city": "city", "enter_helping": "city", "enter_programme": "programme"}
DOOR = re.compile(r"`([a-z.]+)` in the (city|programme)")
ROLES = {"admin": "bontang", "auditor": "bontang", "administrator": "bontang", "operator": "bontang",
         "maintainer": "bandung", "admin of another city": "tegal"}  # fmt: skip
"""Who asks Bontang's routes: the role and the city it is held in."""


class StoppedBehindTheDoorError(RefusalError):
    status = STOPPED


@pytest.fixture
def asked(monkeypatch) -> list[tuple[str, str]]:
    """What the doors are asked, newest last: (door, permission)."""
    seen: list[tuple[str, str]] = []

    def allows(permission: str, roles: object) -> bool:
        door = sys._getframe(1).f_code.co_name
        allowed = rules.allows(permission, roles)
        if door in PLACES:
            seen.append((door, permission))
            if allowed:
                raise StoppedBehindTheDoorError(permission)
        return allowed

    proxy = SimpleNamespace(**{name: value for name, value in vars(rules).items() if not name.startswith("__")})
    monkeypatch.setattr(access, "rules", SimpleNamespace(**{**vars(proxy), "allows": allows}))
    return seen


@pytest.fixture
def people(app: Flask, marks) -> dict[str, tuple[FlaskClient, dict[str, str]]]:  # noqa: F811
    """Each role's browser and the header of its token; ``nobody`` has neither."""
    found = {"nobody": (app.test_client(), {})}
    with app.app_context():
        scope.enter_programme()
        for name, slug in ROLES.items():
            role = name.partition(" ")[0]
            with unit_of_work() as session:
                user = accounts.make_user(f"{role}@{slug}.test", name, "kata-sandi-panjang")
                plugin = "papan" if role in ("administrator", "operator") else ""
                session.add(Membership(city_id=find(slug).id, user_id=user.id, role=role, plugin=plugin))
                _token, text = accounts.create_token(user, "crawl")
                identity = user.get_id()
            client = app.test_client()
            with client.session_transaction() as held:
                held["_user_id"], held["_fresh"] = identity, True
            found[name] = (client, {"Authorization": f"Bearer {text}"})
    return found


def routes(app: Flask, marks: dict[str, object]) -> Iterator[tuple[str, str, str]]:  # noqa: F811
    """(route, method, path of Bontang's)."""
    for rule in app.url_map.iter_rules():
        path = VARIABLE.sub(lambda match: filled(match, marks), rule.rule)
        if rule.rule not in ENDS_THE_SESSION:
            yield from ((rule.rule, method, path) for method in sorted(rule.methods - {"HEAD", "OPTIONS"}))


class Anything(dict[str, object]):
    """What the API takes instead of the fields it wants, so that no missing one is found before the door."""

    def __missing__(self, _name: str) -> str:
        return "bontang"


def answer(person: tuple[FlaskClient, dict[str, str]], method: str, path: str) -> tuple[int, str]:
    """Status and where it leads."""
    found = _asked(person, method, path)
    if found[0] not in (400, 415, 422) or not path.startswith("/api/"):
        return found
    with patch.object(Parser, "parse", lambda *_given, **_named: Anything()):
        try:
            return _asked(person, method, path)
        except Exception:
            return found


def _asked(person: tuple[FlaskClient, dict[str, str]], method: str, path: str) -> tuple[int, str]:
    client, headers = person
    programs = path.startswith(("/api/", "/git/", "/v1/"))
    given = client.open(path, method=method, headers=headers if programs else {}, json={} if programs else None,
                        query_string=QUERY)  # fmt: skip
    return given.status_code, given.headers.get("Location", "")


def is_refused(status: int, location: str) -> bool:
    return status in (401, 403, 404) or (status in (302, 303) and "/sign-in" in location)


def observed(app, marks, people, asked) -> dict[str, str]:  # noqa: F811
    """The rule of each ``METHOD route``: what its doors ask of who may little, and of a maintainer, whom some lead to
    a door of their own; else who gets in at all.
    """
    found = {}
    for route, method, path in routes(app, marks):
        asked.clear()
        for name in ("operator", "maintainer"):
            answer(people[name], method, path)
        if asked:
            doors = dict.fromkeys(f"`{permission}` in the {PLACES[door]}" for door, permission in asked)
            rule = " or ".join(sorted(doors))
        else:
            status, location = answer(people["nobody"], method, path)
            nobody = status == 401 or (status in (302, 303) and "/sign-in" in location)
            rule = PERSON if nobody else EVERYBODY
        found[f"{method} {route}"] = rule
    return found


def written() -> dict[str, str]:
    """The rule of each ``METHOD route`` on the page."""
    found = {}
    for match in ROW.finditer(PAGE.read_text()):
        for name in re.findall(r"`([^`]+)`", match["endpoints"]):
            found[name] = match["rule"]
    return found


def write(found: dict[str, str]) -> None:
    by_rule = defaultdict(list)
    for name, rule in sorted(found.items()):
        by_rule[rule].append(f"`{name}`")
    order = [EVERYBODY, PERSON, *sorted(by_rule.keys() - {EVERYBODY, PERSON})]
    lines = [f"| {one} | {' '.join(by_rule[one])} |" for one in order]
    head = PAGE.read_text().partition("## Endpoints")[0]
    table = "| rule | methods and routes |\n| --- | --- |\n" + "\n".join(lines)
    PAGE.write_text(f"{head}## Endpoints\n\n{table}\n")


def test_every_endpoint_stands_on_the_page_with_its_rule(app, marks, people, asked):  # noqa: F811
    found = observed(app, marks, people, asked)
    if os.environ.get("LUMBUNG_WRITE_AUTHORISATION") == "1":
        write(found)
    known = written()
    unknown = {name: rule for name, rule in found.items() if known.get(name) != rule}
    assert not unknown, f"not as docs/authorisation.md says: {unknown}"
    assert known.keys() <= found.keys(), f"no endpoint any more: {sorted(known.keys() - found.keys())}"


def test_each_role_gets_in_where_the_page_says_and_nowhere_else(app, marks, people, asked):  # noqa: F811
    wrong = []
    known = written()
    for route, method, path in routes(app, marks):
        rule = known.get(f"{method} {route}", EVERYBODY)
        if rule == EVERYBODY:
            continue
        for name, person in people.items():
            if rule == PERSON and name != "nobody":
                continue
            status, location = answer(person, method, path)
            if expected(rule, name):
                right = status == STOPPED
            else:
                right = status != STOPPED and is_refused(status, location)
            if not right:
                wrong.append(f"{name}: {method} {path} ({rule}) answered {status}")
    assert wrong == []


def expected(rule: str, name: str) -> bool:
    """Whether the page lets this person in: a role counts in its own city only, of the programme in the publisher's."""
    place, role = ROLES.get(name), name.partition(" ")[0]
    counts = {"city": "bontang", "programme": "bandung"}
    return any(place == counts[where] and role in rules.PERMISSIONS[permission] for permission, where in
               DOOR.findall(rule))  # fmt: skip


def test_the_page_tells_the_policy_of_each_role():
    rows = {row[0]: row[1:] for row in table_of_roles()}
    assert rows.keys() == rules.PERMISSIONS.keys()
    for permission, cells in rows.items():
        allowed = {role for role, cell in zip(COLUMNS, cells, strict=True) if cell}
        assert allowed == rules.PERMISSIONS[permission], permission


COLUMNS = (rules.MAINTAINER, rules.ADMIN, rules.AUDITOR, rules.ADMINISTRATOR, rules.OPERATOR)


def table_of_roles() -> list[list[str]]:
    lines = re.findall(r"^\| `([a-z.]+)` \| [^|]+((?:\| [✓ ]* ?){5})\|$", PAGE.read_text(), re.MULTILINE)
    return [[name, *(cell.strip() for cell in cells.split("|")[1:])] for name, cells in lines]
