"""What a newer version asks for is told before it comes."""

from __future__ import annotations

import pytest

from registry.forge.following.comparing import Described, differences
from registry.hosting.plain import Limits, Manifest, Task

CALM = Manifest("lapor:app")


def described(manifest: Manifest = CALM, features=(), schema=None, lock="", grade="A") -> Described:
    return Described(manifest, schema or {}, tuple(features), lock, grade)


def codes(old: Described, new: Described) -> dict[str, tuple[str, ...]]:
    return {point.code: point.names for point in differences(old, new)}


def test_the_same_version_brings_nothing():
    assert codes(described(), described()) == {}


@pytest.mark.parametrize(
    ("changed", "code", "names"),
    [
        (Manifest("l:a", egress=("api.example:443",)), "egress-new", ("api.example:443",)),
        (Manifest("l:a", mail=True), "mail-new", ("mail",)),
        (Manifest("l:a", uses=("simtaru:zoning.read",)), "uses-new", ("simtaru:zoning.read",)),
        (Manifest("l:a", provides={"kpi.read": "/x"}), "provides-new", ("kpi.read",)),
        (Manifest("l:a", tasks=(Task("remind", "l:remind", "0 7 * * *"),)), "tasks-new", ("remind",)),
        (Manifest("l:a", store="postgresql"), "store", ("postgresql",)),
        (Manifest("l:a", limits=Limits(memory=2**30)), "limits", ("memory",)),
    ],
)
def test_each_new_wish_is_named(changed, code, names):
    assert codes(described(), described(changed)) == {code: names}


def test_a_page_that_is_opened_to_everybody_is_told():
    assert codes(described(Manifest("l:a", staff=("/kerja",))), described())["staff-gone"] == ("/kerja",)


def test_settings_are_told_by_what_must_be_done_with_them():
    old = {"properties": {"title": {}, "days": {}}, "required": ["title"]}
    new = {"properties": {"title": {}, "key": {}, "tone": {}}, "required": ["title", "key"]}
    assert codes(described(schema=old), described(schema=new)) == {
        "config-required": ("key",), "config-new": ("tone",), "config-gone": ("days",),
    }  # fmt: skip


def test_features_libraries_and_a_rating_that_falls_are_told():
    found = codes(described(features=["Reports"]), described(features=["Reports", "Photos"], lock="x", grade="C"))
    assert found == {"features-new": ("Photos",), "libraries": ("requirements.txt",), "rating": ("A", "C")}


def test_a_schema_that_is_no_schema_breaks_nothing():
    assert codes(described(schema={"properties": 1}), described(schema={"properties": [], "required": None})) == {}
