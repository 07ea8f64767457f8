from datetime import UTC, date, datetime, timedelta

import pytest

from registry.tenants.people import rules
from registry.tenants.people.rules import Held

TREE = {1: None, 2: 1, 3: 2, 4: 3, 5: None, 6: 5}
"""1 › 2 › 3 › 4, and 5 › 6."""


@pytest.mark.parametrize(
    ("unit", "parent", "problem"),
    [
        (None, None, None), (None, 3, None), (None, 4, "too-deep"), (6, 3, None), (5, 3, "too-deep"), (5, 2, None),
        (1, 1, "below-itself"), (1, 4, "below-itself"), (2, 6, "too-deep"), (3, 5, None), (4, None, None),
    ],
)  # fmt: skip
def test_units_stand_four_deep_and_in_no_circle(unit, parent, problem):
    assert rules.parent_problem(TREE, unit, parent) == problem


def test_a_circle_that_is_there_ends():
    assert rules.parent_problem({1: 2, 2: 1}, None, 1) is None
    assert rules.below({1: 2, 2: 1}, 1) == {1, 2}


def test_a_unit_takes_those_below_it_along():
    assert rules.below(TREE, 2) == {2, 3, 4} and rules.below(TREE, 6) == {6}


def test_an_orphan_is_a_role_nobody_else_has():
    held = [Held(1, 1, "admin"), Held(2, 1, "auditor"), Held(3, 1, "operator", "lapor"), Held(4, 1, "operator", "spbe"),
            Held(5, 2, "operator", "lapor"), Held(6, 2, "administrator", "spbe")]  # fmt: skip
    assert [one.membership_id for one in rules.orphans(held, 1)] == [1, 4]
    assert [one.membership_id for one in rules.orphans(held, 2)] == [6]


def test_each_plugin_needs_both():
    held = {("administrator", "lapor"), ("operator", "spbe"), ("operator", "lapor")}
    assert rules.missing("lapor", held) == []
    assert rules.missing("spbe", held) == ["administrator"]
    assert rules.missing("antrian", held) == ["administrator", "operator"]


def test_an_open_invitation_expires_at_its_moment():
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    assert rules.state_of("open", moment, moment) == rules.EXPIRED
    assert rules.state_of("open", moment + timedelta(seconds=1), moment) == rules.OPEN
    assert rules.state_of("accepted", moment, moment) == rules.ACCEPTED


def test_a_week_begins_on_monday():
    assert rules.week_of(date(2026, 11, 29)) == rules.week_of(date(2026, 11, 23)) == date(2026, 11, 23)
