"""A publiccode.yml merged by meaning: whose it is stays the city's, everything else is merged key by key."""

from __future__ import annotations

from collections.abc import Mapping

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from registry.catalog.publiccode import yaml_text
from registry.catalog.publiccode.rewriting import rewrite
from registry.forge.following import identity

BASE = """\
# Kept.
publiccodeYmlVersion: "0.7"
name: Lapor
url: https://registry.example/git/lapor.git
# What it is at.
softwareVersion: 1.0.0
releaseDate: "2026-11-01"
organisation:
  uri: urn:x-kemendagri:32.73
  name: Kota Bandung
description:
  en:
    shortDescription: Citizens report.
    longDescription: |
      Citizens report what is broken.
      # No comment, a heading.
    features:
      - Reports
      - Places
maintenance:
  type: internal
  contacts:
    - name: Diskominfo Kota Bandung
"""
NAMEPLATE: Mapping[str, object] = {
    "url": "https://registry.example/git/bontang/lapor.git",
    "isBasedOn": "https://registry.example/git/lapor.git",
    "organisation": {"uri": "urn:x-kemendagri:64.74", "name": "Kota Bontang"},
    "maintenance": {"type": "internal", "contacts": [{"name": "Diskominfo Kota Bontang"}]},
}
OURS = rewrite(BASE, NAMEPLATE)
THEIRS = BASE.replace("1.0.0", "1.1.0").replace("11-01", "12-01").replace("- Places", "- Places\n      - Photos")


def data(text: str) -> object:
    return plain(yaml_text.load(text.encode()))


def plain(node: object) -> object:
    if isinstance(node, yaml_text.Mapping):
        return {name: plain(inner) for name, inner in node.items.items()}
    if isinstance(node, yaml_text.Listing):
        return [plain(inner) for inner in node.items]
    return node.text if isinstance(node, yaml_text.Scalar) else node


def merged(ours: str, theirs: str, base: str = BASE) -> str:
    found = identity.merge(base, ours, theirs)
    assert found is not None
    return found


def test_a_fork_that_changed_nothing_else_takes_the_release_and_keeps_its_nameplate():
    found = data(merged(OURS, THEIRS))
    assert found == {**data(THEIRS), **NAMEPLATE}


def test_upstreams_own_contacts_and_address_never_replace_the_citys():
    moved = THEIRS.replace("Diskominfo Kota Bandung", "Somebody").replace("registry.example/git/lapor", "elsewhere/x")
    assert data(merged(OURS, moved))["maintenance"] == NAMEPLATE["maintenance"]
    assert data(merged(OURS, moved))["url"] == NAMEPLATE["url"]


def test_both_sides_features_are_kept_and_a_removed_one_goes():
    mine = OURS.replace("- Reports", "- Queues")
    features = data(merged(mine, THEIRS))["description"]["en"]["features"]
    assert features == ["Places", "Photos", "Queues"]


def test_a_key_only_the_city_changed_stays_the_citys():
    assert data(merged(OURS.replace("name: Lapor", "name: Lapor Bontang"), THEIRS))["name"] == "Lapor Bontang"


def test_changes_of_different_texts_of_one_description_are_joined():
    mine = OURS.replace("Citizens report.", "Bontang reports.")
    theirs = THEIRS.replace("what is broken", "whatever is broken")
    english = data(merged(mine, theirs))["description"]["en"]
    assert english["shortDescription"] == "Bontang reports." and "whatever" in english["longDescription"]


def test_the_version_is_upstreams_where_both_changed_it():
    assert data(merged(OURS.replace("1.0.0", "1.0.0-bontang"), THEIRS))["softwareVersion"] == "1.1.0"


def test_one_text_changed_by_both_is_for_somebody_to_decide():
    assert identity.merge(BASE, OURS.replace("Lapor", "Ours"), BASE.replace("Lapor", "Theirs")) is None


@pytest.mark.parametrize(
    "text",
    ["{name: Lapor}\n", "a: &x 1\nb: *x\n", "name: 1\nname: 2\n", "- a\n- b\n", "", '"name": x\n', "a: 1\n---\nb: 2\n"],
)
def test_what_is_no_plain_list_of_keys_is_left_to_people(text):
    assert identity.merge(BASE, text, THEIRS) is None


def test_comments_and_the_order_of_upstream_stay():
    found = merged(OURS, THEIRS)
    assert found.startswith("# Kept.\npubliccodeYmlVersion") and found.count("# What it is at.") == 1
    assert found.index("isBasedOn") < found.index("softwareVersion") < found.index("organisation")


def test_lines_of_windows_do_not_make_a_difference():
    assert merged(OURS.replace("\n", "\r\n"), THEIRS) == merged(OURS, THEIRS)


def test_aligned_texts_differ_in_nothing_of_whose_it_is():
    found = data(identity.aligned(THEIRS, OURS))
    assert {name: found[name] for name in NAMEPLATE} == NAMEPLATE and found["softwareVersion"] == "1.1.0"


def test_a_nameplate_is_no_change_but_a_feature_is():
    assert identity.is_nameplate_only(BASE, OURS)
    assert not identity.is_nameplate_only(BASE, OURS.replace("- Places", "- Place"))


VALUES = st.sampled_from(["a", "b", "c", None])
KEYS = st.fixed_dictionaries({name: VALUES for name in ("name", "logo", "roadmap", "landingURL", "applicationSuite")})


def file(values: Mapping[str, str | None], own: str) -> str:
    nameplate = {"url": f"https://{own}", "organisation": {"name": own}, "maintenance": {"type": own}}
    lines = [f"{name}: {value}\n" for name, value in values.items() if value is not None]
    return rewrite("".join(["publiccodeYmlVersion: x\nurl: y\n", *lines]), nameplate)


@settings(max_examples=150)
@given(KEYS, KEYS, KEYS)
def test_every_merge_keeps_the_nameplate_and_merges_each_other_key_by_three_ways(base, ours, theirs):
    found = identity.merge(file(base, "bandung"), file(ours, "bontang"), file(theirs, "bandung-2"))
    clash = [key for key in base if ours[key] != theirs[key] and base[key] not in (ours[key], theirs[key])]
    assert (found is None) == bool(clash)
    if found is None:
        return
    told = data(found)
    assert told["url"] == "https://bontang" and told["organisation"] == {"name": "bontang"}
    for key, before in base.items():
        wanted = ours[key] if theirs[key] == before else theirs[key]
        assert told.get(key) == wanted, key
