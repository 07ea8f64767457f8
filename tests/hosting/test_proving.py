"""The worker's part of a run of tests: what it builds, what it hands to the host, and that nothing stays open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from registry.catalog.models import App, Release
from registry.catalog.trust import proving as trust
from registry.catalog.trust.models import Proving
from registry.core import scope
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import InvalidError, NotFoundError
from registry.core.uow import unit_of_work
from registry.forge import proving as forge
from registry.forge.storage import here, remove
from registry.hosting import building
from registry.hosting.models import Host
from registry.hosting.proving import prove


@pytest.fixture
def asked(app: Flask, world: None) -> Iterator[Proving]:
    """A run of the tests of papan 1.0.0 that nobody has prepared yet."""
    with app.app_context():
        scope.enter_programme()
        release = db.session.scalars(select(Release)).one()
        with unit_of_work() as session:
            session.add(Host(name="host", beat_at=now(), pid=1, facts={}))
            session.flush()
            made = forge.ask_released(release, None)
        yield made


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(building, "ensure_test_environment", lambda settings, runtime, requirements: tmp_path)
    return tmp_path


def perform(run: Proving) -> Proving:
    prove(job_id=str(run.job_id), tenant_id=run.city_id, proving_id=run.id)
    return trust.get(run.id)


def test_the_tree_and_what_its_tests_run_in_are_built_before_the_host_is_asked(asked, environment, settings):
    run = perform(asked)
    assert (run.state, run.environment) == ("wanted", environment.name)
    assert (settings.data / "builds" / "code" / run.tree / "papan.py").is_file()


def test_a_second_worker_does_nothing_over(asked, environment, monkeypatch):
    perform(asked)
    monkeypatch.setattr(building, "ensure_code", lambda *given: pytest.fail("built again"))
    assert perform(asked).state == "wanted"


def test_libraries_that_cannot_be_installed_end_the_run_and_say_why(asked, monkeypatch):
    def refuse(*given: object) -> Path:
        raise InvalidError("no such wheel")

    monkeypatch.setattr(building, "ensure_test_environment", refuse)
    with pytest.raises(InvalidError):
        perform(asked)
    run = trust.get(asked.id)
    assert (run.state, run.reason, run.detail) == ("broken", "build", "no such wheel")


def test_a_fault_of_ours_leaves_no_run_open(asked, monkeypatch):
    def fail(*given: object) -> Path:
        raise TimeoutError

    monkeypatch.setattr(building, "ensure_test_environment", fail)
    with pytest.raises(TimeoutError):
        perform(asked)
    assert trust.get(asked.id).state == "broken"


def test_a_source_that_is_gone_is_told_as_such(asked, environment):
    remove(here().upstream(db.session.scalars(select(App)).one().slug))
    with pytest.raises(NotFoundError):
        perform(asked)
    assert (trust.get(asked.id).state, trust.get(asked.id).reason) == ("broken", "source")
