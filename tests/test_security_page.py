"""docs/security.md names a test for each promise: none of them may have gone."""

from __future__ import annotations

import re

from registry.config import REPOSITORY


def test_each_attack_of_the_list_is_there_once_with_its_tests():
    page = (REPOSITORY / "docs" / "security.md").read_text()
    rows = re.findall(r"^\| (\d+) [^|]+ \| (.+) \|$", page.partition("## The list")[2], re.MULTILINE)
    assert [int(number) for number, _shown in rows] == list(range(1, 69))
    assert [number for number, shown in rows if "`tests/" not in shown] == []


def test_every_test_that_the_page_names_is_there():
    page = (REPOSITORY / "docs" / "security.md").read_text()
    named = re.findall(r"`((?:sdk/|plugins/\w+/)?tests/[\w/]+\.py)(?:::(\w+))?`", page)
    assert len(named) > 60
    for file, name in named:
        assert f"def {name}(" in (REPOSITORY / file).read_text() if name else (REPOSITORY / file).exists(), (file, name)
