"""What a signature is worth: a table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from registry.forge.signatures.rules import Holder, Seal, mark

DAY = datetime(2026, 11, 20, tzinfo=UTC)
PUSHES, ELSEWHERE = Holder("Dinas", None, True), Holder("Dinas", None, False)
GONE = Holder("Dinas", DAY, True)
EARLIER, LATER = DAY - timedelta(days=1), DAY + timedelta(days=1)


@pytest.mark.parametrize(("state", "holder", "worth"), [
    ("good", PUSHES, "verified"), ("good", ELSEWHERE, "known"), ("good", None, "unknown"), ("good", GONE, "revoked"),
    ("bad", PUSHES, "bad"), ("bad", None, "bad"), ("unsigned", None, "unsigned"), ("unchecked", PUSHES, "unchecked"),
    ("expired", PUSHES, "expired"), ("revoked", PUSHES, "revoked"), ("unknown", PUSHES, "unknown"),
])  # fmt: skip
def test_each_signature_has_one_state(state: str, holder: Holder | None, worth: str) -> None:
    assert mark(Seal(state, "ssh", "SHA256:x", DAY), holder).state == worth


def test_nobody_is_named_by_a_signature_that_does_not_hold() -> None:
    assert mark(Seal("bad", "ssh", "SHA256:x", DAY), PUSHES).person == ""


@pytest.mark.parametrize(("made", "before"), [(EARLIER, True), (LATER, False), (None, False)])
def test_a_revoked_key_tells_which_side_of_the_day_a_commit_says_it_is(made: datetime | None, before: bool) -> None:
    found = mark(Seal("good", "ssh", "SHA256:x", made), GONE)
    assert (found.state, found.before, found.revoked_at) == ("revoked", before, DAY)
