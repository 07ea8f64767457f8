"""The shim in a real sandbox: who is who, what passes, what is cut. Plain WSGI bundle, no sdk."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from registry.core import secrets
from registry.hosting.plain import Manifest

from .bundles import ECHO, SLOW, begun, enough
from .support import Plugin, Workshop, ask, until

pytestmark = pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")


@pytest.fixture(scope="module")
def echo(workshop: Workshop) -> Plugin:
    return workshop.start(workshop.spec(ECHO, manifest=Manifest("app:application", staff=("/kerja",))))


@pytest.fixture
def token(key_folder: Path, echo: Plugin) -> str:
    key = OKPKey.import_key(secrets.signing_key(key_folder))
    now = int(time.time())
    claims = {"iss": "lumbung", "aud": echo.spec.audience, "sub": "p1", "name": "Operator Pelayanan"}
    claims |= {"role": "operator", "opd": "DLH", "iat": now, "exp": now + 60}  # type: ignore[dict-item]
    return jwt.encode({"alg": "EdDSA"}, claims, key, algorithms=["EdDSA"])


FORGED = ("X-Lumbung-Person", "X_Lumbung_Person", "x-remote-user", "X-Remote_User", "Remote-User", "X-Forwarded-User",
          "X-Auth-Request-Email", "X-Bontang-Tenant", "X-My-Roles", "X-Authenticated-User", "Proxy")  # fmt: skip


@pytest.mark.parametrize("name", FORGED)
def test_identity_headers_of_a_client_are_dropped(echo: Plugin, name: str) -> None:
    seen = ask(echo.place, headers={name: "forged-by-client"}).json
    assert "forged-by-client" not in seen.values()
    assert seen["person"] is None


def test_a_header_named_by_connection_is_no_way_in(echo: Plugin, token: str) -> None:
    tricks = {"Connection": "X-Lumbung-Person, close", "X-Lumbung-Person": "forged"}
    seen = ask(echo.place, headers={**tricks, "Cookie": f"__Host-lumbung={token}"}).json
    assert seen["HTTP_X_LUMBUNG_PERSON"] == "p1"


def test_a_valid_token_names_the_person_and_never_reaches_the_plugin(echo: Plugin, token: str) -> None:
    seen = ask(echo.place, headers={"Cookie": f"a=1; __Host-lumbung={token}; b=2"}).json
    person = {"id": "p1", "name": "Operator Pelayanan", "role": "operator", "opd": "DLH", "opd_id": None}
    assert seen["person"] == person
    assert seen["REMOTE_USER"] == seen["HTTP_X_LUMBUNG_PERSON"] == "p1"
    assert seen["HTTP_COOKIE"] == "a=1; b=2"


@pytest.mark.parametrize("path", ["/kerja", "/kerja/", "/x/../kerja", "/./kerja/1", "/%6berja", "/KERJA"])
def test_staff_paths_send_strangers_to_the_door(echo: Plugin, path: str) -> None:
    answer = ask(echo.place, path + "?a=1", headers={"Accept": "text/html"})
    assert answer.status == 302
    assert answer.headers["Location"].startswith("/_lumbung/enter?next=/")
    assert "//" not in answer.headers["Location"]


def test_programs_get_a_problem_instead_of_a_door(echo: Plugin) -> None:
    answer = ask(echo.place, "/kerja", "POST", "")
    assert answer.status == 401
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_staff_paths_let_staff_in(echo: Plugin, token: str) -> None:
    assert ask(echo.place, "/kerja", headers={"Cookie": f"__Host-lumbung={token}"}).status == 200


def test_answers_stay_on_their_own_origin(echo: Plugin) -> None:
    headers = ask(echo.place).headers
    assert headers.get_all("Set-Cookie") == ["fine=1; Path=/"]
    assert "X-Accel-Redirect" not in headers
    assert headers["X-Lumbung-Revision"] == "7"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_scheme_is_the_edge_s(echo: Plugin) -> None:
    assert ask(echo.place, headers={"X-Forwarded-Proto": "https"}).json["wsgi.url_scheme"] == "https"
    assert ask(echo.place, headers={"X-Forwarded-Proto": "javascript"}).json["wsgi.url_scheme"] == "http"


def test_headers_and_bodies_are_bounded(echo: Plugin) -> None:
    assert ask(echo.place, headers={"X-Big": "x" * 40_000}).status == 413
    assert ask(echo.place, "/", "POST", headers={"Content-Length": str(10**12)}).status == 413


def test_a_request_under_way_is_finished_when_told_to_leave(workshop: Workshop) -> None:
    plugin = workshop.start(workshop.spec(SLOW))
    ask(plugin.place)
    answers: list[str] = []
    visitor = threading.Thread(target=lambda: answers.append(ask(plugin.place, "/slow").text))
    visitor.start()
    until(lambda: begun(plugin.spec.data))
    plugin.sandbox.ask_to_leave()
    time.sleep(0.4)  # it may hear that before it may answer
    enough(plugin.spec.data)
    visitor.join()
    assert answers == ["done"]
    assert until(lambda: plugin.sandbox.ended() is not None)


def test_a_silent_visitor_does_not_keep_others_waiting(echo: Plugin) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(str(echo.place))
        silent.sendall(b"GET / HTTP/1.1\r\n")
        assert ask(echo.place).status == 200
