"""A hosted deployment with two offices, an account, and a secret for the webhook."""

import json
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from kanal import accounts, signing
from lumbung_plugin import clock, offices
from lumbung_plugin.bundles import Bundle
from lumbung_plugin.testing import as_staff
from werkzeug.test import TestResponse

SECRET = "rahasia-yang-cukup-panjang-untuk-uji"


pytest_plugins = ["lumbung_plugin.fixtures"]


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    return Bundle("kanal", {"webhook_secret": SECRET}, fill=two_offices)


def two_offices(db: sqlite3.Connection) -> None:
    offices.seed(db, ["Dinas PUPR", "Diskominfo"])
    accounts.save(db, {
        "office_id": 1, "platform": "x", "handle": "puprbontang", "url": "https://x.com/puprbontang", "purpose": "",
        "answerable": "Kasubbag Umum", "deputy": "Pranata Humas", "active": 1,
    })  # fmt: skip


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A citizen who reads English."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def staff(client: FlaskClient) -> Callable[..., FlaskClient]:
    """A member of staff who reads English."""
    return partial(as_staff, client)


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
