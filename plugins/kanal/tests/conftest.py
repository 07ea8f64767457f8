"""A hosted deployment with two offices, an account, and a secret for the webhook."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from kanal import accounts, create_app, signing
from kanal.migrations import upgrade
from lumbung_plugin import clock, connect, offices
from lumbung_plugin.testing import as_staff, hosted
from werkzeug.test import TestResponse

SECRET = "rahasia-yang-cukup-panjang-untuk-uji"


@pytest.fixture(autouse=True)
def host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    hosted(monkeypatch, tmp_path, {"webhook_secret": SECRET}, name="kanal")
    upgrade()
    return monkeypatch


@pytest.fixture
def db(host: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    with closing(connect()) as connection:
        offices.seed(connection, ["Dinas PUPR", "Diskominfo"])
        accounts.save(connection, {
            "office_id": 1, "platform": "x", "handle": "puprbontang", "url": "https://x.com/puprbontang", "purpose": "",
            "answerable": "Kasubbag Umum", "deputy": "Pranata Humas", "active": 1,
        })  # fmt: skip
        connection.commit()
        yield connection


@pytest.fixture
def app(db: sqlite3.Connection) -> Flask:
    app = create_app()
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A citizen who reads English."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def staff(client: FlaskClient) -> Callable[..., FlaskClient]:
    """A member of staff who reads English."""

    def member(role: str = "operator", opd: str | None = None) -> FlaskClient:
        found = as_staff(client, role, opd)
        found.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        return found

    return member


@pytest.fixture
def mention() -> Callable[..., dict[str, Any]]:
    """What a sender tells of one mention."""

    def one(**changes: Any) -> dict[str, Any]:
        at = clock.now() - timedelta(hours=1)
        return {"id": "1", "platform": "x", "text": "Lampu jalan mati di Kanaan sejak kemarin.", "author": "warga",
                "url": "https://x.com/warga/status/1", "account": "puprbontang",
                "at": at.isoformat()} | changes  # fmt: skip

    return one


@pytest.fixture
def deliver(client: FlaskClient) -> Callable[..., TestResponse]:
    """Deliver as the service would, signed; anything can be told otherwise."""

    def send(*told: Any, body: bytes | None = None, secret: str = SECRET, at: datetime | None = None,
             **headers: str) -> TestResponse:  # fmt: skip
        data = json.dumps({"mentions": list(told)}).encode() if body is None else body
        stamp = str(int((at or clock.now()).timestamp()))
        signed = {"X-Kanal-Timestamp": stamp, "X-Kanal-Signature": signing.sign(secret, stamp, data)}
        return client.post("/webhook/sebutan", data=data, headers=signed | headers)

    return send
