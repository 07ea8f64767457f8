"""From inside a real sandbox: the one way out is there, leads where the city allows, and cannot be taken over."""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from registry.connect import service
from registry.connect.rules import Wish
from registry.core import scope, secrets
from registry.core.uow import unit_of_work
from registry.host import limits
from registry.hosting.models import Deployment
from registry.hosting.plain import Manifest
from tests.connect.conftest import find
from tests.connect.gateway import Names, running, until
from tests.host.bundles import OBEDIENT
from tests.host.conftest import runtime  # noqa: F401
from tests.host.support import Plugin, Workshop, ask

NAME = "api.bmkg.example"
TENANT = """
import http.client, json, socket
connection = http.client.HTTPConnection("gateway")
connection.sock = socket.socket(socket.AF_UNIX)
connection.sock.connect("/run/lumbung/host.sock")
connection.request("GET", "/tenant")
result = json.loads(connection.getresponse().read())["plugin"]["name"]
"""
TUNNEL = """
import http.client, os
from urllib.parse import urlsplit
proxy = urlsplit(os.environ["HTTPS_PROXY"])
connection = http.client.HTTPConnection(proxy.hostname, proxy.port, timeout=10)
connection.set_tunnel("HOST", PORT)
connection.request("GET", "/cuaca")
result = connection.getresponse().read().decode()
"""

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed"),
]


class Weather(threading.Thread):
    """A host outside, on 127.0.0.1, that answers every request the same."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def run(self) -> None:
        while True:
            try:
                client, _address = self.listener.accept()
            except OSError:
                return
            with client, suppress(OSError):
                client.recv(65536)
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\ncerah")


@pytest.fixture
def weather():
    found = Weather()
    found.start()
    yield found
    found.listener.close()


@pytest.fixture(params=["plain", "warm"])
def workshop(request, runtime):  # noqa: F811
    root = Path(tempfile.mkdtemp(prefix="lg-"))
    groups = limits.open_cgroups(f"lumbung-test-{root.name}")
    (root / "run").mkdir(mode=0o711)
    found = Workshop(root / "run", runtime, secrets.public_key(root / "secrets"), groups, request.param == "warm")
    yield found
    found.close()
    groups.sweep()
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def papan(app, deploy, workshop, settings, weather):
    """papan.bontang in its sandbox, with a gateway over its folder."""
    manifest = Manifest("app:application", egress=(f"{NAME}:{weather.port}",))
    spec = workshop.spec(OBEDIENT, manifest=manifest, outside=True)
    deploy("papan", deployment_id=spec.deployment, egress=manifest.egress)
    names = Names({NAME: [["127.0.0.1"]]}, trusted={"127.0.0.1"})
    with running(app, replace(settings, data=workshop.root.parent), names):
        until((workshop.root / "outside" / str(spec.deployment) / "host.sock").exists)
        yield workshop.start(spec)


def allow(app, papan: Plugin, port: int) -> None:
    with app.app_context(), unit_of_work() as session:
        city = find("bontang")
        scope.enter_city(city.id)
        deployment = session.get_one(Deployment, papan.spec.deployment)
        service.decide(city, deployment, Wish("egress", f"{NAME}:{port}"), give=True)


def test_the_way_out_leads_to_what_is_allowed_and_nowhere_else(app, papan, weather):
    assert papan.run(TENANT) == "papan"
    fetch = TUNNEL.replace("HOST", NAME).replace("PORT", str(weather.port))
    assert "403" in papan.run(fetch)["text"], "not before the city allows it"
    allow(app, papan, weather.port)
    assert papan.run(fetch) == "cerah"
    for host, port in (("127.0.0.1", weather.port), ("169.254.169.254", 80), ("other.example", 443)):
        assert "403" in papan.run(TUNNEL.replace("HOST", host).replace("PORT", str(port)))["text"]


def test_the_way_out_cannot_be_taken_over(papan):
    removed = papan.run("import os; os.unlink('/run/lumbung/host.sock')")
    assert removed["error"] == "OSError" and removed["errno"] == 30
    assert papan.run("import os; result = os.listdir('/run/lumbung')")["error"] == "PermissionError"
    assert papan.run("import os; result = os.listdir('/run')") == ["lumbung"]
    assert papan.run("import os; result = os.path.exists('/run/lumbung/../outside')") is False
    assert papan.run(TENANT) == "papan"


def test_there_is_no_other_way(papan, weather):
    direct = f"import socket; socket.create_connection(('127.0.0.1', {weather.port}), 3)"
    assert papan.run(direct)["error"] == "ConnectionRefusedError"
    assert "error" in papan.run("import socket; socket.create_connection(('8.8.8.8', 53), 3)")
    assert "error" in papan.run("import socket; socket.getaddrinfo('api.bmkg.go.id', 443)")


def test_a_plugin_that_asks_for_no_host_is_given_no_proxy(app, deploy, workshop, settings):
    spec = workshop.spec(OBEDIENT, outside=True)
    plugin = workshop.start(spec)
    assert plugin.run("import os; result = [name for name in os.environ if 'PROXY' in name.upper()]") == []
    taken = "import socket; socket.create_connection(('127.0.0.1', 3128), 3)"
    assert plugin.run(taken)["error"] == "ConnectionRefusedError"


SIBLING = """
import http.client, json, socket
connection = http.client.HTTPConnection("gateway")
connection.sock = socket.socket(socket.AF_UNIX)
connection.sock.connect("/run/lumbung/host.sock")
connection.request("GET", "PATH", headers={"X-Lumbung-Caller": "wali", "Authorization": "Lumbung x"})
answer = connection.getresponse()
result = [answer.status, json.loads(answer.read())]
"""
CALLED = """
import json

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json")])
    caller = environ.get("lumbung.caller")
    return [json.dumps({"caller": caller, "path": environ["PATH_INFO"], "person": environ["lumbung.person"]}).encode()]
"""


@pytest.fixture
def pair(app, deploy, workshop, settings):
    """papan asks simtaru; both in sandboxes of their own."""
    provider = workshop.spec(CALLED, manifest=Manifest("app:application", provides={"zoning.read": "/_zoning"}))
    use = f"{provider.name}:zoning.read"
    asker = workshop.spec(OBEDIENT, manifest=Manifest("app:application", uses=(use,)), outside=True)
    deploy(provider.name, deployment_id=provider.deployment, provides={"zoning.read": "/_zoning"})
    deploy("papan", deployment_id=asker.deployment, uses=(use,))
    house = replace(settings, data=workshop.root.parent)
    called = workshop.start(provider)
    place = house.plugin_socket("bontang", provider.name)
    place.parent.mkdir(parents=True)
    place.symlink_to(called.place)
    with running(app, house, Names()):
        until((workshop.root / "outside" / str(asker.deployment) / "host.sock").exists)
        yield workshop.start(asker), called, use


def test_a_sibling_knows_who_asks_and_nobody_else_gets_in(app, pair):
    papan, called, use = pair
    call = SIBLING.replace("PATH", f"/siblings/{use.replace(':', '/')}/kecamatan")
    assert papan.run(call)[0] == 403, "not before the city allows it"
    with app.app_context(), unit_of_work() as session:
        city = find("bontang")
        scope.enter_city(city.id)
        service.decide(city, session.get_one(Deployment, papan.spec.deployment), Wish("sibling", use), give=True)
    status, told = papan.run(call)
    assert status == 200 and told["path"] == "/_zoning/kecamatan" and told["person"] is None
    assert told["caller"] == {"plugin": "papan", "capability": "zoning.read"}
    lies = {"X-Lumbung-Caller": "papan", "Authorization": "Lumbung x"}
    assert ask(called.place, "/_zoning/kecamatan", headers=lies).status == 403
