from datetime import date

import pytest
from lapor import days

FRIDAY, TUESDAY = date(2026, 11, 20), date(2026, 11, 24)


@pytest.fixture
def config(bundle):
    return bundle.config | {"deadline_days": 5, "remind_days": 1, "holidays": [TUESDAY.isoformat()]}


@pytest.fixture(autouse=True)
def asked(app):
    with app.app_context():
        yield


def test_a_deadline_leaves_out_weekends_and_the_citys_own_holidays():
    assert days.next_deadline(FRIDAY) == date(2026, 11, 30)


def test_national_holidays_are_no_working_days():
    # 24 December 2026 is a Thursday, the day after it Christmas; the first of January is free too.
    assert days.next_deadline(date(2026, 12, 24)) == date(2027, 1, 4)


def test_what_is_due_soon_is_told_in_working_days_too():
    assert days.reminder_day(FRIDAY) == date(2026, 11, 23)
    assert days.reminder_day(date(2026, 11, 23)) == date(2026, 11, 25)
