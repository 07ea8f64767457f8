from datetime import date

import pytest
from rencana.rules import (
    HEAD,
    ROW,
    WIDTH,
    Actor,
    Direction,
    Health,
    Stage,
    health,
    may_change,
    may_resolve,
    percent,
    reached,
    share,
    stage_of,
    timeline,
)


@pytest.mark.parametrize(
    ("done", "value", "target", "direction", "found"),
    [
        (True, None, None, Direction.UP, 1),
        (False, None, None, Direction.UP, 0),
        (False, None, 5, Direction.UP, 0),
        (False, 250, 500, Direction.UP, 0.5),
        (False, 900, 500, Direction.UP, 1),
        (False, -3, 500, Direction.UP, 0),
        (False, 3, 0, Direction.UP, 0),
        (False, 30, 20, Direction.DOWN, 0),
        (False, 20, 20, Direction.DOWN, 1),
    ],
)
def test_how_far_a_milestone_has_come(done, value, target, direction, found):
    assert share(done, value, target, direction) == found


def test_a_figure_reaches_its_target_from_its_own_side():
    assert reached(5, 5, Direction.UP) and not reached(4.9, 5, Direction.UP)
    assert reached(5, 5, Direction.DOWN) and not reached(5.1, 5, Direction.DOWN)


def test_a_hundred_percent_means_all_of_it():
    assert percent([]) == 0
    assert percent([1, 1]) == 100
    assert percent([1, 0.999]) == 99
    assert percent([1, 0, 0]) == 33


def test_the_worst_is_said_of_a_programme():
    assert health(0, 0, 0, 1) is Health.EMPTY
    assert health(3, 3, 0, 1) is Health.DONE
    assert health(3, 1, 1, 1) is Health.BLOCKED
    assert health(3, 1, 1, 0) is Health.LATE
    assert health(3, 1, 0, 0) is Health.ON_WAY


def test_owner_and_partners_keep_a_programme_and_who_is_waited_for_settles():
    assert may_change(Actor("a", 1), 1, []) and may_change(Actor("a", 2), 1, [2])
    assert not may_change(Actor("a", 3), 1, [2]) and not may_change(Actor("a"), None, [])
    assert may_change(Actor("a", None, True), 1, [])
    assert may_resolve(Actor("a", 3), 3, 1, [2]) and not may_resolve(Actor("a", 4), 3, 1, [2])


def test_the_timeline_holds_all_it_draws():
    rows = [(date(2021, 1, 1), date(2022, 12, 31), [(date(2021, 7, 1), True), (date(2023, 2, 1), False)])]
    drawing = timeline(rows, [Stage(1, 2020, 2020), Stage(2, 2025, 2029)], date(2026, 11, 23))
    bar = drawing.bars[0]
    assert drawing.years[0] == (0, 2020) and drawing.years[-1][1] == 2029
    assert 0 <= bar.x and bar.x + bar.width <= WIDTH and bar.y == HEAD
    assert [done for _, done in bar.marks] == [True, False] and bar.marks[0][0] < bar.marks[1][0]
    assert drawing.height >= HEAD + ROW and 0 < drawing.today < WIDTH
    assert drawing.bands[0][0] == 0 and drawing.bands[1][0] + drawing.bands[1][1] == pytest.approx(WIDTH, abs=0.2)


def test_a_timeline_of_nothing_is_one_year_and_today_may_lie_outside():
    assert len(timeline([], [], date(2026, 1, 1)).years) == 1
    rows = [(date(2021, 1, 1), date(2021, 1, 1), [])]
    found = timeline(rows, [], date(2026, 1, 1))
    assert found.today is None and found.bars[0].width >= 4


@pytest.mark.parametrize(
    ("year", "stage"), [(2019, 1), (2020, 1), (2021, 2), (2022, 2), (2023, 3), (2024, 4), (2027, 4), (2031, 4)]
)
def test_a_day_falls_into_one_stage(year, stage):
    stages = [Stage(4, 2025, 2029), Stage(1, 2020, 2020), Stage(2, 2021, 2022), Stage(3, 2022, 2023)]
    assert stage_of(date(year, 6, 1), stages) == stage
    assert stage_of(date(year, 6, 1), []) is None
