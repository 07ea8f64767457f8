"""What is kept for everybody: only words that both sides agreed to, and only as long as both do."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from registry.catalog.assistance.models import AssistanceVersion
from registry.core import scope
from registry.core.db import db
from tests.catalog.assistance.conftest import say

OURS, THEIRS = "/console/bontang/assistance/{}/answer", "/programme/assistance/{}/answer"
WORDS = {"question": "Why do photos not arrive?", "answer": "The limit is too low: raise it to 8 MB.", "version": 0}
PUBLIC = "/apps/lapor/answers?lang=en"


@pytest.fixture
def answered(maintainer, number) -> int:
    assert say(maintainer, f"/programme/assistance/{number}", "Raise the limit.", 1).status_code == 303
    return number


def agree(client, where: str, number: int, version: int, **more: object):
    return client.post(f"{where.format(number)}/agree?lang=en", data={"version": version, **more})


def test_both_agree_before_anybody_reads_it(app, city, maintainer, answered):
    assert maintainer.post(THEIRS.format(answered), data=WORDS).status_code == 303
    assert WORDS["answer"] not in app.test_client().get(PUBLIC).text
    assert WORDS["answer"] in city.get(OURS.format(answered)).text
    agree(city, OURS, answered, 1)
    shown = app.test_client().get(PUBLIC).text
    assert WORDS["question"] in shown and WORDS["answer"] in shown and "Bontang" not in shown
    assert WORDS["answer"] in app.test_client().get("/apps/lapor?lang=en").text
    told = app.test_client().get("/api/v1/apps/lapor/answers?q=photos+limit").json["items"]
    assert [one["city"] for one in told] == [None] and told[0]["version"] == 1


def test_who_proposes_cannot_agree_for_the_other_side(app, maintainer, answered):
    maintainer.post(THEIRS.format(answered), data=WORDS)
    agree(maintainer, THEIRS, answered, 1)
    assert WORDS["answer"] not in app.test_client().get(PUBLIC).text


def test_an_edit_takes_the_others_agreement_back_and_what_stands_stays_meanwhile(app, city, maintainer, answered):
    maintainer.post(THEIRS.format(answered), data=WORDS)
    agree(city, OURS, answered, 1)
    other = {**WORDS, "answer": "Raise it to 16 MB in the settings.", "version": 1}
    assert city.post(OURS.format(answered), data=other).status_code == 303
    shown = app.test_client().get(PUBLIC).text
    assert WORDS["answer"] in shown and other["answer"] not in shown
    agree(maintainer, THEIRS, answered, 2)
    assert other["answer"] in app.test_client().get(PUBLIC).text
    with app.app_context():
        scope.enter_programme()
        kept = db.session.scalars(select(AssistanceVersion).order_by(AssistanceVersion.version)).all()
        assert [one.answer for one in kept] == [WORDS["answer"], other["answer"]], "the exact words of each version"


def test_nobody_agrees_to_words_that_were_changed_meanwhile(app, city, maintainer, answered):
    maintainer.post(THEIRS.format(answered), data=WORDS)
    maintainer.post(THEIRS.format(answered), data={**WORDS, "answer": "Something quite different.", "version": 1})
    agree(city, OURS, answered, 1)
    assert "different" not in app.test_client().get(PUBLIC).text
    late = city.post(f"{OURS.format(answered)}?lang=en", data={**WORDS, "version": 1})
    assert late.status_code == 409 and "Something quite different." in late.text and WORDS["answer"] in late.text


@pytest.mark.parametrize("side", ["city", "maintainer"])
def test_either_side_takes_it_back_at_any_time(app, city, maintainer, answered, side):
    maintainer.post(THEIRS.format(answered), data=WORDS)
    agree(city, OURS, answered, 1)
    who, where = (city, OURS) if side == "city" else (maintainer, THEIRS)
    assert who.post(f"{where.format(answered)}/withdraw").status_code == 303
    assert WORDS["answer"] not in app.test_client().get(PUBLIC).text
    assert WORDS["answer"] in city.get(OURS.format(answered)).text, "both sides keep what they agreed to"


def test_the_city_is_named_only_when_it_wishes(app, city, maintainer, answered):
    maintainer.post(THEIRS.format(answered), data={**WORDS, "named": "1"})
    agree(city, OURS, answered, 1)
    assert "Kota Bontang" not in app.test_client().get(PUBLIC).text
    city.post(OURS.format(answered), data={**WORDS, "named": "1", "version": 1})
    agree(maintainer, THEIRS, answered, 2)
    assert "Kota Bontang" in app.test_client().get(PUBLIC).text


@pytest.mark.parametrize(
    "answer",
    ["Ask maintainer bandung (demo) to do it.", "Write to a@b.go.id about it.", "In Bontang it was the limit.",
     "Call 0812 3456 7890 for it."],
)  # fmt: skip
def test_names_addresses_and_numbers_are_refused(maintainer, answered, answer):
    given = maintainer.post(f"{THEIRS.format(answered)}?lang=en", data={**WORDS, "answer": answer})
    assert given.status_code == 422 and "Everybody reads this" in given.text


def test_before_an_answer_there_is_nothing_to_keep(city, number):
    assert city.post(OURS.format(number), data=WORDS).status_code == 409


def test_words_are_found_by_all_the_words_searched(app, city, maintainer, answered):
    maintainer.post(THEIRS.format(answered), data=WORDS)
    agree(city, OURS, answered, 1)
    for query, found in {"photos limit": True, "PHOTOS": True, "photos queue": False, "%": False}.items():
        page = app.test_client().get("/apps/lapor/answers", query_string={"q": query}).text
        assert (WORDS["answer"] in page) == found, query
