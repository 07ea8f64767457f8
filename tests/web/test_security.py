"""What a request must be before anybody looks at it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from prometheus_client import REGISTRY

from registry.app import create_app, flask_config
from registry.web.security import SMALL

PLUGIN = "http://lapor.bontang.localhost:8000"
HERE = "http://localhost:8000"


@pytest.mark.parametrize("origin", [PLUGIN, "http://bontang.localhost:8000", "http://localhost:9000", "null", ""])
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/join", "/console/bontang/forks"])
def test_a_form_from_a_plugins_origin_is_refused(client, path, origin):
    answer = client.post(path, base_url=HERE, headers={"Origin": origin}, data={"app": "lapor"})
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("headers", [{}, {"Origin": HERE}])
def test_a_form_of_our_own_is_taken(client, headers):
    assert client.post("/sign-out", base_url=HERE, headers=headers).status_code == 303


def test_a_browser_keeps_the_session_for_this_very_host(settings):
    """`__Host-`: a plugin below the registry's own name cannot put another session in its place."""
    config = flask_config(replace(settings, scheme="https"))
    assert (config["SESSION_COOKIE_NAME"], config["SESSION_COOKIE_SECURE"]) == ("__Host-lumbung_session", True)
    app = create_app(replace(settings, scheme="https"))
    cookie = app.test_client().get("/sign-in", base_url="https://localhost").headers["Set-Cookie"]
    assert cookie.startswith("__Host-lumbung_session=") and "Path=/" in cookie and "Domain" not in cookie


@pytest.mark.parametrize("path", ["/api/v1/tokens", "/api/v1/deployments", "/api/v1/forks"])
def test_a_stranger_makes_nobody_read_megabytes_of_json(client, path):
    answer = client.post(path, data=b"[" + b"{}," * (SMALL // 3) + b"{}]", content_type="application/json")
    assert answer.status_code == 413


class Unread:
    """A body that nobody may read before the sender is known."""

    def read(self, *_size: int) -> bytes:
        raise AssertionError("read")

    readline = read


@pytest.mark.parametrize(("path", "status"), [("/programme/publish/archive", 302), ("/api/v1/releases", 401)])
def test_a_strangers_upload_is_not_even_read(app, client, monkeypatch, path, status):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    body = {"wsgi.input": Unread(), "CONTENT_LENGTH": "10000000"}
    answer = client.post(path, environ_overrides=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == status


def test_invented_methods_are_counted_as_one(client):
    for number in range(20):
        client.open("/cities", method=f"X{number}")
    counted = {sample.labels["method"] for metric in REGISTRY.collect() for sample in metric.samples
               if sample.name == "lumbung_requests_total"}  # fmt: skip
    assert "other" in counted and not any(method.startswith("X") for method in counted)


@pytest.mark.parametrize("path", ["//jahat.example/x", "/\\jahat.example/x"])
def test_no_link_of_ours_leads_to_a_host_named_in_the_path(client, path):
    page = client.get("/", environ_overrides={"PATH_INFO": path})
    assert page.status_code == 404
    assert 'href="//jahat' not in page.text and 'href="/\\jahat' not in page.text
