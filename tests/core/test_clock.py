"""What day it is, for people who sign papers in three time zones."""

from datetime import UTC, date, datetime

import pytest

from registry.core import clock


@pytest.mark.parametrize(
    ("hour", "day"), [(0, 23), (16, 23), (17, 24), (23, 24)], ids=["7 WIB", "23 WIB", "midnight WIB", "8 WIT"]
)
def test_the_day_is_that_of_the_programme_s_seat(hour: int, day: int) -> None:
    assert clock.day_of(datetime(2026, 11, 23, hour, tzinfo=UTC)) == date(2026, 11, day)
