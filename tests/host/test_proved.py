"""What is believed of a run of tests: counts of one piece, the shim's own word, and never too much of anything."""

from __future__ import annotations

import json

import pytest

from registry.host.proved import KEPT_BYTES, MAX_FAILURES, Heard, Told, judge
from registry.host.shim import SIGN
from registry.host.shim.proving import MAX_LINE, Tally

SECRET = "s" * 32
NONE = {"passed": 0, "failed": 0, "skipped": 0, "errors": 0}


def heard(end: int | None = 0, code: int = 0, **counts: int) -> Heard:
    found = Heard(SECRET)
    found.told = Told(NONE | counts, end, code)
    return found


@pytest.mark.parametrize(
    ("found", "state", "reason"),
    [
        (heard(passed=3), "passed", ""),
        (heard(passed=3, skipped=1), "passed", ""),
        (heard(1, 1, passed=3, failed=1), "failed", ""),
        (heard(2, 2, errors=1), "failed", ""),
        (heard(None, 0, failed=1), "failed", ""),
        (heard(0, 0, failed=1), "failed", ""),
        (heard(None, 0, passed=3), "broken", "cut"),
        (heard(0, 1, passed=3), "broken", "cut"),
        (heard(0, -9, passed=3), "broken", "cut"),
        (heard(2, 2, passed=3), "broken", "cut"),
        (heard(5, 5), "broken", "none"),
        (heard(0, 0), "broken", "none"),
        (heard(0, 0, skipped=2), "broken", "skipped"),
        (heard(4, 4), "broken", "usage"),
        (heard(None, 4), "broken", "usage"),
        (heard(3, 3, passed=2), "broken", "usage"),
        (Heard(SECRET), "broken", "silent"),
    ],
)
def test_only_a_run_of_one_piece_has_passed(found: Heard, state: str, reason: str) -> None:
    assert (judge(found).state, judge(found).reason) == (state, reason)


def test_memory_is_named_where_it_may_have_been_the_reason() -> None:
    assert judge(Heard(SECRET), memory=True).reason == "memory"
    assert judge(heard(None, -9, passed=1), memory=True).reason == "memory"
    assert judge(heard(passed=1), memory=True).state == "passed"


def word(secret: str = SECRET, **told: object) -> bytes:
    return f"\n{SIGN}proved {secret} {json.dumps({**NONE, 'end': 0, 'exit': 0, **told})}\n".encode()


def test_the_word_is_taken_whole_however_it_arrives() -> None:
    found = Heard(SECRET)
    for byte in b"half a line" + word(passed=2):
        found.feed(bytes([byte]))
    found.close()
    assert found.told == Told(NONE | {"passed": 2}, 0, 0)
    assert found.log == "half a line"


@pytest.mark.parametrize(
    "line",
    [
        word("0" * 32, passed=9),
        word(passed="many"),
        word(passed=None),
        f"\n{SIGN}proved {SECRET} [1]\n".encode(),
        f"\n{SIGN}proved {SECRET} {'[' * 3000}\n".encode(),
        b"x" + word(passed=9)[1:],
    ],
)
def test_what_is_not_the_shims_word_tells_nothing(line: bytes) -> None:
    found = Heard(SECRET)
    found.feed(line)
    assert found.told is None


def test_what_was_printed_is_kept_small_and_harmless() -> None:
    found = Heard(SECRET)
    for _ in range(2000):
        found.feed(b"\x1b[31m warga@example.org \xff" + b"x" * 5000 + b"\n")
    found.feed(b"y" * 1_000_000)
    found.close()
    assert len(found.log) <= KEPT_BYTES
    assert "\x1b" not in found.log and "warga@" not in found.log and "[surel]" in found.log


def test_the_names_of_failures_are_bounded() -> None:
    found = Heard(SECRET)
    for number in range(100):
        found.feed(f'\n{SIGN}proved {SECRET} {{"failure": "{number}{"n" * 900}\\u202e"}}\n'.encode())
    assert len(found.failures) == MAX_FAILURES and max(map(len, found.failures)) <= 220


def test_the_shim_counts_only_lines_it_understands() -> None:
    tally = Tally()
    for line in (b'{"outcome": "passed", "name": "a"}', b"nonsense", b'{"outcome": "great"}', b"[1]", b'"passed"',
                 b'{"outcome": "end", "exit": "0"}', b"{" * 5000):  # fmt: skip
        tally.hear(line + b"\n")
    assert (tally.counts["passed"], sum(tally.counts.values()), tally.end) == (1, 1, None)
    tally.hear(b"x" * 10 * MAX_LINE)
    tally.hear(b'\n{"outcome": "end", "exit": 0}\n')
    assert tally.end == 0
