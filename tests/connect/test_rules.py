"""What may leave a plugin, judged without a database or a network."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from registry.connect import rules
from registry.connect.rules import Wish
from registry.core.addresses import is_public
from registry.hosting.plain import Manifest

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def test_wishes_are_what_the_manifest_asks_for_and_nothing_else():
    manifest = Manifest("a:b", uses=("simtaru:zoning.read",), egress=("api.bmkg.go.id:443",), mail=True)
    assert rules.wishes(manifest) == (
        Wish("sibling", "simtaru:zoning.read"),
        Wish("egress", "api.bmkg.go.id:443"),
        Wish("mail"),
    )
    assert rules.wishes(Manifest("a:b")) == ()


@pytest.mark.parametrize(
    ("state", "give", "after"),
    [
        ("asked", True, "given"),
        ("refused", True, "given"),
        ("revoked", True, "given"),
        ("asked", False, "refused"),
        ("refused", False, "refused"),
        ("given", False, "revoked"),
        ("revoked", False, "revoked"),
    ],
)
def test_taking_away_is_told_apart_from_never_giving(state, give, after):
    assert rules.state_after(state, give) == after


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1", "fec0::1", "fd00::1", "ff0e::1", "::ffff:127.0.0.1",
        "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:a::1",
    ],
)  # fmt: skip
def test_no_address_inside_is_reached_however_it_is_written(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111"])
def test_addresses_of_the_public_internet_are(address):
    assert is_public(address)


@pytest.mark.parametrize(
    ("rest", "path"),
    [("", "/_kpi"), ("kecamatan/3", "/_kpi/kecamatan/3"), ("a%20b", "/_kpi/a%20b"), ("/x", "/_kpi/x")],
)
def test_a_call_lands_below_the_path_that_is_provided(rest, path):
    assert rules.sibling_path("/_kpi", rest) == path


@pytest.mark.parametrize(
    "rest",
    ["../admin", "a/../../admin", "%2e%2e/admin", "%252e%252e/admin", "..%2fadmin", "a\\..\\admin", "a%5c..", "./x",
     "a//b", "a%2f%2fb", "a\r\nX: y", "a%0d%0a", "a b", "a?x", "é", "x" * 1001],
)  # fmt: skip
def test_a_call_cannot_climb_out_of_it(rest):
    assert rules.sibling_path("/_kpi", rest) is None


def test_a_figure_has_a_name_a_value_and_a_time():
    figure = rules.figure({"name": "laporan.baru", "value": 3, "unit": "laporan", "label": {"id": "Baru"}}, NOW)
    assert figure == rules.Figure("laporan.baru", 3.0, "laporan", NOW, "Baru")
    earlier = rules.figure({"name": "a", "value": 1, "at": "2026-11-22T03:00:00+00:00"}, NOW)
    assert earlier is not None and earlier.at == NOW - timedelta(days=1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Laporan"}, {"name": "x" * 41}, {"name": 1}, {"value": "3"}, {"value": True}, {"value": float("nan")},
        {"value": float("inf")}, {"value": 1e16}, {"value": 10**400}, {"unit": "x" * 21}, {"unit": "a\nb"}, {"unit": 3},
        {"at": "2026-11-23"}, {"at": "2026-11-23T03:00:00"}, {"at": "2026-09-01T00:00:00+00:00"}, {"at": 3},
        {"at": "2026-11-24T03:00:00+00:00"}, {"at": "gestern"}, {"label": "Baru"}, {"label": {"id": 3}},
    ],
)  # fmt: skip
def test_anything_else_is_no_figure(wrong):
    assert rules.figure({"name": "a", "value": 1, **wrong}, NOW) is None
    assert rules.figure([], NOW) is None


def test_a_plugin_has_a_bounded_number_of_figures():
    known = [f"n{number}" for number in range(rules.KPI_NAMES)]
    assert not rules.too_many_names(known, [rules.Figure("n1", 1.0, "", NOW)])
    assert rules.too_many_names(known, [rules.Figure("new", 1.0, "", NOW)])
