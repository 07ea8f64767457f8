import json
from datetime import UTC, datetime

import pytest

from registry.core.chains import BrokenChainError, tied
from registry.tenants.auditing import chain
from registry.tenants.auditing.chain import EMPTY, Head

MOMENT = datetime(2026, 6, 14, 3, 0, tzinfo=UTC)


def exported(*subjects: str) -> list[str]:
    lines, before = [], EMPTY.chain
    for number, subject in enumerate(subjects, 1):
        facts = {"id": number, "tenant": 3, "at": MOMENT, "actor_id": 1, "actor": "Admin", "action": "deployment.on",
                 "subject": subject, "detail": {"b": 1, "a": [True, None, 0.5]}, "request_id": ""}  # fmt: skip
        body = chain.body(number, facts)
        before = tied(before, body)
        lines.append(chain.line(body, before))
    return lines


def changed(line: str, **facts: object) -> str:
    return json.dumps({**json.loads(line), **facts})


def test_a_whole_log_holds_however_its_lines_are_written():
    lines = exported("lapor", "antrian", "ängström “x”")
    assert chain.whole(lines) == chain.whole([changed(line) for line in lines])
    assert chain.whole(lines).number == 3


@pytest.mark.parametrize(
    "facts", [{"subject": "antrian"}, {"actor": "Somebody"}, {"detail": {}}, {"at": "2026-06-15T03:00:00+00:00"}]
)
def test_a_changed_line_is_found(facts):
    lines = exported("lapor", "lapor", "lapor")
    with pytest.raises(BrokenChainError, match="line 2"):
        chain.whole([lines[0], changed(lines[1], **facts), lines[2]])


def test_a_line_taken_out_is_found():
    lines = exported("a", "b", "c")
    with pytest.raises(BrokenChainError, match="line 2 is missing"):
        chain.whole([lines[0], lines[2]])


def test_lines_cut_off_at_the_end_are_found_with_a_copy_one_kept():
    lines = exported("a", "b", "c")
    kept = chain.whole(lines)
    assert chain.grown(kept, exported("a", "b", "c", "d")).number == 4
    with pytest.raises(BrokenChainError, match="ends at line 2; line 3 was kept"):
        chain.grown(kept, lines[:2])


def test_a_log_written_anew_is_found_with_a_copy_one_kept():
    kept = chain.whole(exported("a", "b"))
    with pytest.raises(BrokenChainError, match="not the one that was kept"):
        chain.grown(kept, exported("a", "x", "c"))


@pytest.mark.parametrize("line", ["", "{", "[]", '"x"', "x" * (chain.MAX_LINE + 1), '{"number": 1}'])
def test_what_is_no_log_is_refused(line):
    with pytest.raises(BrokenChainError, match="line 1"):
        chain.whole([line])


def test_an_empty_log_is_whole():
    assert chain.whole([]) == Head(0, EMPTY.chain)
