"""Addresses of a publiccode.yml, asked where somebody wants it."""

from __future__ import annotations

import pytest

from registry.catalog.publiccode.file import parse
from registry.catalog.publiccode.network import addresses, check_addresses
from tests.catalog.conftest import PUBLICCODE
from tests.core.tls_server import NAME, answering, serving

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def server(tmp_path, monkeypatch):
    with serving(tmp_path) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        yield server


def described(**keys: str):
    lines = "".join(f"{key}: {value}\n" for key, value in keys.items())
    return parse(PUBLICCODE.replace("platforms:", f"{lines}platforms:").encode())[0]


def findings(server, status: str, body: bytes = b"", key: str = "logo") -> list[str]:
    server.behaviour = answering(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    found = check_addresses(described(**{key: f"https://{NAME}:{server.port}/logo.png"}), server.inner)
    return [str(one) for one in found if one.path == key]


def test_every_address_of_the_file_is_asked():
    file = described(landingURL="https://a.example/", logo="https://b.example/logo.png", roadmap="https://c.example/")
    assert [key for key, _url in addresses(file)] == ["url", "landingURL", "roadmap", "logo"]


def test_what_the_server_has_is_fine(server):
    assert findings(server, "200 OK", PNG) == []
    assert findings(server, "301 Moved", key="landingURL") == []


def test_what_the_server_has_not_is_an_error(server):
    assert findings(server, "404 Not Found")[0].startswith("error logo Nothing is at")
    assert findings(server, "410 Gone", key="roadmap")[0].startswith("error roadmap")


def test_a_page_is_no_picture(server):
    assert findings(server, "200 OK", b"<html>")[0].startswith("error logo")


def test_a_server_in_trouble_is_no_fault_of_the_file(server):
    assert findings(server, "503 Busy")[0].startswith("warning logo")
    assert findings(server, "403 No", key="landingURL")[0].startswith("warning landingURL")


def test_nothing_inside_is_asked(server):
    """Whoever writes a publiccode.yml does not get to look around in our network."""
    found = check_addresses(described(landingURL=f"https://{NAME}/"))
    assert [str(one) for one in found if one.path == "landingURL"][0].startswith("warning landingURL Nobody could be")
    assert server.taken == []
