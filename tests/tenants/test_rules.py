from datetime import date, timedelta

import pytest

from registry.tenants import rules
from registry.tenants.rules import ACTIVE, DRAFT, EXPIRED, MEMORANDUM, PARTNER, PKS, PROPOSED, PUBLISHER, SIGNED, Terms

TODAY = date(2026, 6, 14)
ROLES = ("maintainer", "admin", "auditor", "administrator", "operator")
POLICY = {
    "city.see": "maintainer admin auditor",
    "city.edit": "admin",
    "people.manage": "admin",
    "agreement.see": "maintainer admin auditor",
    "agreement.act": "admin",
    "fork.create": "admin",
    "fork.push": "admin",
    "fork.manage": "admin",
    "plugin.see": "admin auditor",
    "plugin.manage": "admin",
    "audit.read": "admin auditor",
    "webhook.see": "admin auditor maintainer",
    "webhook.manage": "admin maintainer",
    "shortlist.see": "admin auditor administrator operator",
    "shortlist.write": "admin administrator operator",
    "shortlist.decide": "admin",
    "programme.see": "maintainer",
    "programme.manage": "maintainer",
    "app.publish": "maintainer",
}


def terms(**given) -> Terms:
    usual = {"kind": PKS, "state": PROPOSED, "starts_on": date(2026, 1, 1), "ends_on": date(2028, 1, 1),
             "publisher_signed_on": None, "partner_signed_on": None}  # fmt: skip
    return Terms(**{**usual, **given})


@pytest.mark.parametrize("permission", sorted(rules.PERMISSIONS))
@pytest.mark.parametrize("role", ROLES)
def test_the_policy_is_this_table(permission, role):
    assert rules.allows(permission, {role}) == (role in POLICY[permission].split())


def test_without_a_role_nothing_is_allowed():
    assert not any(rules.allows(permission, ()) for permission in rules.PERMISSIONS)


@pytest.mark.parametrize(
    ("code", "problem"),
    [("64.74", None), ("6474", "bps"), ("64.7", "format"), ("64,74", "format"), ("04.74", "format"),
     ("99.01", "no-province"), ("", "format"), ("64.74 ", "format")],
)  # fmt: skip
def test_a_citys_code_is_kemendagris(code, problem):
    assert rules.code_problem(code) == problem


@pytest.mark.parametrize(
    ("slug", "problem"),
    [("bontang", None), ("banda-aceh", None), ("Bontang", "not-a-label"), ("-aceh", "not-a-label"),
     ("a--b", "not-a-label"), ("9kota", "not-a-label"), ("a" * 41, "not-a-label"), ("api", "reserved")],
)  # fmt: skip
def test_a_slug_is_a_host_label(slug, problem):
    assert rules.slug_problem(slug) == problem


@pytest.mark.parametrize(
    ("color", "problem"), [("#0b5c4a", None), ("#ffe08a", "too-light"), ("green", "format"), ("#0B5", "format")]
)
def test_a_colour_carries_white_text(color, problem):
    assert rules.color_problem(color) == problem


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


def test_the_last_admin_stays():
    assert not rules.may_leave("admin", admins=1)
    assert rules.may_leave("admin", admins=2) and rules.may_leave("operator", admins=0)
