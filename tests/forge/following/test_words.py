"""Everything that can happen has words, in both languages."""

from __future__ import annotations

import pytest
from flask_babel import force_locale

from registry.forge.following import conflicts, news_words, rules, words
from registry.forge.following.comparing import Point

WAYS = (rules.CURRENT, rules.FORWARD, rules.RENEW, rules.MERGE, rules.CONFLICTS, rules.UNRELATED)
KINDS = (conflicts.TEXT, conflicts.ADDED, conflicts.GONE_HERE, conflicts.GONE_THERE, conflicts.RENAMED, conflicts.PLACE,
         conflicts.BINARY, conflicts.MODE, conflicts.SORT)  # fmt: skip
POINTS = (
    "features-new features-gone config-required config-new config-gone egress-new egress-gone mail-new uses-new "
    "uses-gone provides-new provides-gone staff-gone tasks-new tasks-gone store runtime limits libraries rating"
)


@pytest.fixture(params=["id", "en"])
def told(app, request):
    """Both languages, in turn."""
    with app.test_request_context(), force_locale(request.param):
        yield request.param


def test_every_way_to_sync_is_told(told):
    assert len({words.way_title(way) + words.way_text(way) for way in WAYS}) == len(WAYS)


def test_every_kind_of_conflict_is_told_to_somebody_who_does_not_program(told):
    assert len({words.conflict_title(kind) + words.conflict_text(kind) for kind in KINDS}) == len(KINDS)


def test_every_difference_is_told(told):
    points = [Point(code, ("A", "C")) for code in POINTS.split()]
    assert len({news_words.title(point) for point in points}) == len(points)
    assert all(news_words.names(point) for point in points)
