"""Readers while the catalog changes: what they have is whole, what is new is there in time, what fails harms nobody."""

from __future__ import annotations

from threading import Event, Thread
from time import monotonic, sleep

import pytest
from structlog.testing import capture_logs

from registry.catalog import plausible
from registry.catalog.search import find, preload, reading, store
from registry.catalog.search.entry import Entry
from registry.catalog.search.filters import Filters
from registry.catalog.search.find import count_facets
from registry.catalog.search.index import Index
from registry.catalog.search.lexicon import lexicon
from registry.catalog.search.matching import match
from registry.catalog.search.rules import parse
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.operate import announce

MANY = 40


@pytest.fixture(autouse=True)
def keeper(app, context, monkeypatch):
    """One of the test's own: what it was told to believe ends with it."""
    made = store.Catalog()
    monkeypatch.setitem(app.extensions, "catalog_search", made)
    yield made
    made.line.hang_up()


@pytest.fixture
def filled(publisher):
    with unit_of_work() as session:
        plausible.fill(session, publisher, MANY)
    assert find.search().total == MANY


def grow(publisher, count, first=MANY):
    with unit_of_work() as session:
        plausible.fill(session, publisher, count, first=first)


def within(seconds, true):
    end = monotonic() + seconds
    while not true() and monotonic() < end:
        sleep(0.01)
    return true()


def test_who_reads_keeps_his_edition_to_the_end(filled, publisher):
    held = store.catalog()
    grow(publisher, 20)
    assert find.search().total == MANY + 20
    assert find.search(held=held).total == MANY and sum(1 for _ in held.order("name")) == MANY


def test_what_was_heard_of_the_version_holds_for_the_promised_time_and_no_longer(filled, publisher, monkeypatch):
    at = monotonic()
    monkeypatch.setattr(store, "monotonic", lambda: at)
    monkeypatch.setattr(store, "BELIEVED", 0.3)
    store.catalog()
    grow(publisher, 1)
    at += 0.29
    assert find.search().total == MANY
    at += 0.02
    assert find.search().total == MANY + 1


def test_of_a_large_catalog_many_changes_are_read_beside_the_readers(filled, publisher, monkeypatch):
    monkeypatch.setattr(store, "SMALL", 5)
    began, go_on, whole = Event(), Event(), store._whole
    made = []

    def slow(line):
        began.set()
        assert go_on.wait(10)
        made.append(whole(line))
        return made[-1]

    monkeypatch.setattr(store, "_whole", slow)
    grow(publisher, 30)
    assert find.search().total == MANY and began.wait(10)
    assert [find.search().total for _again in range(3)] == [MANY] * 3
    go_on.set()
    assert within(10, lambda: find.search().total == MANY + 30) and len(made) == 1


def test_an_edition_that_cannot_be_made_is_logged_and_the_one_before_stays(filled, publisher, monkeypatch):
    monkeypatch.setattr(store, "PAUSE", 0.0)
    read = reading.entries
    monkeypatch.setattr(reading, "entries", lambda *_given: 1 / 0)
    grow(publisher, 1)
    with capture_logs() as logs:
        assert find.search().total == MANY
    assert [(one["log_level"], one["reason"]) for one in logs] == [("error", "division by zero")]
    monkeypatch.setattr(reading, "entries", read)
    assert find.search().total == MANY + 1


def test_what_failed_is_not_tried_again_by_everybody(filled, publisher, monkeypatch):
    tried = []
    monkeypatch.setattr(reading, "entries", lambda *_given: tried.append(1) or 1 / 0)
    grow(publisher, 1)
    assert [find.search().total for _again in range(5)] == [MANY] * 5 and len(tried) == 1


def entry(number, text):
    return Entry(number, f"s-{number}", f"N {number}", {"name": f"parkir {text}"}, {"licence": ["MIT"]})


def test_no_reader_meets_half_a_change():
    index, stop, wrong = Index(lexicon()), Event(), []
    index.fill(entry(number, f"kota{number}") for number in range(200))

    def read():
        while not stop.is_set():
            found = match(index, parse("parkir", index.lexicon)).all
            counted = count_facets(index, found, Filters())["licence"]
            told = list(index.ordered("name"))
            if found.bit_count() != 200 or counted != [("MIT", 200)] or len(told) < 200 or not index.word_counts():
                wrong.append((found.bit_count(), counted))

    readers = [Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for round_ in range(300):
        index.renew(entry(round_ % 200, f"taman{round_}"))
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []


def test_a_server_reads_the_catalog_before_it_forks_and_leaves_no_connection_to_its_workers(app, filled):
    db.session.remove()
    preload.preload(app)
    held = app.extensions["catalog_search"]
    assert held.edition.index.size == MANY and held.line._connection is None
    assert db.engine.pool.checkedin() == db.engine.pool.checkedout() == 0


def test_a_server_starts_without_its_database_and_says_so(app, monkeypatch):
    monkeypatch.setattr(reading, "version", lambda _line: 1 / 0)
    with capture_logs() as logs:
        preload.preload(app)
    assert [one["log_level"] for one in logs] == ["error"]


@pytest.mark.parametrize(("process", "read"), [("web", 1), ("git", 0), ("", 0)])
def test_only_the_server_of_pages_reads_it(process, read, monkeypatch):
    asked = []
    monkeypatch.setenv(announce.PROCESS, process)
    monkeypatch.setattr(announce, "named", lambda _place: asked.append)

    class Server:
        class app:  # noqa: N801 as gunicorn calls it
            wsgi = staticmethod(lambda: "app")

    announce.on_starting(Server)
    assert asked == ["app"] * read
