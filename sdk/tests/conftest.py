import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, abort, render_template_string, request
from jinja2 import FileSystemBytecodeCache
from lumbung_plugin import Plugin, require_role

pytest.register_assert_rewrite("lumbung_plugin.contract")

HOSTED = {
    "PLUGIN_ORIGIN": "http://lapor.bontang.localhost:8000",
    "PLUGIN_NAME": "lapor",
    "SECRET_KEY": "test",
    "TENANT_CODE": "64.74",
    "TENANT_NAME": "Kota Bontang",
    "TENANT_TIMEZONE": "Asia/Makassar",
    "TENANT_LOCALE": "id",
    "TENANT_COLOR": "#ffd400",
    "TENANT_PORTAL": "http://bontang.localhost:8000",
}

PAGE = """{% extends "lumbung/base.html" %}{% block content %}<h1>{{ _("Demo data") }}</h1>
<p id="when">{{ "2026-11-03T16:30:00+00:00"|datetime }}</p><p id="sum">{{ 1500000|rupiah }}</p>
{% from "lumbung/components.html" import bar_chart, line_chart, pager, empty %}
{{ bar_chart("Per OPD", [("PUPR", 4), ("DLH", 2)], "OPD", "n") }}
{{ line_chart("Per day", [("1", 2), ("2", 5)], "d", "n") }}
{{ pager("?a", "?b") }}{{ empty("None", "Yet") }}{% endblock %}"""


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A hosted plugin's environment; a test that stands alone takes variables away."""
    for name, value in HOSTED.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    for name in ("DATABASE_URL", "CONFIG_FILE", "STANDALONE_STAFF", "TENANT_DEMO", "TENANT_LOGO"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """The library's own templates: each test has an application of its own, which would compile them anew."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("compiled")))


@pytest.fixture
def make_app(tmp_path: Path, compiled: FileSystemBytecodeCache) -> Callable[..., Flask]:
    """An application in a bundle folder of its own, with one public and one staff page."""

    def make(**options: object) -> Flask:
        bundle = tmp_path / "bundle"
        (bundle / "pkg").mkdir(parents=True, exist_ok=True)
        schema = {"properties": {"title": {"default": "Lapor"}, "days": {"default": 5}}}
        (bundle / "config.schema.json").write_text(json.dumps(schema))
        app = Flask("pkg", root_path=str(bundle / "pkg"))
        Plugin(app, **options)
        app.jinja_env.bytecode_cache = compiled
        app.add_url_rule("/", "home", lambda: render_template_string(PAGE))
        app.add_url_rule("/kerja", "work", require_role("operator")(lambda: "queue"))
        app.add_url_rule("/admin", "admin", require_role("administrator")(lambda: "lists"))
        app.add_url_rule("/stop/<int:code>", "stop", lambda code: abort(code))
        app.add_url_rule("/crash", "crash", lambda: 1 / 0)
        app.add_url_rule("/send", "send", lambda: str(len(request.form)), methods=["POST"])
        return app

    return make


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    yield make_app()


@pytest.fixture
def client(app: Flask):
    return app.test_client()


@pytest.fixture
def staff():
    """The WSGI environ the shim hands over for a person of some role."""

    def environ(role: str) -> dict[str, object]:
        return {"lumbung.person": {"id": "1", "name": "Petugas Uji", "role": role, "opd": "Dinas PUPR"}}

    return environ
