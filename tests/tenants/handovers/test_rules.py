from datetime import date

import pytest

from registry.config import Settings, from_environment
from registry.tenants.handovers import rules
from registry.tenants.handovers.rules import DRAWN, PARTNER, PUBLISHER, REVOKED, SIGNED, Paper

DAY, NEXT = date(2026, 11, 23), date(2026, 11, 24)


def test_a_number_names_its_place_in_the_year_the_month_in_roman_numerals_and_the_year():
    assert rules.number(Settings.handover_number, 1, DAY) == "BAST/001/LMB/XI/2026"
    assert rules.number("{year}-{serial}", 1234, DAY) == "2026-1234"


@pytest.mark.parametrize(
    "pattern",
    ["BAST/{serial}", "BAST/{year}", "{serial}/{year}/{city}", "{serial.__class__}/{year}", "{serial!r}{year}",
     "{serial}/{year}" + "x" * 60, "{serial}/{year}\n", "{serial}/{year}/{}"],
)  # fmt: skip
def test_a_way_to_number_that_would_repeat_itself_or_tells_more_is_refused_at_the_start(pattern):
    with pytest.raises(ValueError, match="LUMBUNG_HANDOVER_NUMBER"):
        from_environment({"LUMBUNG_HANDOVER_NUMBER": pattern})


@pytest.mark.parametrize("typed", ["k7qx-m2rt-ab9z", "K7QX-M2RT-AB9Z", " k7qxm2rtab9z ", "k7 qx m2 rt ab 9z"])
def test_a_code_is_read_however_it_is_typed_from_paper(typed):
    assert rules.read_code(typed) == "k7qxm2rtab9z"


@pytest.mark.parametrize(
    "typed", ["", "k7qx", "k7qx-m2rt-ab9z-x", "k7qx-m2rt-ab90", "../../etc/pas", "x" * 5000, "\0" * 12]
)
def test_what_is_no_code_is_read_as_none(typed):
    assert rules.read_code(typed) == ""


def test_a_code_is_shown_in_groups_as_it_is_read():
    assert rules.show_code("k7qxm2rtab9z") == "k7qx-m2rt-ab9z"


def test_both_signatures_make_it_signed_and_nothing_undoes_a_withdrawal():
    assert rules.state_of(Paper(DAY)) == DRAWN
    assert rules.state_of(Paper(DAY, DAY)) == DRAWN
    assert rules.state_of(Paper(DAY, DAY, DAY)) == SIGNED
    assert rules.state_of(Paper(DAY, DAY, DAY, NEXT)) == REVOKED


@pytest.mark.parametrize(
    ("paper", "side", "day", "problem"),
    [
        (Paper(DAY), PARTNER, DAY, None),
        (Paper(DAY, DAY), PARTNER, NEXT, None),
        (Paper(DAY, DAY), PUBLISHER, NEXT, "signed-already"),
        (Paper(DAY, None, None, DAY), PARTNER, DAY, "revoked"),
        (Paper(DAY), PARTNER, date(2026, 11, 25), "in-future"),
        (Paper(DAY), PARTNER, date(2026, 11, 22), "before-handover"),
    ],
)
def test_who_may_sign_with_which_day(paper, side, day, problem):
    assert rules.sign_problem(paper, side, day, today=NEXT) == problem
