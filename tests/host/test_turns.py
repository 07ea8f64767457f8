"""Who starts next: cities in turn, places bounded, the longest unused leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from registry.host import turns
from registry.host.turns import Bounds, Turns


class Clockwork:
    """A reactor by hand: what is asked for `soon` is done by `run`, what is for `later` by `tick`."""

    def __init__(self) -> None:
        self.calls: list[Callable[[], None]] = []
        self.timers: list[Callable[[], None]] = []

    def soon(self, call: Callable[[], None]) -> None:
        self.calls.append(call)

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        self.timers.append(call)

    def run(self) -> None:
        while self.calls:
            self.calls.pop(0)()

    def tick(self) -> None:
        timers, self.timers = self.timers, []
        for timer in timers:
            timer()
        self.run()


@dataclass(eq=False)
class Guest:
    city: str
    name: str
    diary: list[str] = field(repr=False)
    pinned: bool = False
    last_use: float = 0.0

    def start(self) -> None:
        self.diary.append(f"start {self.name}")

    def stop(self) -> None:
        self.diary.append(f"stop {self.name}")


class Inn:
    def __init__(self, at_once: int = 2, awake: int = 100, per_city: int = 100, free: int = 2**40) -> None:
        self.clockwork = Clockwork()
        self.diary: list[str] = []
        self.free = free
        self.turns = Turns(self.clockwork, Bounds(at_once, awake, per_city, 2**20), lambda: self.free)  # type: ignore[arg-type]

    def guest(self, city: str, name: str, **more: object) -> Guest:
        return Guest(city, name, self.diary, **more)  # type: ignore[arg-type]

    def ask(self, *guests: Guest) -> None:
        for guest in guests:
            self.turns.ask(guest)
        self.clockwork.run()

    def said(self) -> list[str]:
        said, self.diary[:] = list(self.diary), []
        return said

    def awake(self, *guests: Guest) -> None:
        """Started, and over with it."""
        self.ask(*guests)
        for guest in guests:
            self.turns.ready(guest)
            self.clockwork.run()
        self.said()


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    time = [1000.0]
    monkeypatch.setattr(turns.time, "monotonic", lambda: time[0])
    return time


def test_so_many_start_at_once_and_the_next_when_one_is_ready() -> None:
    inn = Inn(at_once=3)
    a, b, c = (inn.guest("bontang", name) for name in "abc")
    inn.ask(a, b, c)
    assert inn.said() == ["start a", "start b"], "one place is left for another city"
    inn.turns.ready(a)
    inn.clockwork.run()
    assert inn.said() == ["start c"]


def test_another_city_s_one_wake_comes_before_the_rest_of_a_storm() -> None:
    inn = Inn(at_once=2)
    storm = [inn.guest("bontang", f"b{number}") for number in range(40)]
    inn.ask(*storm)
    inn.ask(inn.guest("sigi", "sigi"))
    assert inn.said() == ["start b0", "start sigi"]


def test_cities_take_turns() -> None:
    inn = Inn(at_once=2)
    guests = [inn.guest(city, f"{city}{number}") for city in ("a", "b") for number in range(3)]
    inn.ask(*guests)
    for guest in guests:
        inn.turns.ready(guest)
        inn.clockwork.run()
    assert sorted(inn.said()[:2]) == ["start a0", "start b0"]


def test_asking_twice_is_asking_once() -> None:
    inn = Inn()
    a = inn.guest("bontang", "a")
    inn.ask(a, a)
    inn.ask(a)
    assert inn.said() == ["start a"]


def test_who_does_not_want_any_more_is_not_started() -> None:
    inn = Inn(at_once=2)
    a, b = inn.guest("bontang", "a"), inn.guest("bontang", "b")
    inn.ask(a, b)
    inn.turns.drop(b)
    inn.turns.ready(a)
    inn.clockwork.run()
    assert inn.said() == ["start a"]


def test_a_start_that_hangs_blocks_nobody_for_long(now: list[float]) -> None:
    inn = Inn(at_once=2)
    inn.ask(inn.guest("a", "hangs"), inn.guest("b", "hangs too"), inn.guest("c", "waits"))
    assert "start waits" not in inn.said()
    now[0] += turns.START_COUNTS + 0.1
    inn.clockwork.tick()
    assert inn.said() == ["start waits"]


def test_when_a_city_is_full_its_longest_unused_plugin_makes_room(now: list[float]) -> None:
    inn = Inn(at_once=4, per_city=2)
    old, new = inn.guest("a", "old", last_use=1.0), inn.guest("a", "new", last_use=2.0)
    other = inn.guest("b", "other", last_use=0.0)
    inn.awake(old, new, other)
    now[0] += 60
    inn.ask(third := inn.guest("a", "third"))
    assert inn.said() == ["stop old"]
    inn.clockwork.tick()
    assert inn.said() == [], "one is asked for one place"
    inn.turns.gone(old)
    inn.clockwork.run()
    assert inn.said() == ["start third"]
    assert third.city == "a"


def test_pinned_ones_and_newcomers_never_make_room(now: list[float]) -> None:
    inn = Inn(at_once=4, per_city=2)
    inn.awake(inn.guest("a", "pinned", pinned=True), fresh := inn.guest("a", "fresh", last_use=5.0))
    inn.ask(inn.guest("a", "waits"))
    assert inn.said() == []
    now[0] += turns.SHORTEST_STAY + 0.1
    inn.clockwork.tick()
    assert inn.said() == ["stop fresh"]
    assert not fresh.pinned


def test_when_the_machine_is_full_the_largest_city_makes_room(now: list[float]) -> None:
    inn = Inn(at_once=8, awake=3)
    inn.awake(*(inn.guest("large", f"l{number}", last_use=number) for number in range(3)))
    now[0] += 60
    inn.ask(inn.guest("small", "small"))
    assert inn.said() == ["stop l0"]


def test_without_memory_nobody_starts_until_there_is_some() -> None:
    inn = Inn(free=0)
    inn.ask(inn.guest("a", "a"))
    assert inn.said() == []
    inn.free = 2**40
    inn.clockwork.tick()
    assert inn.said() == ["start a"]


def test_the_bounds_follow_the_machine_unless_the_settings_say_otherwise() -> None:
    found = Bounds.of({"starts_at_once": "3", "awake": "40"})
    assert (found.at_once, found.awake, found.per_city) == (3, 40, 10)
    assert Bounds.of({}).awake >= 16
