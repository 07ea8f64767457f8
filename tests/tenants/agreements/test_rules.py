from datetime import date, timedelta

import pytest

from registry.tenants.agreements import rules
from registry.tenants.agreements.rules import (
    ACTIVE,
    DRAFT,
    EXPIRED,
    MEMORANDUM,
    PARTNER,
    PKS,
    PROPOSED,
    PUBLISHER,
    SIGNED,
    Terms,
)

TODAY = date(2026, 6, 14)


def terms(**given) -> Terms:
    usual = {"kind": PKS, "state": PROPOSED, "starts_on": date(2026, 1, 1), "ends_on": date(2028, 1, 1),
             "publisher_signed_on": None, "partner_signed_on": None}  # fmt: skip
    return Terms(**{**usual, **given})


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({"state": DRAFT}, DRAFT),
        ({}, PROPOSED),
        ({"partner_signed_on": TODAY}, PROPOSED),
        ({"partner_signed_on": TODAY, "publisher_signed_on": TODAY}, ACTIVE),
        ({"partner_signed_on": TODAY, "publisher_signed_on": TODAY, "starts_on": date(2026, 7, 1)}, SIGNED),
        ({"partner_signed_on": TODAY, "publisher_signed_on": TODAY, "ends_on": TODAY}, ACTIVE),
        ({"partner_signed_on": TODAY, "publisher_signed_on": TODAY, "ends_on": TODAY - timedelta(1)}, EXPIRED),
        ({"state": "terminated", "partner_signed_on": TODAY, "publisher_signed_on": TODAY}, "terminated"),
    ],
)
def test_what_an_agreement_is_worth_today(given, state):
    assert rules.state_on(terms(**given), TODAY) == state


@pytest.mark.parametrize(
    ("given", "side", "day", "memorandum", "problem"),
    [
        ({}, PARTNER, TODAY, ACTIVE, None),
        ({}, PARTNER, TODAY, PROPOSED, "memorandum-first"),
        ({}, PARTNER, TODAY, None, "memorandum-first"),
        ({"kind": MEMORANDUM}, PARTNER, TODAY, None, None),
        ({"state": DRAFT}, PARTNER, TODAY, ACTIVE, "not-proposed"),
        ({"partner_signed_on": TODAY}, PARTNER, TODAY, ACTIVE, "signed-already"),
        ({"partner_signed_on": TODAY}, PUBLISHER, TODAY, ACTIVE, None),
        ({}, PARTNER, TODAY + timedelta(1), ACTIVE, "in-future"),
    ],
)
def test_who_may_sign_when(given, side, day, memorandum, problem):
    assert rules.sign_problem(terms(**given), side, day, TODAY, memorandum) == problem


def test_a_proposal_needs_a_number_and_a_term():
    assert rules.propose_problem(terms(state=DRAFT), "421/PKS") is None
    assert rules.propose_problem(terms(state=DRAFT), "  ") == "no-number"
    assert rules.propose_problem(terms(state=DRAFT, ends_on=None), "1") == "missing"
    assert rules.propose_problem(terms(state=DRAFT, ends_on=date(2025, 1, 1)), "1") == "backwards"
    assert rules.propose_problem(terms(state=DRAFT, ends_on=date(2040, 1, 1)), "1") == "too-long"
    assert rules.propose_problem(terms(), "1") == "not-draft"


@pytest.mark.parametrize(
    ("city", "memorandum", "pks", "step"),
    [
        ("applied", None, None, "wait-admission"),
        ("declined", None, None, "declined"),
        ("admitted", None, None, "start-memorandum"),
        ("admitted", terms(state=DRAFT), None, "propose-memorandum"),
        ("admitted", terms(), None, "partner-signs-memorandum"),
        ("admitted", terms(partner_signed_on=TODAY), None, "publisher-signs-memorandum"),
        ("admitted", terms(partner_signed_on=TODAY, publisher_signed_on=TODAY), None, "start-pks"),
    ],
)
def test_the_next_step_is_always_named(city, memorandum, pks, step):
    assert rules.next_step(city, memorandum, pks, TODAY) == step


def test_with_both_in_force_a_city_adopts():
    signed = terms(partner_signed_on=TODAY, publisher_signed_on=TODAY)
    assert rules.next_step("admitted", signed, signed, TODAY) == "adopt"
