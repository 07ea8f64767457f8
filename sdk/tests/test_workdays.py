import json
from datetime import date

import pytest
from lumbung_plugin import workdays


@pytest.fixture
def holidays(environment, tmp_path):
    """The city's own list of holidays."""

    def chosen(value: object) -> None:
        path = tmp_path / f"{abs(hash(repr(value)))}.json"
        path.write_text(json.dumps({"holidays": value}))
        environment.setenv("CONFIG_FILE", str(path))

    return chosen


@pytest.mark.parametrize("value", [["soon", 7, None, "2026-13-01"], "2026-11-24", None, {"2026-11-24": "x"}])
def test_what_is_no_list_of_days_closes_nothing(holidays, value):
    holidays(value)
    assert workdays.is_working(date(2026, 11, 24))


@pytest.mark.parametrize("days", [-1, 5001])
def test_a_deadline_out_of_all_bounds_is_a_mistake(days):
    with pytest.raises(ValueError, match="working days"):
        workdays.add_working_days(date(2026, 11, 23), days)


def test_a_span_of_centuries_is_not_counted():
    with pytest.raises(ValueError, match="apart"):
        workdays.working_days(date(1, 1, 1), date(9999, 1, 1))


@pytest.mark.parametrize("day", [date(2026, 8, 17), date(2026, 12, 25), date(2026, 11, 21), date(2026, 11, 22)])
def test_independence_day_christmas_and_the_weekend_are_free(day):
    assert not workdays.is_working(day)


def test_the_citys_holiday_is_free_and_named(holidays, app):
    holidays(["2026-10-12"])
    assert not workdays.is_working(date(2026, 10, 12))
    with app.test_request_context("/?lang=id"):
        assert workdays.holidays_of(2026)[date(2026, 10, 12)] == "Hari libur kota"


def test_holidays_are_named_in_the_pages_language(app):
    for lang, words in (("id", "Hari Kemerdekaan Republik Indonesia"), ("en", "Independence Day")):
        with app.test_request_context(f"/?lang={lang}"):
            assert workdays.holidays_of(2026)[date(2026, 8, 17)] == words


def test_days_are_counted_over_a_weekend_and_a_holiday():
    assert workdays.add_working_days(date(2026, 12, 23), 3) == date(2026, 12, 29)
    assert workdays.add_working_days(date(2026, 12, 23), 0) == date(2026, 12, 23)


@pytest.mark.parametrize("days", [0, 1, 5, 60])
def test_adding_and_counting_agree(days):
    start = date(2026, 3, 2)
    end = workdays.add_working_days(start, days)
    assert workdays.working_days(start, end) == days == -workdays.working_days(end, start)
