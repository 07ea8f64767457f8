"""Forgers before the shim and hostile answers behind it, byte by byte, in a real sandbox."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from registry.core import secrets
from registry.hosting.plain import Manifest

from .bundles import ECHO
from .support import Plugin, Workshop, ask

pytestmark = pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")

RUDE = """
ANSWERS = {
    "/cookies": ("200 OK", [("Set-Cookie", f"a{n}=" + "x" * 4000) for n in range(200)]),
    "/clear": ("200 OK", [("Clear-Site-Data", '"cookies", "storage"'), ("Strict-Transport-Security", "max-age=9"),
                          ("Alt-Svc", 'h3=":1"'), ("X-Accel-Redirect", "/x"),
                          ("Content-Security-Policy", "default-src *")]),
    "/upgrade": ("101 Switching Protocols", [("Upgrade", "websocket"), ("Connection", "Upgrade")]),
    "/split": ("200 OK\\r\\nSet-Cookie: __Host-lumbung=x", []),
    "/many": ("200 OK", [(f"X-H{n}", "x" * 8000) for n in range(2000)]),
    "/line": ("200 OK", [("X-A", "b\\r\\nSet-Cookie: __Host-lumbung=x"), ("X-B\\r\\nSet-Cookie", "c=d")]),
}

def application(environ, start_response):
    status, headers = ANSWERS.get(environ["PATH_INFO"], ("200 OK", []))
    start_response(status, headers)
    return [b"alive"]
"""


@pytest.fixture(scope="module")
def echo(workshop: Workshop) -> Plugin:
    manifest = Manifest("app:application", staff=("/kerja",), provides={"zoning.read": "/_zona"})
    return workshop.start(workshop.spec(ECHO, manifest=manifest))


@pytest.fixture(scope="module")
def rude(workshop: Workshop) -> Plugin:
    return workshop.start(workshop.spec(RUDE.replace("\\\\", "\\")))


def token(key_folder: Path, plugin: Plugin, **more: Any) -> str:
    now = time.time()
    claims = {"aud": plugin.spec.audience, "sub": "12", "name": "Operator", "role": "operator", "iat": now}
    key = OKPKey.import_key(secrets.signing_key(key_folder))
    return jwt.encode({"alg": "EdDSA"}, {**claims, "exp": now + 60, **more}, key, algorithms=["EdDSA"])


def send(place: Path, request: str) -> tuple[str, bytes]:
    """Head and body (the chunks' frames around it) of the answer to these very bytes."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(10)
        client.connect(str(place))
        client.sendall(request.replace("\n", "\r\n").encode("latin-1"))
        answer = b""
        while piece := client.recv(65536):
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.decode("latin-1"), body


def seen_in(body: bytes) -> Any:
    return json.loads(body[body.index(b"{") : body.rindex(b"}") + 1])


FORGERIES = (
    "X-Lumbung-Person: forged\nX-Lumbung-Person: forged\n",
    "x-lUMBUNG-pERSON: forged\nX-LUMBUNG-ROLE: administrator\n",
    "X_Lumbung_Person: forged\nX-Lumbung_Person: forged\nX_Remote_User: forged\n",
    "X-Lumbung-Caller: forged\nX-Lumbung-Capability: forged\nX-Lumbung-Opd-Id: forged\n",
    "Remote-User: forged\nREMOTE_USER: forged\nX-Forwarded-User: forged\nX-Forwarded-Email: forged\n",
    "Connection: X-Lumbung-Person, close\nX-Lumbung-Person: forged\n",
    "X-Lumbung-Person\t: forged\n",
    "X-Ordinary: a\n X-Lumbung-Person: forged\n",
)


@pytest.mark.parametrize("forged", FORGERIES)
def test_no_header_makes_a_client_somebody(echo: Plugin, forged: str) -> None:
    head, body = send(echo.place, f"GET / HTTP/1.1\nHost: x\n{forged}\n")
    if " 400 " in head:
        return
    seen = seen_in(body)
    assert seen["person"] is None
    assert "REMOTE_USER" not in seen and not [name for name in seen if name.startswith("HTTP_X_LUMBUNG")]


@pytest.mark.parametrize("forged", FORGERIES)
def test_no_header_makes_somebody_another(echo: Plugin, key_folder: Path, forged: str) -> None:
    who = f"Cookie: __Host-lumbung={token(key_folder, echo)}\n"
    head, body = send(echo.place, f"GET / HTTP/1.1\nHost: x\n{forged}{who}\n")
    if " 400 " in head:
        return
    seen = seen_in(body)
    assert (seen["HTTP_X_LUMBUNG_PERSON"], seen["HTTP_X_LUMBUNG_ROLE"], seen["REMOTE_USER"]) == ("12", "operator", "12")


def test_a_trailer_of_a_chunked_body_is_no_header(echo: Plugin) -> None:
    chunked = "POST / HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\nTrailer: X-Lumbung-Person\n\n"
    head, body = send(echo.place, f"{chunked}3\nabc\n0\nX-Lumbung-Person: forged\n\n")
    assert " 200 " in head.splitlines()[0]
    seen = seen_in(body)
    assert seen["person"] is None and "forged" not in seen.values()


def test_two_cookies_of_our_name_are_nobody_s(echo: Plugin, key_folder: Path) -> None:
    twice = f"Cookie: __Host-lumbung={token(key_folder, echo)}; __Host-lumbung=x\n"
    _head, body = send(echo.place, f"GET / HTTP/1.1\nHost: x\n{twice}\n")
    assert seen_in(body)["person"] is None


def test_a_token_of_a_neighbour_is_nobody_here(echo: Plugin, key_folder: Path) -> None:
    for audience in ("lain.bontang", echo.spec.audience.replace("bontang", "tegal"), echo.spec.name):
        cookie = {"Cookie": f"__Host-lumbung={token(key_folder, echo, aud=audience)}"}
        assert ask(echo.place, headers=cookie).json["person"] is None


def test_a_sibling_comes_in_by_its_token_alone(echo: Plugin, key_folder: Path) -> None:
    called = token(key_folder, echo, sub="plugin:antrian", cap="zoning.read", role=None)
    assert ask(echo.place, "/_zona/1", headers={"Authorization": f"Lumbung {called}"}).status == 200
    assert ask(echo.place, "/_zona/1").status == 403


def test_a_form_whose_token_ended_is_sent_to_be_renewed(echo: Plugin, key_folder: Path) -> None:
    ended = token(key_folder, echo, iat=time.time() - 1200, exp=time.time() - 300, until=time.time() + 60)
    answer = ask(echo.place, "/kerja", "POST", "isi" * 50_000, {"Cookie": f"__Host-lumbung={ended}"})
    assert (answer.status, answer.headers["Location"]) == (307, "/_lumbung/renew?next=/kerja")


def test_cookies_of_an_answer_are_bounded(rude: Plugin) -> None:
    cookies = ask(rude.place, "/cookies").headers.get_all("Set-Cookie") or []
    assert 0 < sum(map(len, cookies)) <= 16_384


def test_what_reaches_beyond_the_origin_is_cut(rude: Plugin) -> None:
    answer = ask(rude.place, "/clear").headers
    assert [name for name in ("Clear-Site-Data", "Strict-Transport-Security", "Alt-Svc", "X-Accel-Redirect")
            if name in answer] == []  # fmt: skip
    assert answer["Content-Security-Policy"] == "default-src *", "its own pages are its own affair"


def test_a_connection_is_never_handed_over(rude: Plugin) -> None:
    answer = ask(rude.place, "/upgrade", headers={"Connection": "Upgrade", "Upgrade": "websocket"})
    assert answer.status == 502
    assert "Upgrade" not in answer.headers


@pytest.mark.parametrize("path", ["/split", "/line"])
def test_line_breaks_make_no_headers(rude: Plugin, path: str) -> None:
    head, _body = send(rude.place, f"GET {path} HTTP/1.1\nHost: x\n\n")
    assert "Set-Cookie" not in head


def test_headers_without_end_are_cut(rude: Plugin) -> None:
    head, body = send(rude.place, "GET /many HTTP/1.1\nHost: x\n\n")
    assert len(head) < 10**6
    assert b"alive" in body
