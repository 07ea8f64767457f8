from datetime import UTC, datetime

import pytest

from registry.core import cron

MAKASSAR = "Asia/Makassar"


@pytest.mark.parametrize("text", ["0 6 * * *", "*/5 * * * *", "0 6 * * mon-fri", "30 0 1 1,7 *", "0 0 29 2 *"])
def test_five_fields_are_a_time(text):
    assert cron.problem(text) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "fields"),
        ("@daily", "fields"),
        ("0 6 * *", "fields"),
        ("0 6 * * * *", "fields"),
        ("61 * * * *", "fields"),
        ("*/0 * * * *", "fields"),
        ("H 6 * * *", "fields"),
        ("0 6 * * *\n", "fields"),
        ("0 0 31 2 *", "never"),
        ("* * * * *", "often"),
        ("*/3 * * * *", "often"),
        ("0,58 * * * *", "often"),
    ],
)
def test_what_is_no_time_says_why(text, problem):
    assert cron.problem(text) == problem


def test_a_time_is_meant_in_the_citys_zone():
    morning = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
    assert cron.next_time("0 9 * * *", morning, MAKASSAR) == datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    assert cron.next_time("0 9 * * *", morning, "Asia/Jakarta") == datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def test_the_last_time_may_be_this_very_minute():
    nine = datetime(2026, 11, 24, 1, 0, 30, tzinfo=UTC)
    assert cron.last_time("0 9 * * *", nine, MAKASSAR) == datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    assert cron.last_time("0 9 * * *", nine.replace(hour=0), MAKASSAR) == datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
