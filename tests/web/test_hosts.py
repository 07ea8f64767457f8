from pathlib import Path

import pytest

from registry.config import Settings
from registry.core import clock
from registry.core.uow import unit_of_work
from registry.tenants import service
from registry.web.hosts import inner_path
from registry.web.live import LivePlugin

SETTINGS = Settings(data=Path("/nowhere"), registry_host="lumbung.example", plugin_domain="apps.example")


@pytest.mark.parametrize(
    ("host", "path", "inner"),
    [
        ("lumbung.example:8000", "/cities", "/cities"),
        ("LUMBUNG.example.", "/", "/"),
        ("bontang.apps.example", "/", "/_portal/bontang/"),
        ("bontang.apps.example", "/static/portal.css", "/static/portal.css"),
        ("lapor.bontang.apps.example:8000", "/kerja?x", "/_plugin/bontang/lapor/kerja?x"),
        ("lapor.bontang.apps.example", "/static/x.css", "/_plugin/bontang/lapor/static/x.css"),
        ("a.lapor.bontang.apps.example", "/", "/_nowhere/"),
        ("apps.example", "/", "/_nowhere/"),
        ("evil.example", "/", "/_nowhere/"),
        ("bon_tang.apps.example", "/", "/_nowhere/"),
        ("", "/", "/_nowhere/"),
        ("evil.example", "/healthz", "/healthz"),
    ],
)
def test_the_host_decides_what_is_shown(host, path, inner):
    assert inner_path(host, path, SETTINGS) == inner


def test_a_citys_own_host_name_is_its_plugin(tmp_path):
    settings = Settings(data=tmp_path, registry_host="lumbung.example", plugin_domain="apps.example")
    link = settings.domain_socket("lapor.bontang.go.id")
    link.parent.mkdir(parents=True)
    link.symlink_to("../plugins/bontang/lapor.sock")
    asked = inner_path("lapor.bontang.go.id", "/_lumbung/unavailable", settings)
    assert asked == "/_plugin/bontang/lapor/_lumbung/unavailable"
    assert inner_path("antri.bontang.go.id", "/", settings) == "/_nowhere/"


@pytest.mark.parametrize("target", ["../plugins/../../secrets/lapor.sock", "/etc/passwd", "../plugins/a/b/c.sock"])
def test_a_link_that_leads_elsewhere_is_none(tmp_path, target):
    settings = Settings(data=tmp_path)
    link = settings.domain_socket("lapor.bontang.go.id")
    link.parent.mkdir(parents=True)
    link.symlink_to(target)
    assert inner_path("lapor.bontang.go.id", "/", settings) == "/_nowhere/"


@pytest.mark.parametrize("path", ["/_portal/bontang/", "/_plugin/bontang/lapor/", "/_nowhere/", "/_portal"])
def test_inner_paths_cannot_be_asked_from_outside(client, path):
    assert client.get(path).status_code == 404
    assert inner_path("lumbung.example", path, SETTINGS).startswith("/_nowhere/")


def test_a_citys_portal_shows_its_live_plugins(client, bontang, monkeypatch):
    url = "http://lapor.bontang.localhost/"
    lapor = LivePlugin("lapor", "Kesah Etam", "Laporkan jalan rusak.", url, "Diskominfo", clock.now())
    monkeypatch.setattr("registry.web.live.live_plugins", lambda city, language: [lapor])
    page = client.get("/", base_url="http://bontang.localhost").text
    assert "Kesah Etam" in page and "Diskominfo" in page and "#1d4e89" in page


def test_an_empty_portal_is_still_a_page(client, bontang):
    answer = client.get("/", base_url="http://bontang.localhost")
    assert answer.status_code == 200 and "Kota Bontang" in answer.text


def test_an_unknown_city_is_not_found(client, bontang):
    assert client.get("/", base_url="http://atlantis.localhost").status_code == 404


@pytest.mark.parametrize("state", ["off", "starting", "crashed", "switching", "absent"])
def test_a_plugin_that_does_not_answer_shows_the_citys_page(client, bontang, monkeypatch, state):
    monkeypatch.setattr("registry.web.live.plugin_state", lambda city, name: (state, ""))
    answer = client.post("/kerja", base_url="http://lapor.bontang.localhost")
    assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0
    assert "Kota Bontang" in answer.text
    assert "/static/" not in answer.text


def test_a_closed_plugin_says_in_the_admins_words_why(client, bontang, monkeypatch):
    words = "Ditutup sampai pukul 14.00.\n<script>alert(1)</script>"
    monkeypatch.setattr("registry.web.live.plugin_state", lambda city, name: ("maintenance", words))
    answer = client.get("/", base_url="http://lapor.bontang.localhost")
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "300"
    assert "Ditutup sampai pukul 14.00." in answer.text and "<script>" not in answer.text


def test_a_city_not_admitted_has_no_portal(app, client, bontang):
    with app.app_context(), unit_of_work():
        service.find_city("bontang").state = "applied"
    assert client.get("/", base_url="http://bontang.localhost").status_code == 404
