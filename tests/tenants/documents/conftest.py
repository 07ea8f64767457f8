"""Letters of the tests: an application without a database, whose templates a test may add to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader

from registry.app import create_app
from registry.config import Settings
from registry.tenants.documents import service

BODY = """
{% extends "documents/letter.html" %}{% block body %}
<p>Pada hari ini, {{ spelled_date(made_on) }}, {{ said }}</p>{{ parts.parties(parties, "Para pihak") }}
{% call parts.article(1, "Maksud dan tujuan") %}{{ parts.clauses(["Satu.", said]) }}{% endcall %}
{% endblock %}
"""
ADDRESS = "https://lumbung.example/verify/handover/k7qxm2rt"
FACTS: dict[str, Any] = {
    "title": "Berita Acara Serah Terima",
    "number": "BAST/001/LMB/XI/2026",
    "made_on": date(2026, 11, 23),
    "author": "Diskominfo Kota Bandung",
    "subject": "Serah terima aplikasi Lapor",
    "said": "Nama dan jabatan.",
    "letterhead": SimpleNamespace(
        government="Pemerintah Kota Bandung", office="Diskominfo", lines=["Bandung"], color="#0b5c4a"
    ),
    "parties": [
        SimpleNamespace(label="PIHAK KESATU", office="Kepala Diskominfo", government="Kota Bandung"),
        SimpleNamespace(
            label="PIHAK KEDUA", office="Kepala Diskominfo", government="Kota Bontang", signed_on=date(2026, 11, 24)
        ),
    ],
    "address": ADDRESS,
    "verification": "Siapa pun dapat memeriksa berita acara ini.",
}


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    app = create_app(Settings(data=tmp_path_factory.mktemp("office"), database_url="postgresql://nowhere/none"))
    app.jinja_env.loader = ChoiceLoader([DictLoader({"letter_of_tests.html": BODY}), app.jinja_env.loader])
    return app


@pytest.fixture(scope="session")
def draw(office: Flask) -> Callable[..., bytes]:
    def drawn(language: str = "id", **facts: Any) -> bytes:
        with office.app_context():
            return service.draw("letter_of_tests.html", language, **(FACTS | facts))

    return drawn


@pytest.fixture(scope="session")
def letter(draw: Callable[..., bytes]) -> bytes:
    return draw()
