"""Readers go from page to page and keep tags while the catalog grows: each app once, no tag for two contents."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from registry.catalog import service
from registry.core.uow import unit_of_work

TAGGED = ("/api/v1/apps?limit=100", "/api/v1/apps/facets", "/v1/software?page[size]=100", "/catalog.json",
          "/catalog.csv", "/catalog.atom")  # fmt: skip
BOUNDS = settings(max_examples=4, stateful_step_count=12, deadline=None, database=None,
                  suppress_health_check=list(HealthCheck))  # fmt: skip


@dataclass
class Reader:
    """One who reads a list to its end: what was there at the start, what was met, where to go on."""

    expected: set[str]
    pages: Iterator[list[str]]
    met: list[str] = field(default_factory=list)


def in_api(ask: Callable[[str], Any]) -> Iterator[list[str]]:
    after = ""
    while after is not None:
        told = ask(f"/api/v1/apps?limit=2&after={after}").json
        yield [item["slug"] for item in told["items"]]
        after = told["next"]


def in_software(ask: Callable[[str], Any]) -> Iterator[list[str]]:
    query = "?page[size]=2"
    while query is not None:
        told = ask(f"/v1/software{query}").json
        yield [item["aliases"][0].rpartition("/")[2].removesuffix(".git") for item in told["data"]]
        query = told["links"]["next"]


READERS = {"api": in_api, "software": in_software}


class Growing(RuleBasedStateMachine):
    """Set by the test: a client, the publisher, an inspected bundle, a counter that never gives a number twice."""

    client: Any
    publisher: Any
    inspection: Any
    numbers: Iterator[int]

    def __init__(self) -> None:
        super().__init__()
        self.readers: list[Reader] = []
        self.contents: dict[tuple[str, str], bytes] = {}
        self.mine: list[str] = []

    def slugs(self) -> set[str]:
        return {app["slug"] for app in self.client.get("/catalog.json").json["apps"]}

    @rule(letter=st.sampled_from("amz"))
    def publish(self, letter: str) -> None:
        self.mine.append(f"{letter}{next(self.numbers)}")
        with unit_of_work():
            service.record_app(self.publisher, self.mine[-1], self.inspection)

    @precondition(lambda self: self.mine)
    @rule(which=st.integers(0, 20))
    def renew(self, which: int) -> None:
        app = service.get_app(self.mine[which % len(self.mine)])
        with unit_of_work():
            service.record_release(app, self.inspection, f"{next(self.numbers)}.0.0", "v", "c" * 40, "a" * 40, "d" * 64,
                                   1, None)  # fmt: skip

    @rule(kind=st.sampled_from(sorted(READERS)))
    def begin_reading(self, kind: str) -> None:
        self.readers.append(Reader(self.slugs(), READERS[kind](self.client.get)))

    @precondition(lambda self: self.readers)
    @rule(which=st.integers(0, 20))
    def read_on(self, which: int) -> None:
        reader = self.readers[which % len(self.readers)]
        page = next(reader.pages, None)
        if page is not None:
            reader.met += page
            return
        self.readers.remove(reader)
        assert len(reader.met) == len(set(reader.met)), "met twice"
        assert reader.expected <= set(reader.met), "missed"

    @invariant()
    def one_tag_has_one_content(self) -> None:
        for path in TAGGED:
            answer = self.client.get(path)
            tag = answer.headers.get("ETag")
            assert tag is not None
            assert self.contents.setdefault((path, tag), answer.data) == answer.data

    @invariant()
    def no_old_tag_is_taken_for_new(self) -> None:
        for (path, tag), content in self.contents.items():
            answer = self.client.get(path, headers={"If-None-Match": tag})
            assert answer.status_code == 200 or self.client.get(path).data == content

    def teardown(self) -> None:
        for reader in self.readers:
            for page in reader.pages:
                reader.met += page
            assert reader.expected <= set(reader.met) and len(reader.met) == len(set(reader.met))


def test_readers_miss_nothing_and_tags_tell_the_truth(publisher, bundle, client):
    Growing.client, Growing.publisher, Growing.inspection = client, publisher, bundle()
    Growing.numbers = itertools.count()
    run_state_machine_as_test(Growing, settings=BOUNDS)
