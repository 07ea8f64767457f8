from datetime import timedelta

import pytest

from registry.catalog.assistance import rules
from registry.catalog.assistance.rules import after
from registry.core.clock import now

MOMENT = now()


@pytest.mark.parametrize(
    ("state", "act", "side", "then"),
    [("open", "say", "city", "open"), ("open", "say", "helper", "city"), ("city", "say", "city", "helper"),
     ("helper", "say", "helper", "city"), ("helper", "say", "city", "helper"), ("city", "say", "helper", "city"),
     ("open", "solve", "city", "solved"), ("city", "solve", "helper", "solved"), ("helper", "close", "city", "closed"),
     ("solved", "close", "city", "closed"), ("solved", "reopen", "city", "helper"),
     ("closed", "reopen", "helper", "city")],
)  # fmt: skip
def test_a_request_goes_from_side_to_side_to_its_end(state, act, side, then):
    assert after(state, act, side, MOMENT, MOMENT) == (then, None)


@pytest.mark.parametrize(
    ("state", "act", "problem"),
    [("open", "reopen", "not-ended"), ("solved", "say", "ended"), ("closed", "solve", "ended"),
     ("closed", "close", "closed")],
)  # fmt: skip
def test_what_comes_out_of_turn_is_refused(state, act, problem):
    assert after(state, act, "city", MOMENT, MOMENT) == (state, problem)


@pytest.mark.parametrize(("days", "problem"), [(29, None), (30, None), (31, "too-late")])
def test_what_ended_opens_again_within_30_days(days, problem):
    assert after("closed", "reopen", "city", MOMENT - timedelta(days), MOMENT)[1] == problem


@pytest.mark.parametrize(
    ("phase", "promised", "covered"),
    [("installation", "none", False), ("installation", "installation", True), ("operation", "installation", False),
     ("operation", "operation", True), ("installation", "operation", True), ("operation", "none", False)],
)  # fmt: skip
def test_a_pks_covers_what_it_promises_and_what_comes_before(phase, promised, covered):
    assert rules.is_covered(phase, promised) == covered


@pytest.mark.parametrize(
    ("text", "problem"),
    [("Raise the limit to 8 MB in version 1.4.0.", None), ("Write to budi@bontang.go.id first.", "mail"),
     ("Call 0812-3456-7890.", "number"), ("NIK 6474010101010001", "number"),
     ("See https://lapor.bontang.go.id/x", "link"),
     ("As in kota bontang.", "name"), ("", None)],
)  # fmt: skip
def test_words_for_everybody_have_nothing_private(text, problem):
    assert rules.private_problem(text, {"Kota Bontang", ""}) == problem
