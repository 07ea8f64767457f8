from datetime import UTC, date, datetime

import pytest
from lumbung_plugin import clock


def test_now_is_utc_in_whole_seconds():
    assert clock.now().tzinfo is UTC and clock.now().microsecond == 0


def test_the_day_is_the_citys_not_that_of_greenwich(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 3, 20, 0, tzinfo=UTC))
    assert clock.today() == date(2026, 11, 4)


@pytest.mark.parametrize("moment", ["2026-11-03T20:00:00+00:00", "2026-11-03T20:00:00", datetime(2026, 11, 3, 20, 0)])
def test_a_moment_without_offset_is_utc(moment):
    assert clock.local(moment).isoformat() == "2026-11-04T04:00:00+08:00"
