"""A programme with one published app, served over a real socket to the real git."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from registry.accounts import service as accounts
from registry.accounts.models import User
from registry.app import create_app
from registry.catalog.models import App
from registry.config import REPOSITORY, Settings
from registry.core import scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.forge import forking, publishing
from registry.forge.storage import Storage
from registry.tenants.agreements.models import Agreement
from registry.tenants.models import City, Membership
from tests.moulds import Moulds

MAX_PUSH = 3 * 2**20
KEPT = ("git", "archives")
"""Folders of the data that a test fills."""

Tokens = tuple[str, str, str]
Pour = Callable[[str, Callable[[], Any]], Any]

PUBLICCODE = """\
# Kept by the fork.
publiccodeYmlVersion: "0.7"
name: Lapor
url: https://registry.example/git/lapor.git
softwareVersion: {version}
releaseDate: "2026-11-01"
organisation:
  uri: urn:x-kemendagri:32.73
  name: Kota Bandung
platforms:
  - web
categories:
  - customer-service-and-support
developmentStatus: stable
softwareType: standalone/web
description:
  en:
    shortDescription: Citizens report, offices answer.
    longDescription: |
      Citizens report what is broken in their street and follow what happens to it, step by step, until an office of
      the city has answered. Operators check each report, join duplicates, pass them on to the office in charge and
      answer in public. Everybody may read the list of reports and its figures; names and numbers stay with the city.
      An anonymous report keeps nothing of its sender, and each office sees only what concerns it. The administrator
      keeps categories, offices and their deadlines.
    features:
      - Reports with a place
legal:
  license: MIT
maintenance:
  type: internal
  contacts:
    - name: Diskominfo Kota Bandung
localisation:
  localisationReady: true
  availableLanguages:
    - en
"""

MANIFEST = """\
[plugin]
runtime = "python-wsgi/1"
entrypoint = "lapor:app"
"""

CODE = """\
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]
"""


@dataclass(frozen=True)
class World:
    """What the tests know: addresses, tokens, places."""

    app: Flask
    origin: str
    maintainer: str
    admin: str
    stranger: str
    storage: Storage
    bundle: Path


@pytest.fixture(scope="session")
def forge_app(app: Flask, settings: Settings) -> Flask:
    """Its own data folder, little room for pushes."""
    made = create_app(replace(settings, data=settings.data / "forge", max_push=MAX_PUSH, git_packs=2))
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return made


@pytest.fixture(scope="session")
def origin(forge_app: Flask) -> Iterator[str]:
    """A server in a process of its own, as git meets it in production."""
    told: Settings = forge_app.extensions["lumbung"]
    command = [sys.executable, "-m", "tests.forge.serve", told.data, told.database_url, told.max_push, told.git_packs]
    log = told.data / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [str(word) for word in command], stdout=subprocess.PIPE, stderr=output, text=True, cwd=REPOSITORY
        )
    assert server.stdout is not None
    port = server.stdout.readline().strip()
    assert port, log.read_text()
    yield f"http://127.0.0.1:{port}"
    server.kill()
    server.communicate()


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return write_bundle(tmp_path / "lapor")


def write_bundle(folder: Path, version: str = "1.0.0") -> Path:
    (folder / "lapor").mkdir(parents=True, exist_ok=True)
    (folder / "publiccode.yml").write_text(PUBLICCODE.format(version=version))
    (folder / "lumbung.toml").write_text(MANIFEST)
    (folder / "LICENSE").write_text("MIT License\n\nPermission is hereby granted, free of charge, to any person\n")
    (folder / "README.md").write_text("# Lapor\n\nCitizens report. <script>alert(1)</script>\n")
    (folder / "CHANGELOG.md").write_text(f"# Changelog\n\n## {version}\n\n- A release.\n")
    (folder / "lapor" / "__init__.py").write_text(CODE)
    return folder


@pytest.fixture
def poured(forge_app: Flask, clean: None, bundle: Path, moulds: Moulds) -> Iterator[Pour]:
    """Makes a kind of world once for a worker, by what it is given; gone after the test. One for a test."""
    data = forge_app.extensions["lumbung"].data
    yield lambda kind, make: moulds.cast(bundle, data, KEPT, make, kind)
    for folder in KEPT:
        shutil.rmtree(data / folder, ignore_errors=True)


@pytest.fixture
def settled(forge_app: Flask, poured: Pour, bundle: Path) -> Tokens:
    tokens: Tokens = poured("settled", lambda: settle(forge_app, bundle))
    return tokens


def settle(app: Flask, bundle: Path) -> Tokens:
    """Bandung publishes Lapor 1.0.0; Bontang has an active PKS and a fork. The tokens `populate` makes."""
    with app.app_context():
        tokens = populate()
        publish(bundle)
        fork("bontang")
    return tokens


@pytest.fixture
def world(forge_app: Flask, settled: Tokens, origin: str, bundle: Path) -> World:
    """What is settled, served."""
    return World(forge_app, origin, *settled, Storage(forge_app.extensions["lumbung"].data), bundle)


def populate() -> Tokens:
    """Cities, people and agreements; the tokens of a maintainer, of Bontang's admin and of a stranger."""
    scope.enter_programme()
    with unit_of_work():
        bandung = City(code="32.73", slug="bandung", name="Kota Bandung", province="Jawa Barat", publisher=True)
        bontang = City(code="64.74", slug="bontang", name="Kota Bontang", province="Kalimantan Timur")
        pinang = City(code="21.72", slug="tanjungpinang", name="Kota Tanjungpinang", province="Kepulauan Riau")
        bandung.state = bontang.state = pinang.state = "admitted"
        people = [User(email=f"{name}@example.id", name=name, password_hash="none", session_key=name) for name in "abc"]
        db.session.add_all([bandung, bontang, pinang, *people])
        db.session.flush()
        db.session.add(Membership(city_id=bandung.id, user_id=people[0].id, role="maintainer"))
        db.session.add(Membership(city_id=bontang.id, user_id=people[1].id, role="admin"))
        db.session.add(Membership(city_id=pinang.id, user_id=people[2].id, role="admin"))
        db.session.add(_pks(bontang))
        tokens = [accounts.create_token(one, "git")[1] for one in people]
    db.session.remove()
    return tokens[0], tokens[1], tokens[2]


def _pks(city: City) -> Agreement:
    today = date.today()
    return Agreement(
        tenant_id=city.id,
        kind="pks",
        number="PKS/1",
        state="signed",
        starts_on=today - timedelta(days=1),
        ends_on=today + timedelta(days=365),
        publisher_signed_on=today - timedelta(days=2),
        partner_signed_on=today - timedelta(days=2),
        publisher_signatory="Diskominfo",
        partner_signatory="Diskominfo",
    )


def publish(folder: Path) -> publishing.Publication:
    scope.enter_programme()
    publisher = db.session.scalars(select(City).where(City.publisher)).one()
    with unit_of_work():
        return publishing.publish_folder(publisher, folder, None)


def fork(city: str) -> None:
    db.session.remove()
    found = db.session.scalars(select(City).where(City.slug == city)).one()
    scope.enter_city(found.id)
    with unit_of_work():
        forking.create_fork(found, db.session.scalars(select(App)).one(), None)
    db.session.remove()


def user(email: str) -> User:
    return db.session.scalars(select(User).where(User.email == email)).one()


def git(*arguments: object, cwd: Path | None = None, token: str = "", fails: bool = False, **variables: str) -> str:
    """What the real git prints, both streams; ``token`` goes where people put it, into the password."""
    env = {
        "PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
        "GIT_AUTHOR_NAME": "Tester", "GIT_AUTHOR_EMAIL": "t@example.id", "GIT_COMMITTER_NAME": "Tester",
        "GIT_COMMITTER_EMAIL": "t@example.id", "LC_ALL": "C", **variables,
    }  # fmt: skip
    if token:
        env["GIT_ASKPASS"] = str(Path(__file__).parent / "askpass.sh")
        env["TOKEN"] = token
    done = subprocess.run(
        ["git", *map(str, arguments)], cwd=cwd, env=env, timeout=60, text=True, capture_output=True, check=False
    )
    told = done.stdout + done.stderr
    assert (done.returncode != 0) == fails, told
    return told


def commit(clone: Path, name: str = "note.txt", content: str | bytes = "note", message: str = "note") -> str:
    (clone / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    git("add", "-A", cwd=clone)
    git("commit", "-q", "-m", message, cwd=clone)
    return git("rev-parse", "HEAD", cwd=clone).strip()
