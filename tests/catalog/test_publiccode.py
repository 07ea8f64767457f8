"""publiccode.yml as the standard (0 to 0.7) and its reference parser judge it."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.catalog.publiccode import graphemes
from registry.catalog.publiccode.file import parse
from registry.catalog.publiccode.schema import ROOT
from tests.catalog.conftest import PUBLICCODE

COLLECTION = Path(os.environ.get("PUBLICCODE_FILES", "/nonexistent"))
"""A folder with ``valid/`` and ``invalid/`` files, such as the reference parser's own."""

FAMILY = "\u200d".join("\U0001f468\U0001f469\U0001f467\U0001f466")
FLAG = "\U0001f1ee\U0001f1e9"
ONLINE = {"logo_missing_url.yml"}
"""Wrong only for who asks the network."""


def nested(children):
    return st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3)


def changed(old: str, new: str) -> bytes:
    assert old in PUBLICCODE
    return PUBLICCODE.replace(old, new, 1).encode()


def errors(text: bytes) -> dict[str, str]:
    return {finding.path: finding.message for finding in parse(text)[1] if finding.level == "error"}


def test_a_good_file_gives_its_facts():
    described, findings = parse(PUBLICCODE.encode())
    assert findings == [] and described is not None
    assert (described.name, described.licence, described.maturity) == ("Antrian", "MIT", "stable")
    assert described.descriptions["en"]["features"] == ["Numbers online", "Waiting-room display"]


def test_an_unknown_key_is_refused_by_name_with_a_guess_and_its_line():
    _described, findings = parse(changed("softwareType:", "softwareTyp:"))
    found = {finding.path: finding for finding in findings}
    assert "did you mean softwareType?" in found["softwareTyp"].message and found["softwareTyp"].line == 7
    assert "softwareType" in found


@pytest.mark.parametrize(
    "old, new, path",
    [
        ('"0.7"', '"0.6"', "publiccodeYmlVersion"),
        ('"0.7"', "0.7", "publiccodeYmlVersion"),
        ("name: Antrian", "name:", "name"),
        ("name: Antrian", "name: [a]", "name"),
        ("https://lumbung.example/git/antrian.git", "antrian", "url"),
        ("[web]", "web", "platforms"),
        ("[web]", "[]", "platforms"),
        ("[appointment-scheduling]", "[queues]", "categories[0]"),
        ("developmentStatus: stable", "developmentStatus: ready", "developmentStatus"),
        ("standalone/web", "website", "softwareType"),
        ("  en:", "  en_GB:", "description.en_GB"),
        ("  en:", "  xxx:", "description.xxx"),
        ("features: [Numbers online, Waiting-room display]", "features: []", "description.en.features"),
        ("{license: MIT}", "{license: My own}", "legal.license"),
        ("type: internal", "type: sometimes", "maintenance.type"),
        ("type: internal", "type: contract", "maintenance.contractors"),
        ("  contacts: [{name: Pengelola Antrian (demo)}]", "", "maintenance.contacts"),
        ("localisationReady: true", "localisationReady: yes", "localisation.localisationReady"),
        ("availableLanguages: [id, en]", "availableLanguages: []", "localisation.availableLanguages"),
        ("platforms:", "releaseDate: 2026-02-30\nplatforms:", "releaseDate"),
        ("platforms:", "isBasedOn: [https://a.example/x, nowhere]\nplatforms:", "isBasedOn[1]"),
        ("platforms:", "logo: ../../etc/logo.png\nplatforms:", "logo"),
        ("platforms:", "logo: file:///logo.png\nplatforms:", "logo"),
        ("platforms:", "organisation: {uri: '1'}\nplatforms:", "organisation.uri"),
        ("platforms:", "supports: [{id: 'alias:spbe'}]\nplatforms:", "supports[0].id"),
        ("platforms:", "intendedAudience: {countries: [Indonesia]}\nplatforms:", "intendedAudience.countries[0]"),
        ("platforms:", "intendedAudience: {scope: [cities]}\nplatforms:", "intendedAudience.scope[0]"),
    ],
)
def test_a_wrong_value_is_refused_at_its_key(old, new, path):
    assert path in errors(changed(old, new))


@pytest.mark.parametrize(
    "line",
    [
        "isBasedOn: https://a.example/x", "releaseDate: 2026-02-28", "organisation: {uri: 'urn:x-kemendagri:32.73'}",
        "supports: [{id: 'alias:gdpr'}, {id: 'https://a.example/std'}]", "softwareVersion: 1.0", "usedBy:",
        "fundedBy: [{uri: 'https://a.example/'}]", "intendedAudience: {countries: [ID], scope: [local-authorities]}",
    ],
)  # fmt: skip
def test_what_the_standard_offers_is_taken(line):
    assert errors(changed("platforms:", f"{line}\nplatforms:")) == {}


def test_deprecated_keys_are_warned_of_and_taken():
    described, findings = parse(changed("legal: {license: MIT}", "legal: {license: MIT, repoOwner: Bandung}"))
    assert described is not None and [finding.level for finding in findings] == ["warning"]


def test_a_text_is_measured_as_a_reader_counts_it():
    for one in ("e\u0301", FAMILY, FLAG, "\U0001f44d\U0001f3fd", "\u1100\u1161\u11a8"):
        assert graphemes.count(one) == 1
    assert graphemes.count(FLAG * 2) == 2 and graphemes.count("a\r\nb") == 3
    short = "Citizens take a queue number on their phone."
    assert errors(changed(short, FAMILY * 150)) == {}
    assert "description.en.shortDescription" in errors(changed(short, FAMILY * 151))


@pytest.mark.parametrize(
    "text, words",
    [
        (b"", "empty"), (b"- a\n- b", "list of keys"), (b"a: [", "valid YAML"), (b"\xff\xfe", "UTF-8"),
        (b"a: 1\n---\nb: 2", "second YAML document"), (b"a: 1\na: 2", "twice"), (b"[" * 50 + b"]" * 50, "deeply"),
        (b"a: !!python/object:os.system x", "tag"), (b"a: " + b"x" * 300_000, "longer than"),
        (b"a: &a [*a]", "Aliases"), (b"? [a]\n: b", "plain text"), (b"\n".join([b"- 1"] * 30_000), "too many"),
    ],
)  # fmt: skip
def test_hostile_yaml_is_refused_before_it_is_built(text, words):
    assert words in errors(text)["publiccode.yml"]


def test_aliases_cannot_multiply():
    few_but_large = "a: &a [" + ", ".join(["x"] * 5000) + "]\nb: [" + ", ".join(["*a"] * 10) + "]"
    many = "a: &a x\nb: [" + ", ".join(["*a"] * 30) + "]"
    assert "too large" in errors(few_but_large.encode())["publiccode.yml"]
    assert "too many aliases" in errors(many.encode())["publiccode.yml"]


@given(st.binary(max_size=200))
def test_no_bytes_break_the_parser(text):
    described, findings = parse(text)
    assert described is None and findings


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), nested, max_leaves=10))
def test_no_shape_of_data_breaks_the_parser(value):
    for key in ROOT.keys:
        described, findings = parse(json.dumps({"name": "x", key: value}).encode())
        assert described is None and findings


@pytest.mark.parametrize("name", ['"a\\0b"', '"a\\x07b"', '"a\\uD800b"'])
def test_characters_that_cannot_be_stored_are_refused(name):
    assert errors(changed("name: Antrian", f"name: {name}"))


def collected(kind: str) -> list[Path]:
    return sorted((COLLECTION / kind).glob("*.yml"))


@pytest.mark.skipif(not COLLECTION.is_dir(), reason="PUBLICCODE_FILES names no folder with valid/ and invalid/ files")
def test_the_verdict_is_the_reference_parsers():
    wrong = [path.name for path in collected("valid") if parse(path.read_bytes())[0] is None]
    wrong += [path.name for path in collected("invalid") if parse(path.read_bytes())[0] and path.name not in ONLINE]
    assert collected("valid") and collected("invalid") and wrong == []
