"""Where a service that watches social media delivers mentions. Public, signed, bounded, and harmless to repeat."""

import json
import sqlite3
from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, request
from lumbung_plugin import clock, database, stuffing, transaction
from werkzeug.exceptions import RequestEntityTooLarge

from kanal import incoming, mentions, signing
from kanal.config import chosen

pages = Blueprint("webhook", __name__)

MOST_BYTES, MOST_MENTIONS = 256 * 1024, 100
PER_MINUTE, MINUTE = 60, timedelta(minutes=1)

Answer = tuple[dict[str, Any], int]


@pages.post("/webhook/sebutan")
def deliver() -> Answer:
    """Take `{"mentions": [{"id", "platform", "text", "url", "at", "author"?, "account"?}]}` in.

    202 with how many were new, known and refused (each with its place and reason); 401 for whoever is not believed.
    """
    body = _body()
    if body is None:
        return {"error": f"at most {MOST_BYTES} bytes"}, 413
    signature = request.headers.get("X-Kanal-Signature", "")
    refusal = signing.check(str(chosen()["webhook_secret"]), request.headers.get("X-Kanal-Timestamp", ""), signature,
                            body, clock.now())  # fmt: skip
    if refusal is not None:
        current_app.logger.warning("a delivery of mentions was refused: %s", refusal)
        return {"error": "the signature or its time is not right"}, 401
    told = _mentions(body)
    if told is None:
        return {"error": f"a JSON object with a list of 1 to {MOST_MENTIONS} mentions is expected"}, 422
    return _taken(database(), signature, told)


def _taken(db: sqlite3.Connection, signature: str, told: list[Any]) -> Answer:
    read = [incoming.read(one, clock.now()) for one in told]
    good = [one for one in read if isinstance(one, incoming.Mention)]
    wrong = [{"place": at, "error": one} for at, one in enumerate(read) if isinstance(one, str)]
    with transaction(db):
        before = db.execute("SELECT taken FROM delivery WHERE signature = ?", (signature,)).fetchone()
        if before is not None:
            return {"taken": 0, "known": len(good), "refused": wrong, "repeated": True}, 202
        if stuffing.too_many(db, "delivery", "at", PER_MINUTE, MINUTE) or mentions.full(db):
            return {"error": "too many deliveries, try again later"}, 429
        new = mentions.take(db, good, "webhook")
        db.execute("INSERT INTO delivery (at, signature, taken) VALUES (?, ?, ?)",
                   (clock.now().isoformat(), signature, new))  # fmt: skip
    return {"taken": new, "known": len(good) - new, "refused": wrong}, 202


def _body() -> bytes | None:
    """The body as it was signed; nothing when it is too large, whatever length was promised."""
    request.max_content_length = MOST_BYTES
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge:
        return None


def _mentions(body: bytes) -> list[Any] | None:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    found = told.get("mentions") if isinstance(told, dict) else None
    return found if isinstance(found, list) and 0 < len(found) <= MOST_MENTIONS else None
