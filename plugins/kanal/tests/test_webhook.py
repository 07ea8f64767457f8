"""The one public path that takes something in without a form."""

from datetime import timedelta

import pytest
from kanal.views.webhook import MOST_BYTES, MOST_MENTIONS, PER_MINUTE
from lumbung_plugin import clock


def kept(db) -> int:
    return db.execute("SELECT count(*) FROM mention").fetchone()[0]


def test_a_signed_delivery_is_taken_and_finds_its_office(deliver, mention, db) -> None:
    answer = deliver(mention())
    assert (answer.status_code, answer.json) == (202, {"taken": 1, "known": 0, "refused": []})
    row = db.execute("SELECT * FROM mention").fetchone()
    assert (row["state"], row["office_id"], row["account_id"], row["source"]) == ("new", 1, 1, "webhook")


def test_the_same_id_is_the_same_mention(deliver, mention, db) -> None:
    deliver(mention())
    assert deliver(mention(text="Lain sama sekali"), mention(id="2")).json["taken"] == 1
    assert deliver(mention(platform="instagram")).json["taken"] == 1
    assert [row["text"][:5] for row in db.execute("SELECT text FROM mention ORDER BY id")] == ["Lampu"] * 3


def test_a_replayed_delivery_changes_nothing(deliver, mention, db) -> None:
    at, told = clock.now(), mention()
    deliver(told, at=at)
    db.execute("DELETE FROM mention")
    db.commit()
    assert deliver(told, at=at).json["repeated"] is True and kept(db) == 0


def test_an_old_delivery_is_refused(deliver, mention, db) -> None:
    assert deliver(mention(), at=clock.now() - timedelta(minutes=6)).status_code == 401 and kept(db) == 0


@pytest.mark.parametrize("headers", [
    {"X-Kanal-Signature": ""}, {"X-Kanal-Signature": "sha256=00"}, {"X-Kanal-Timestamp": ""},
    {"X-Kanal-Timestamp": "1"},
])  # fmt: skip
def test_who_is_not_believed_learns_nothing_more(deliver, mention, db, headers) -> None:
    answer = deliver(mention(), **headers)
    assert answer.status_code == 401 and answer.json == {"error": "the signature or its time is not right"}
    assert kept(db) == 0


def test_another_secret_is_refused(deliver, mention, db) -> None:
    assert deliver(mention(), secret="j" * 40).status_code == 401 and kept(db) == 0


def test_without_a_secret_the_webhook_is_closed(deliver, mention, host, tmp_path) -> None:
    (tmp_path / "none.json").write_text("{}")
    host.setenv("CONFIG_FILE", str(tmp_path / "none.json"))
    assert deliver(mention(), secret="").status_code == 401


def test_too_much_at_once_is_refused(deliver, mention, db) -> None:
    assert deliver(body=b"x" * (MOST_BYTES + 1)).status_code == 413
    assert deliver(*[mention(id=str(at)) for at in range(MOST_MENTIONS + 1)]).status_code == 422
    assert kept(db) == 0


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"mentions": {}}', b'{"mentions": []}', b"\xff", b"[" * 20_000])
def test_what_is_no_list_of_mentions_is_said(deliver, body) -> None:
    assert deliver(body=body).status_code == 422


def test_one_bad_mention_does_not_spoil_the_others(deliver, mention, db) -> None:
    told = deliver(mention(), mention(id="2", url="javascript:x"), 7, mention(id="3")).json
    assert told["taken"] == 2 and [one["place"] for one in told["refused"]] == [1, 2]


def test_too_many_deliveries_in_a_minute_wait(deliver, mention, db) -> None:
    now = clock.now().isoformat()
    db.executemany("INSERT INTO delivery (at, signature, taken) VALUES (?, ?, 0)",
                   [(now, str(at)) for at in range(PER_MINUTE)])  # fmt: skip
    db.commit()
    assert deliver(mention()).status_code == 429 and kept(db) == 0


def test_only_the_webhook_is_exempt_from_the_forms_token(app, client, staff, deliver, mention) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert deliver(mention()).status_code == 202
    assert client.post("/lapor-palsu", data={"url": "https://x.com/palsu"}).status_code in (400, 422)
    for path in ("/kerja/sebutan/1/spam", "/kerja/sebutan/1/unit", "/kerja/akun/1/periksa"):
        assert staff().post(path, data={"reason": "machine", "office_id": "1"}).status_code == 400


def test_it_is_post_only(client) -> None:
    assert client.get("/webhook/sebutan").status_code == 405
