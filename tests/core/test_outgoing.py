"""Servers that others name are asked carefully: public addresses, the judged one, bounded, no redirect followed."""

from __future__ import annotations

import time

import pytest

from registry.core import outgoing
from registry.core.outgoing import Limits, UnreachableError, post, read_url
from tests.core.tls_server import answering, serving

QUICK, PATIENT = Limits(connect=1, silence=1, total=1.5), Limits(connect=30, silence=30, total=60)


@pytest.fixture
def server(tmp_path, monkeypatch):
    with serving(tmp_path) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        yield server


def failure(url, inner=(), limits=PATIENT) -> str:
    with pytest.raises(UnreachableError) as caught:
        post(url, b"{}", {}, inner, limits)
    return caught.value.code


@pytest.mark.parametrize(
    ("url", "problem"),
    [("http://a.example/", "scheme"), ("ftp://a.example/", "scheme"), ("//a.example/", "scheme"), ("", "malformed"),
     ("https://user@a.example/", "userinfo"), ("https://a.example:22/", "port"), ("https:///x", "malformed"),
     ("https://a.example/ x", "malformed"), ("https://a.example/\r\nX: y", "malformed"),
     ("https://a.example:99999/", "malformed"), ("https://[::1/", "malformed"), ("https://a.example/#x", "malformed"),
     ("https://a.example/" + "x" * 500, "malformed"), ("https://ä.example/", "malformed")],
)  # fmt: skip
def test_an_address_that_is_not_plainly_https_is_refused(url, problem):
    assert read_url(url) == problem


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "[::1]", "10.0.0.1", "169.254.169.254", "[::ffff:10.0.0.1]",
             "localhost", "0.0.0.0"]
)  # fmt: skip
def test_an_address_inside_is_refused_however_it_is_written(host):
    assert failure(f"https://{host}/") == "private"


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch):
    monkeypatch.setattr(outgoing, "resolve", lambda _host, _port: ["10.0.0.1", "93.184.216.34"])
    assert failure("https://rebind.example/") == "private"


def test_the_connection_goes_to_the_address_that_was_judged(monkeypatch, server):
    answers = [["127.0.0.1"], ["169.254.169.254"]]
    monkeypatch.setattr(outgoing, "resolve", lambda _host, _port: answers.pop(0))
    assert post(server.url, b"{}", {}, server.inner, PATIENT).status == 204
    assert len(answers) == 1, "the name is asked once"


def test_what_is_sent_arrives_with_its_headers(server):
    post(server.url, b'{"a": 1}', {"webhook-id": "msg_1"}, server.inner, PATIENT)
    (taken,) = server.taken
    assert taken.startswith(b"POST /hook?city=1 HTTP/1.1\r\n") and taken.endswith(b'\r\n\r\n{"a": 1}')
    assert b"webhook-id: msg_1" in taken


def test_a_certificate_nobody_knows_is_refused(server, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    assert failure(server.url, server.inner) == "tls"


def test_a_redirect_is_told_and_not_followed(server):
    server.behaviour = answering(b"HTTP/1.1 307 X\r\nLocation: https://169.254.169.254/\r\nContent-Length: 0\r\n\r\n")
    assert post(server.url, b"{}", {}, server.inner, PATIENT).status == 307
    assert len(server.taken) == 1


def test_an_endless_answer_is_cut(server):
    server.behaviour = answering(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 10**6)
    assert len(post(server.url, b"{}", {}, server.inner, PATIENT).body) == PATIENT.body


def test_a_server_that_drips_is_left_in_time(server):
    def drip(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        for _turn in range(50):
            connection.sendall(b"X: y\r\n")
            time.sleep(0.2)

    server.behaviour = drip
    began = time.monotonic()
    assert failure(server.url, server.inner, QUICK) == "timeout"
    assert time.monotonic() - began < 8, "it would drip for ten"


@pytest.mark.parametrize("text", [b"nonsense\r\n\r\n", b"", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n"])
def test_what_is_no_answer_is_an_error_with_a_name(server, text):
    server.behaviour = answering(text)
    assert failure(server.url, server.inner) in ("broken", "connect")
