"""Addresses are built as by Werkzeug's own rules, only later."""

from __future__ import annotations

import pytest
from werkzeug.routing import BuildError, Map, Rule

from registry.core.routing import LateRule

ADDRESSES = {"/apps/<slug>/": "app", "/jobs/<int:number>": "job", "/rule/<self>": "odd"}


def addresses(kind: type[Rule]) -> list[str]:
    rules = [kind(text, endpoint=name) for text, name in ADDRESSES.items()]
    rules += [kind("/page/", endpoint="page", defaults={"page": 1}), kind("/page/<int:page>", endpoint="page")]
    known = Map(rules).bind("lumbung.example")
    assert known.match("/jobs/7") == ("job", {"number": 7})
    with pytest.raises(BuildError):
        known.build("job", {})
    asked = [
        ("app", {"slug": "lapor dan é", "q": "jalan rusak"}), ("job", {"number": 7}), ("odd", {"self": "x"}),
        ("page", {"page": 1}), ("page", {"page": 2}),
    ]  # fmt: skip
    return [known.build(name, values) for name, values in asked * 2]


def test_they_are_the_same():
    assert addresses(LateRule) == addresses(Rule)
