"""What the zygote does before it has children, so that none of them does it for the first time.

Much is made at first use: regular expressions, tables of languages, OpenSSL's algorithms. Made here it is made once for
all, and its memory is shared. Everything used is fixed and public; nothing of it is secret, and no number is drawn.
"""

from __future__ import annotations

import datetime
import sqlite3
import sys
import zoneinfo
from collections.abc import Callable
from typing import Any

import babel.dates
import babel.numbers
from babel import Locale
from cheroot import wsgi
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from flask import Flask, render_template_string
from flask_babel import Babel
from joserfc import jwt
from joserfc.jwk import OKPKey
from werkzeug.test import create_environ, run_wsgi_app
from wtforms import Form, StringField, validators

from .gate import Gate
from .headers import PERSON_COOKIE
from .identity import Verifier

LANGUAGES = ("id", "en")
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
TURNS = 3
"""The interpreter makes functions faster after some calls; that, too, need not happen in every child."""

_TEMPLATE = """{% macro m(x) %}{{ x|upper }}{% endmacro %}{% if a and not b %}{{ a|safe }}{% else %}{{ _("c") }}
{% endif %}{% for i in [1, 2] %}{{ loop.index }}{{ m(i|string) }}{% set d = i ~ "x" %}{{ url_for("page", n=d) }}
{% endfor %}{% trans n=2 %}e {{ n }}{% endtrans %}{{ {"f": 1}|tojson }}{{ "g" if a == "h" else ("i", "j")[0] }}"""


class _Form(Form):
    field = StringField("Field", [validators.DataRequired(), validators.Length(max=9)])


def everything() -> None:
    application = _application()
    verifier, token = _verifier()
    gate = Gate(application, verifier, [], 0, "http")
    wsgi.Server(("127.0.0.1", 0), gate)
    for _ in range(TURNS):
        for language in LANGUAGES:
            asked = {"Accept-Language": language, "Cookie": f"{PERSON_COOKIE}={token}"}
            run_wsgi_app(gate, create_environ("/?n=1", headers=asked), buffered=True)
    _languages()
    _database()
    _catalogues()


def _verifier() -> tuple[Verifier, str]:
    """For a key everybody knows, and a token for nobody."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    private = OKPKey.import_key(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    token = jwt.encode({"alg": "EdDSA"}, {"exp": 0, "iat": 0, "aud": "nobody"}, private, algorithms=["EdDSA"])
    return Verifier(public, "nobody"), token


def _application() -> Callable[..., Any]:
    application = Flask("rehearsal", static_folder=None, template_folder=None)
    application.secret_key = "nobody's"  # noqa: S105 - of an application that has no visitors
    Babel(application)

    @application.get("/")
    def page() -> str:
        _Form(data={"field": "x"}).validate()
        return render_template_string(_TEMPLATE, a="h")

    return application


def _languages() -> None:
    moment = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    for language in LANGUAGES:
        locale = Locale.parse(language)
        for style in ("short", "medium", "long"):
            babel.dates.format_datetime(moment, style, locale=locale)
        babel.numbers.format_decimal(1234.5, locale=locale)
        babel.numbers.format_currency(1234.5, "IDR", locale=locale)
        babel.dates.format_timedelta(datetime.timedelta(days=2), locale=locale)
    for zone in ZONES:
        zoneinfo.ZoneInfo(zone)
        babel.dates.get_timezone(zone)


def _database() -> None:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("create table t (a text)")
        connection.execute("insert into t values (?)", ("x",))
        connection.execute("select a from t").fetchall()
    connection.close()


def _catalogues() -> None:
    """The sdk's own translations, where the runtime has the sdk."""
    i18n = sys.modules.get("lumbung_plugin.i18n")
    if i18n is not None:
        for language in LANGUAGES:
            i18n.load(str(i18n.OWN_CATALOGUE), language)
