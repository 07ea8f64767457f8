import pytest

from registry.tenants import rules

ROLES = ("maintainer", "admin", "auditor", "administrator", "operator")
POLICY = {
    "city.see": "maintainer admin auditor",
    "city.edit": "admin",
    "people.manage": "admin",
    "city.leave": "admin auditor administrator operator",
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
    "assistance.see": "admin auditor administrator operator",
    "assistance.write": "admin administrator operator",
    "programme.see": "maintainer",
    "programme.manage": "maintainer",
    "app.publish": "maintainer",
}


@pytest.mark.parametrize("permission", sorted(rules.PERMISSIONS))
@pytest.mark.parametrize("role", ROLES)
def test_the_policy_is_this_table(permission, role):
    assert rules.allows(permission, {role}) == (role in POLICY[permission].split())


def test_without_a_role_nothing_is_allowed():
    assert not any(rules.allows(permission, ()) for permission in rules.PERMISSIONS)


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


def test_the_last_admin_stays():
    assert not rules.may_leave("admin", admins=1)
    assert rules.may_leave("admin", admins=2) and rules.may_leave("operator", admins=0)
