"""The budget itself: ceilings, four eyes, freezing, the trail."""

import sqlite3

import pytest
from anggaran import ceilings, comparison, figures, items, lists, proposals, review, sums, trail, years
from anggaran.items import Wanted
from anggaran.rules import Kind, Refusal, Refused
from lumbung_plugin import transaction


def refused(db, call, *args) -> Refusal | None:
    """The refusal of an act in a transaction of its own; nothing stays of it."""
    try:
        with transaction(db):
            call(db, *args)
    except Refused as found:
        return found.refusal
    return None


def amount(db, item: int) -> tuple[int, str]:
    row = items.one(db, item)
    return row["amount"], row["state"]


def test_over_the_ceiling_nothing_is_submitted(db, people, version, offices, propose):
    with transaction(db):
        ceilings.settle(db, people["boss"], version, 3, None, 1_500)
        ceilings.settle(db, people["boss"], version, offices["Dinas Pendidikan"], 1, 1_500)
    propose(1_000)
    draft = propose(501, "0002", submit=False)
    assert refused(db, proposals.submit, people["author"], draft) is Refusal.OVER_CEILING
    assert amount(db, draft) == (501, "draft")
    assert propose(500, "0003")


def test_a_ceiling_of_a_programme_holds_for_all_offices(db, people, version, propose):
    with transaction(db):
        ceilings.settle(db, people["boss"], version, None, 1, 900)
    draft = propose(1_000, submit=False)
    assert refused(db, proposals.submit, people["author"], draft) is Refusal.OVER_CEILING


def test_what_is_struck_makes_room_and_may_not_come_back_over_the_ceiling(
    db, people, version, offices, propose, decide
):
    with transaction(db):
        ceilings.settle(db, people["boss"], version, offices["Dinas Pendidikan"], None, 1_000)
    struck = propose(1_000)
    decide(struck)
    propose(600, "0002")
    with transaction(db):
        review.propose(db, people["first"], struck, Kind.RESTORE, "Ternyata diperlukan.")
    waiting = review.waiting(db, struck)["id"]
    assert refused(db, review.confirm, people["second"], waiting) is Refusal.OVER_CEILING
    assert amount(db, struck) == (0, "struck")


def test_an_office_edits_until_it_submits(db, people, propose):
    item = propose()
    assert refused(db, proposals.delete, people["author"], item) is Refusal.NOT_DRAFT
    assert refused(db, proposals.withdraw, people["stranger"], item) is Refusal.OTHER_OFFICE
    assert refused(db, proposals.withdraw, people["author"], item) is None
    assert refused(db, proposals.delete, people["author"], item) is None
    assert items.one(db, item) is None


def test_an_office_asks_once_for_a_code(db, propose):
    propose()
    with pytest.raises(Refused) as found:
        propose(5)
    assert found.value.refusal is Refusal.CODE_TAKEN


@pytest.mark.parametrize(("who", "why"), [("author", Refusal.NOT_REVIEWER), ("colleague", Refusal.OWN_OFFICE)])
def test_who_may_not_review_decides_nothing(db, people, propose, who, why):
    item = propose()
    assert refused(db, review.propose, people[who], item, Kind.STRIKE, "Tidak perlu.", 1) is why
    assert refused(db, review.give_marks, people[who], item, {1: 5}) is why


def test_one_person_alone_strikes_nothing_out(db, people, propose):
    item = propose()
    assert refused(db, review.propose, people["first"], item, Kind.STRIKE, "Tidak perlu.", 1) is None
    waiting = review.waiting(db, item)["id"]
    assert amount(db, item) == (1_000, "submitted")
    assert refused(db, review.confirm, people["first"], waiting) is Refusal.SAME_PERSON
    assert refused(db, review.confirm, people["colleague"], waiting) is Refusal.OWN_OFFICE
    assert refused(db, review.propose, people["second"], item, Kind.STRIKE, "Saya juga.", 1) is Refusal.WAITING
    assert refused(db, proposals.withdraw, people["author"], item) is Refusal.WAITING
    assert refused(db, review.confirm, people["second"], waiting) is None
    assert amount(db, item) == (0, "struck")
    assert refused(db, review.confirm, people["second"], waiting) is Refusal.NOT_WAITING


def test_a_decision_not_confirmed_or_taken_back_changes_nothing(db, people, propose):
    item = propose()
    for settle, who in ((review.decline, "second"), (review.take_back, "first")):
        with transaction(db):
            review.propose(db, people["first"], item, Kind.REDUCE, "Terlalu mahal.", 1, 400)
        waiting = review.waiting(db, item)["id"]
        assert refused(db, review.take_back, people["second"], waiting) is Refusal.NOT_PROPOSER
        assert refused(db, settle, people[who], waiting) is None
        assert amount(db, item) == (1_000, "submitted")


def test_what_is_saved_is_told_by_office_and_by_reason(db, version, propose, decide):
    decide(propose(1_000), Kind.STRIKE, cause=1)
    decide(propose(800, "0002"), Kind.REDUCE, wanted=500, cause=2)
    restored = propose(600, "0003")
    decide(restored, Kind.STRIKE, cause=1)
    decide(restored, Kind.RESTORE, cause=None)
    propose(9_000, "0004", submit=False)
    total = sums.total(db, version)
    assert (total.asked, total.amount, total.saved, total.struck, total.cut) == (2_400, 1_100, 1_300, 1, 2)
    assert [(row["id"], row["saved"]) for row in sums.by_cause(db, version)] == [(1, 1_000), (2, 300)]
    assert [(part.name, part.saved) for part in sums.by_office(db, version)] == [("Dinas Pendidikan", 1_300)]
    assert [part.key for part in sums.by_field(db, version)] == ["1.01"]


def test_scores_follow_the_weights(db, people, propose):
    item = propose()
    with transaction(db):
        review.give_marks(db, people["first"], item, {1: 5, 2: 1})
        review.give_marks(db, people["second"], item, {1: 5, 2: 1})
    assert items.one(db, item)["score"] == 60
    with transaction(db):
        lists.save(db, people["boss"], "criterion", 1, {"name": "Manfaat", "name_en": "", "weight": 60, "active": True})
    assert items.one(db, item)["score"] == 75


def test_a_frozen_version_stays_as_it_was(db, people, version, propose):
    item = propose()
    with transaction(db):
        years.freeze(db, people["boss"], version)
    assert refused(db, proposals.withdraw, people["author"], item) is Refusal.FROZEN
    assert refused(db, review.propose, people["first"], item, Kind.STRIKE, "Tidak perlu.", 1) is Refusal.FROZEN
    assert refused(db, ceilings.settle, people["boss"], version, None, 1, 5) is Refusal.FROZEN
    for statement in ("UPDATE item SET amount = 1", "DELETE FROM item", "UPDATE version SET frozen_at = NULL"):
        with pytest.raises(sqlite3.IntegrityError, match="frozen"):
            db.execute(statement)
        db.rollback()


def test_nothing_freezes_while_a_decision_waits(db, people, version, propose):
    item = propose()
    with transaction(db):
        review.propose(db, people["first"], item, Kind.STRIKE, "Tidak perlu.", 1)
    assert refused(db, years.freeze, people["boss"], version) is Refusal.WAITING


def test_the_next_version_begins_with_what_stands(db, people, version, propose, decide):
    kept, struck = propose(1_000), propose(700, "0002")
    decide(kept, Kind.REDUCE, wanted=900)
    decide(struck)
    propose(5, "0003", submit=False)
    with transaction(db):
        ceilings.settle(db, people["boss"], version, None, 1, 2_000)
    assert refused(db, years.open_next, people["boss"], 1, "APBD") is Refusal.VERSION_OPEN
    with transaction(db):
        years.freeze(db, people["boss"], version)
        new = years.open_next(db, people["boss"], 1, "APBD")
    assert [(row["code"][-4:], row["asked"], row["amount"]) for row in items.everything(db, Wanted(new))] == [
        ("0001", 900, 900)
    ]
    assert [row["amount"] for row in ceilings.listing(db, new)] == [2_000]
    assert refused(db, years.open_year, people["boss"], 2027, "RKPD") is Refusal.YEAR_TAKEN


def test_two_versions_are_compared_by_office_and_code(db, people, version, propose, decide, offices):
    same, lowered, gone = propose(100), propose(200, "0002"), propose(300, "0003")
    with transaction(db):
        years.freeze(db, people["boss"], version)
        new = years.open_next(db, people["boss"], 1, "APBD")
    rows = {row["code"][-4:]: row["id"] for row in items.everything(db, Wanted(new))}
    decide(rows["0002"], Kind.REDUCE, wanted=150)
    decide(rows["0003"])
    assert same and lowered and gone
    values = ("1.01.02.2.01.0009", "Baru", 40, 40)
    db.execute(
        "INSERT INTO item (version_id, office_id, programme_id, activity_id, code, name, asked, amount, state,"
        " changed_at) VALUES (?, ?, 1, 1, ?, ?, ?, ?, 'submitted', '')", (new, offices["Dinas Pendidikan"], *values),
    )  # fmt: skip
    db.commit()
    wanted = comparison.Wanted(version, new)
    comparison.prepare(db, wanted)
    assert comparison.summary(db) == {"added": (1, 40), "lowered": (1, -50), "removed": (1, -300)}
    found, _, after = comparison.page(db, wanted)
    assert [(row["change"], row["difference"]) for row in found] == [("removed", -300), ("lowered", -50), ("added", 40)]
    assert after is None
    assert [(row["less"], row["more"]) for row in comparison.by_office(db)] == [(350, 40)]


def test_pages_of_a_list_meet_without_gap_or_overlap(db, version, propose):
    for number in range(60):
        propose(1_000 + number % 7, f"{number:04d}")
    for order in items.Order:
        wanted, seen, after = Wanted(version, order=order), [], None
        while True:
            page = items.page(db, wanted, after=after)
            seen += [row["id"] for row in page.rows]
            if page.after is None:
                break
            after = page.after
        assert sorted(seen) == sorted(set(seen)) and len(seen) == 60
        assert items.page(db, wanted, before=seen[50]).rows[-1]["id"] == seen[49]


@pytest.mark.parametrize("words", ["meja", "GUNTUNG", "1.01.02", "meja guntung"])
def test_a_search_finds_words_places_and_codes(db, version, propose, words):
    propose()
    assert items.total(db, Wanted(version, words))["n"] == 1


@pytest.mark.parametrize("words", ["%", "_", "\\", "'; DROP TABLE item; --", "meja kanaan"])
def test_a_search_takes_signs_as_they_are(db, version, propose, words):
    propose()
    assert items.total(db, Wanted(version, words))["n"] == 0


def test_the_trail_tells_who_changed_what_and_cannot_be_altered(db, version, propose, decide):
    item = propose()
    decide(item)
    acts = [(row["act"], row["actor_name"], row["before"], row["after"]) for row in trail.of_item(db, item)]
    assert acts[0] == ("created", "Operator (demo)", None, 1_000)
    assert acts[-1] == ("struck", "Penelaah 2 (demo)", 1_000, 0)
    assert {row["act"] for row in trail.of_item(db, item, public=True)} == {"submitted", "struck"}
    for statement in ("UPDATE event SET actor_name = 'x'", "DELETE FROM event"):
        with pytest.raises(sqlite3.IntegrityError, match="only added to"):
            db.execute(statement)
        db.rollback()


def test_the_figures_count_the_year_once(db, people, version, propose, decide):
    decide(propose(1_000))
    propose(500, "0002")
    with transaction(db):
        years.freeze(db, people["boss"], version)
        years.open_next(db, people["boss"], 1, "APBD")
    told = {figure.name: figure.value for figure in figures.figures(db)}
    assert (told["anggaran.pagu"], told["anggaran.dihemat"], told["anggaran.dicoret"]) == (500, 1_000, 1)
    assert all(figure.label_id and figure.label_en and len(figure.unit) <= 20 for figure in figures.figures(db))
