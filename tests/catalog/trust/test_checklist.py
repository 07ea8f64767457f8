"""What a release should have: each point says what is wrong and what to do; some hold a release up, some only warn."""

from __future__ import annotations

import pytest
from flask_babel import force_locale

from registry.catalog.inspection.inspect import inspect
from registry.catalog.trust import checklist, situation
from registry.catalog.trust.checklist import MISSING, OK, WARN, Check
from registry.catalog.trust.proved import Result
from registry.hosting.plain import ProvingState
from tests.catalog.conftest import MemoryTree, good_files

BANDUNG = situation.Own("Kota Bandung", "bandung", "32.73")


def ready(**changed: bytes) -> dict[str, bytes]:
    """A bundle that wants nothing, but for ``changed`` (names without dots and slashes stand for papers)."""
    files = good_files()
    described = files["publiccode.yml"].replace(b"platforms:", b'softwareVersion: "1.2.0"\nplatforms:')
    pictures = b"    features: [Nomor daring, Layar ruang tunggu]\n    screenshots: [docs/a.png]\n"
    described = described.replace(b"    features: [Nomor daring, Layar ruang tunggu]\n", pictures)
    files |= {
        "publiccode.yml": described,
        "docs/a.png": b"\x89PNG",
        "LICENSE": b"MIT License. " * 60,
        "README.md": b"# Antrian\n\n## For administrators\n\n## For operators\n",
        "CHANGELOG.md": b"# Changelog\n\n## 1.2.0\n\n- Numbers are called aloud.\n",
        "tests/test_a.py": b"def test_a():\n    assert True\n",
    }
    return files | changed


PASSED = Result(1, ProvingState.PASSED, passed=158, seconds=12.4)
FAILED = Result(2, ProvingState.FAILED, passed=157, failed=1, failures=("tests/test_a.py::test_a",))


def checked(files: dict[str, bytes], proved: Result | None = PASSED, demanded: bool = False) -> dict[str, Check]:
    tree = MemoryTree(files)
    points = checklist.check(inspect(tree), situation.places(tree, BANDUNG), proved, demanded)
    return {one.code: one for one in points}


def test_a_bundle_with_everything_may_be_released_without_a_word(context):
    found = checked(ready())
    assert {one.state for one in found.values()} == {OK}, found
    assert checklist.may_release(tuple(found.values()))


@pytest.mark.parametrize(
    ("path", "content", "code", "state"),
    [
        ("CHANGELOG.md", b"# Changelog\n\n## 1.1.0\n\n- Before.\n", "changelog", MISSING),
        ("CHANGELOG.md", b"# Changelog\n\n## 1.2.0\n\n## 1.1.0\n\n- Before.\n", "changelog", MISSING),
        ("CHANGELOG.md", b"# Changelog\n\n## 11.2.0\n\n- Another.\n", "changelog", MISSING),
        ("CHANGELOG.md", b"", "changelog", MISSING),
        ("README.md", b"# Antrian\n", "documentation", WARN),
        ("README.md", b"", "documentation", WARN),
        ("tests/test_a.py", b"", "tests", WARN),
        ("LICENSE", b"MIT\n", "licence", WARN),
        ("key.pem", b"-----BEGIN PRIVATE KEY-----\n", "secrets", MISSING),
        (".env", b"A=1\n", "secrets", MISSING),
    ],
)
def test_each_point_says_what_to_do(context, path, content, code, state):
    found = checked(ready(**{path: content}))
    assert [one for one in found if found[one].state != OK] == [code]
    assert (found[code].state, bool(found[code].why), bool(found[code].todo)) == (state, True, True)
    assert checklist.may_release(tuple(found.values())) == (state == WARN)


def test_without_pictures_it_is_warned(context):
    files = ready()
    files["publiccode.yml"] = files["publiccode.yml"].replace(b"    screenshots: [docs/a.png]\n", b"")
    assert checked(files)["screenshots"].state == WARN


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("antrian/pages.py", b'TITLE = "Layanan Kota Bandung"'),
        ("antrian/pages.py", b'TITLE = "LAYANAN BANDUNG"'),
        ("antrian/templates/a.html", b"<h1>Antrian Bandung</h1>"),
        ("antrian/templates/mail.txt", b"Salam dari kota bandung"),
        ("antrian/static/a.js", b'fetch("https://api.bandung.go.id/")'),
        ("antrian/pages.py", b'CITY = "bandung"'),
        ("antrian/pages.py", b"CITY = '32.73'"),
    ],
)
def test_the_publishers_city_in_code_or_pages_is_named_with_file_and_line(context, path, line):
    found = checked(ready(**{path: b"\n\n" + line + b"\n"}))["situation"]
    assert (found.state, [(one.path, one.line) for one in found.places]) == (WARN, [(path, 3)])


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("README.md", b"# A\n## Administrators\n## Operators\nMade by Kota Bandung"),
        ("tests/test_b.py", b'def test_b():\n    assert "Kota Bandung"'),
        ("antrian/demo_texts.py", b'CITIES = ["Kota Bandung"]'),
        ("antrian/pages.py", b"RATIO = 132.73 + 32.735"),
        ("antrian/pages.py", b'WORD = "bandungan"'),
        ("antrian/data.bin", b"Kota Bandung"),
    ],
)
def test_papers_tests_and_likenesses_are_no_city_in_code(context, path, line):
    assert checked(ready(**{path: line}))["situation"].state == OK


def test_a_short_name_that_is_a_common_word_is_not_the_city(context):
    batu = situation.Own("Kota Batu", "batu", "35.79")
    tree = MemoryTree(ready(**{"antrian/pages.py": b"# seperti batu di jalan, dan sebuah batu lagi\n"}))
    assert situation.places(tree, batu) == ()


def test_a_name_of_special_letters_is_no_pattern(context):
    assert situation.places(MemoryTree(ready()), situation.Own("(Kota [a-z]+ .*", ".*", "....")) == ()


def test_what_is_missing_is_told_as_errors_with_a_place(context):
    checks = tuple(checked(ready(**{"CHANGELOG.md": b"", "README.md": b""})).values())
    told = {finding.path: finding.level for finding in checklist.findings(checks)}
    assert told == {"CHANGELOG.md": "error", "README.md": "warning"}


def test_nothing_readable_at_all_is_judged_too(context):
    assert checked({})["changelog"].state == MISSING


@pytest.mark.parametrize(
    ("proved", "demanded", "state"),
    [
        (PASSED, True, OK),
        (FAILED, True, MISSING),
        (FAILED, False, MISSING),
        (None, True, MISSING),
        (None, False, WARN),
        (Result(3, ProvingState.RUNNING), True, MISSING),
        (Result(3, ProvingState.WANTED), False, WARN),
        (Result(4, ProvingState.BROKEN, reason="slow", detail="300"), True, MISSING),
        (Result(4, ProvingState.BROKEN, reason="slow", detail="300"), False, WARN),
    ],
)
def test_tests_that_failed_hold_up_everybody_those_not_run_only_who_can_run_them(context, proved, demanded, state):
    found = checked(ready(), proved, demanded)
    assert found["tests"].state == state
    assert checklist.awaits_tests(tuple(found.values())) == (state == MISSING)


def test_only_its_tests_are_awaited_when_nothing_else_is_missing(context):
    found = checked(ready(**{"CHANGELOG.md": b""}), None, demanded=True)
    assert not checklist.awaits_tests(tuple(found.values())) and not checklist.may_release(tuple(found.values()))


def test_a_bundle_without_tests_is_warned_whatever_is_demanded(context):
    assert checked(ready(**{"tests/test_a.py": b""}), None, demanded=True)["tests"].state == WARN


def test_failing_tests_are_named_by_their_places_and_counted_as_their_own_word(context):
    with force_locale("en"):
        good, bad = checked(ready())["tests"], checked(ready(), FAILED)["tests"]
    assert [(one.path, one.what) for one in bad.places] == [("tests/test_a.py", "test_a")]
    assert bad.why == "Its own tests say: 1 failed, 157 passed."
    assert good.why == "Its own tests say: 158 passed in 12 s, none failed."
