"""Lines that break where nothing was measured, and axes that end at a round number."""

from __future__ import annotations

import pytest

from registry.monitor.charts import HEIGHT, TOP, WIDTH, chart, path, round_up

MEGABYTE = 2**20


@pytest.mark.parametrize(
    ("value", "end"), [(0, 0.001), (0.0011, 0.002), (0.3, 0.5), (1, 1), (7, 10), (128, 200), (100_001, 200_000)]
)
def test_an_axis_ends_at_the_next_round_number(value: float, end: float) -> None:
    assert round_up(value) == pytest.approx(end)


def test_bytes_are_rounded_as_megabytes() -> None:
    assert chart("x", "bytes", [("a", [90 * MEGABYTE])]).top == pytest.approx(100 * MEGABYTE)


def test_the_highest_value_is_at_the_top_and_nothing_at_the_bottom() -> None:
    assert path([0, 10], 10) == f"M0.0 {HEIGHT:.1f}L{WIDTH:.1f} {TOP:.1f}"


def test_a_line_breaks_where_nothing_was_measured() -> None:
    assert path([1, 1, None, 1, 1], 1).count("M") == 2


def test_a_value_alone_is_seen() -> None:
    assert path([None, 1, None], 1).endswith("h2")


def test_a_far_limit_is_told_but_does_not_flatten_the_line() -> None:
    near = chart("x", "count", [("a", [50])], limit=100)
    far = chart("x", "count", [("a", [50])], limit=1000)
    assert near.limit_at is not None
    assert (far.limit, far.limit_at, far.top) == (1000, None, 50)


def test_nothing_measured_is_an_empty_chart() -> None:
    assert chart("x", "count", [("a", [None, None]), ("b", [])]).empty
