"""One plugin asks another of its city: by consent, by name, with a token that is good for that one call."""

from __future__ import annotations

import json
import socketserver
import threading
from http.server import BaseHTTPRequestHandler

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from registry.connect.rules import Wish
from registry.core import scope, secrets
from registry.core.uow import unit_of_work, wake_host
from registry.hosting.models import Deployment
from tests.connect.gateway import ask

WISH = Wish("sibling", "simtaru:zoning.read")
URL = "/siblings/simtaru/zoning.read"


class Handler(BaseHTTPRequestHandler):
    """The sibling behind its socket: tells what it was asked."""

    protocol_version = "HTTP/1.1"

    def reply(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        told = {
            "method": self.command,
            "path": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": self.rfile.read(size).decode(),
        }
        body = json.dumps(told).encode() if "large" not in self.path else b"x" * 11 * 2**20
        self.send_response(418 if "teapot" in self.path else 200)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)),
                            "Set-Cookie": "a=b", "X-Lumbung-Person": "1", "ETag": '"1"'}.items():  # fmt: skip
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = reply  # noqa: N815

    def address_string(self) -> str:
        return "gateway"

    def log_message(self, *_arguments: object) -> None:
        pass


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 16


@pytest.fixture
def simtaru(deploy):
    return deploy("simtaru", provides={"zoning.read": "/_zoning"})


@pytest.fixture
def wish():
    return WISH


@pytest.fixture
def papan(deploy, simtaru):
    return deploy(uses=(WISH.name, "absen:data.read", "simtaru:zoning.write"))


@pytest.fixture
def sibling(settings):
    place = settings.plugin_socket("bontang", "simtaru")
    place.parent.mkdir(parents=True, exist_ok=True)
    with Server(str(place), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield place
        server.shutdown()
    place.unlink(missing_ok=True)


def test_a_call_is_passed_on_with_method_query_and_body(host, sibling, decide):
    decide()
    answer = ask(host, "POST", f"{URL}/kecamatan/3?tahun=2026&a=%2F", {"a": 1}, {"Content-Type": "application/json"})
    assert answer.status == 200
    told = answer.json
    assert (told["method"], told["path"]) == ("POST", "/_zoning/kecamatan/3?tahun=2026&a=%2F")
    assert json.loads(told["body"]) == {"a": 1} and told["headers"]["content-type"] == "application/json"
    assert told["headers"]["host"] == "simtaru.bontang.localhost:8000"


def test_the_sibling_can_prove_who_asks_and_for_what(host, sibling, decide, settings):
    decide()
    kind, _space, token = ask(host, "GET", URL).json["headers"]["authorization"].partition(" ")
    claims = jwt.decode(token, OKPKey.import_key(secrets.public_key(settings.secrets)), algorithms=["EdDSA"]).claims
    assert kind == "Lumbung"
    assert (claims["aud"], claims["sub"], claims["cap"]) == ("simtaru.bontang", "plugin:papan", "zoning.read")
    assert claims["exp"] - claims["iat"] <= 60 and "role" not in claims


def test_nothing_else_of_the_caller_reaches_the_sibling(host, sibling, decide):
    decide()
    lies = {"Authorization": "Lumbung x", "Cookie": "a=b", "X-Lumbung-Person": "1", "X-Forwarded-For": "1.2.3.4",
            "X-Lumbung-Caller": "wali"}  # fmt: skip
    headers = ask(host, "GET", URL, headers=lies).json["headers"]
    assert headers["authorization"] != "Lumbung x"
    assert not {"cookie", "x-lumbung-person", "x-forwarded-for", "x-lumbung-caller"} & set(headers)


def test_the_answer_comes_back_without_cookies_and_identity(host, sibling, decide):
    decide()
    answer = ask(host, "GET", f"{URL}/teapot")
    assert answer.status == 418 and answer.headers["etag"] == '"1"'
    assert answer.headers["x-lumbung-sibling"] == "simtaru"
    assert "set-cookie" not in answer.headers and "x-lumbung-person" not in answer.headers


def test_without_consent_the_sibling_hears_nothing(host, sibling):
    answer = ask(host, "GET", URL)
    assert answer.status == 403 and answer.json["code"] == "not-granted"
    assert "x-lumbung-sibling" not in answer.headers


def test_consent_taken_back_counts_at_once(host, sibling, decide):
    decide()
    assert ask(host, "GET", URL).status == 200
    decide(give=False)
    assert ask(host, "GET", URL).status == 403


@pytest.mark.parametrize("rest", ["../kerja", "%2e%2e/kerja", "a/..%2f..%2fkerja", "%252e%252e/kerja", "a%5c..%5cb"])
def test_a_call_stays_below_what_is_provided(host, sibling, decide, rest):
    decide()
    assert ask(host, "GET", f"{URL}/{rest}").status == 422


@pytest.mark.parametrize(
    ("wish", "code"), [("absen:data.read", "sibling-absent"), ("simtaru:zoning.write", "capability-absent")]
)
def test_what_is_not_there_is_said(host, sibling, decide, wish, code):
    decide(Wish("sibling", wish))
    answer = ask(host, "GET", "/siblings/" + wish.replace(":", "/"))
    assert answer.status == 404 and answer.json["code"] == code


def test_a_sibling_that_is_off_or_closed_is_said(host, sibling, decide, app, simtaru):
    decide()
    change(app, simtaru, enabled=False)
    assert ask(host, "GET", URL).json["code"] == "sibling-off"
    change(app, simtaru, enabled=True, maintenance="Sedang dirapikan")
    assert ask(host, "GET", URL).json["code"] == "sibling-closed"


def change(app, deployment: int, **values: object) -> None:
    with app.app_context(), unit_of_work() as session:
        scope.enter_programme()
        found = session.get_one(Deployment, deployment)
        for name, value in values.items():
            setattr(found, name, value)
        wake_host(deployment)


def test_a_sibling_without_a_socket_is_away(host, decide):
    decide()
    answer = ask(host, "GET", URL)
    assert answer.status == 503 and answer.json["code"] == "sibling-away" and answer.headers["retry-after"]


def test_another_citys_plugin_is_no_sibling(host, decide, deploy, settings, app):
    deploy("absen", city="tegal", provides={"data.read": "/"})
    decide(Wish("sibling", "absen:data.read"))
    assert ask(host, "GET", "/siblings/absen/data.read").json["code"] == "sibling-absent"
    assert ask(host, "GET", "/siblings/absen.tegal/data.read").status == 404


def test_an_answer_without_end_is_cut(host, sibling, decide):
    decide()
    with pytest.raises((ConnectionError, OSError, Exception)) as error:
        ask(host, "GET", f"{URL}/large")
    assert "IncompleteRead" in repr(error.value) or isinstance(error.value, OSError)
