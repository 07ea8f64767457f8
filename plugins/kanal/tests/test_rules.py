from datetime import UTC, date, datetime, timedelta

import pytest
from kanal import incoming, platforms, rules, signing
from kanal.rules import Due, State

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(("platform", "text", "handle"), [
    ("x", "@Diskominfo_BTG ", "diskominfo_btg"), ("x", "https://twitter.com/Diskominfo", "diskominfo"),
    ("instagram", "https://www.instagram.com/humas.btg/?hl=id", "humas.btg"),
    ("instagram", "instagram.com/humas", "humas"), ("tiktok", "https://www.tiktok.com/@dlh", "dlh"),
    ("x", "https://instagram.com/humas", None), ("x", "a" * 16, None), ("x", "nama dengan spasi", None),
    ("x", "", None),
    ("x", "https://x.com.evil.example/diskominfo", None), ("x", "https://x.com@evil.example/diskominfo", None),
    ("x", "javascript:alert(1)//x.com/a", None), ("gopher", "nama", None), ("x", "https://[", None),
])  # fmt: skip
def test_a_handle_has_one_spelling(platform: str, text: str, handle: str | None) -> None:
    assert platforms.handle(platform, text) == handle


@pytest.mark.parametrize("text", [
    "javascript:alert(1)", "data:text/html,x", "//x.com/a", "x.com/a", "https://user:pass@x.com", "https:// x.com",
    "https://x.com/\"><script>", "https://x.com/" + "a" * 600, "http://", "",
])  # fmt: skip
def test_what_is_no_web_address_is_no_link(text: str) -> None:
    assert platforms.web_address(text) is None


def test_a_check_is_due_after_its_days() -> None:
    assert rules.due(None, TODAY, 90) is Due.NEVER
    assert rules.due(TODAY - timedelta(days=91), TODAY, 90) is Due.LATE
    assert rules.due(TODAY - timedelta(days=80), TODAY, 90) is Due.SOON
    assert rules.due(TODAY, TODAY, 90) is Due.FINE


def test_a_report_stays_a_report() -> None:
    assert not any(rules.may(State.REPORTED, one) for one in State)
    assert rules.may(State.SPAM, State.NEW) and not rules.may(State.SPAM, State.SENDING)


def test_tries_become_rarer_and_end() -> None:
    waits = [rules.next_try(tries, NOW) for tries in (1, 2, 20, rules.MOST_TRIES)]
    assert waits == [NOW + timedelta(minutes=2), NOW + timedelta(minutes=4), NOW + timedelta(hours=6), None]


def test_speed_is_the_median_and_the_share_in_time() -> None:
    found = rules.speed([timedelta(hours=one) for one in (1, 2, 30)], 24)
    assert (found.responded, found.hours, found.share) == (3, 2.0, 67)
    assert rules.speed([], 24) == rules.Speed(0, None, 0) and rules.speed([], 24).share is None


BODY, STAMP, SECRET = b'{"mentions": []}', str(int(NOW.timestamp())), "k" * 32


def test_a_signature_is_believed_within_five_minutes() -> None:
    good = signing.sign(SECRET, STAMP, BODY)
    assert signing.check(SECRET, STAMP, good, BODY, NOW) is None
    assert signing.check(SECRET, STAMP, good, BODY, NOW + timedelta(minutes=6)) is signing.Refusal.STALE
    assert signing.check(SECRET, STAMP, good, BODY, NOW - timedelta(minutes=6)) is signing.Refusal.STALE


@pytest.mark.parametrize(("secret", "stamp", "signature", "refusal"), [
    ("", STAMP, signing.sign("", STAMP, BODY), signing.Refusal.CLOSED),
    ("k" * 31, STAMP, signing.sign("k" * 31, STAMP, BODY), signing.Refusal.CLOSED),
    (SECRET, STAMP, signing.sign("j" * 32, STAMP, BODY), signing.Refusal.FORGED),
    (SECRET, STAMP, signing.sign(SECRET, STAMP, BODY + b" "), signing.Refusal.FORGED),
    (SECRET, STAMP, "sha256=é", signing.Refusal.FORGED), (SECRET, STAMP, "", signing.Refusal.FORGED),
    (SECRET, "", "", signing.Refusal.STALE), (SECRET, "-1", "", signing.Refusal.STALE),
    (SECRET, "1e9", "", signing.Refusal.STALE), (SECRET, "9" * 4000, "", signing.Refusal.STALE),
])  # fmt: skip
def test_what_is_not_signed_rightly_is_refused(secret, stamp, signature, refusal) -> None:
    assert signing.check(secret, stamp, signature, BODY, NOW) is refusal


@pytest.mark.parametrize("wrong", [
    {"platform": "gopher"}, {"platform": None}, {"id": ""}, {"id": "x" * 101}, {"id": ["a"]}, {"id": True},
    {"text": ""},
    {"text": "x" * 2001}, {"text": {"a": 1}}, {"url": "javascript:alert(1)"}, {"url": None}, {"at": "kemarin"},
    {"at": None}, {"at": 5}, {"at": "2030-01-01T00:00:00Z"}, {"at": "1999-01-01T00:00:00Z"},
    {"at": "0001-01-01T00:00:00+14:00"},
])  # fmt: skip
def test_a_mention_with_something_wrong_says_what(app, mention, wrong) -> None:
    with app.test_request_context("/?lang=en"):
        told = incoming.read(mention() | wrong, datetime.now(UTC))
    assert isinstance(told, str) and told.split(":")[0] in wrong


def test_control_signs_are_left_out(app, mention) -> None:
    with app.test_request_context("/?lang=en"):
        told = incoming.read(mention(text="Lampu\u202emati\x00\nsini", id=17), datetime.now(UTC))
    assert isinstance(told, incoming.Mention) and told.text == "Lampumati\nsini" and told.external == "17"
