"""Mail, figures, siblings and the city's facts: asked of Lumbung, and harmless where there is none."""

import json
import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from lumbung_plugin import (
    NotGranted,
    OutsideError,
    QuotaUsed,
    Refused,
    SiblingAway,
    city,
    kpi,
    mail,
    outside,
    siblings,
    tenant,
    units,
)

FACTS = {
    "code": "64.74", "slug": "bontang", "name": "Kota Taman", "timezone": "Asia/Makassar", "locale": "id",
    "color": "#000000", "logo": "", "portal": "", "demo": False, "plugin": {"name": "lapor"},
}  # fmt: skip


class Gateway(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Answers as it is told and remembers what it was asked."""

    daemon_threads = True
    answer: tuple[int, object] = (200, FACTS)
    headers = ()
    asked: list[tuple[str, str, str]]

    def refuse(self, status: int, code: str) -> None:
        self.answer = (status, {"code": code, "detail": "because"})


class Handler(BaseHTTPRequestHandler):
    def reply(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        self.server.asked.append((self.command, self.path, self.rfile.read(size).decode()))
        status, value = self.server.answer
        self.send_response(status)
        for name, value in self.server.headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(json.dumps(value).encode())

    do_GET = do_POST = reply  # noqa: N815

    def address_string(self) -> str:
        return "plugin"

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    place = tmp_path / "host.sock"
    monkeypatch.setattr(outside, "SOCKET", str(place))
    with Gateway(str(place), Handler) as server:
        server.asked = []
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lumbung_plugin.facts._known", None)
    monkeypatch.setattr(outside, "SOCKET", "/nowhere/host.sock")


def test_mail_is_handed_over(gateway):
    assert mail.send("warga@bontang.example", "Selesai", "Isi") is True
    method, path, body = gateway.asked[0]
    assert (method, path) == ("POST", "/mail")
    assert json.loads(body) == {"to": ["warga@bontang.example"], "subject": "Selesai", "text": "Isi"}


def test_figures_are_reported_in_one_call(gateway):
    assert kpi.report(kpi.Figure("baru", 3, "laporan", "Baru"), kpi.Figure("selesai", 1)) is True
    told = json.loads(gateway.asked[0][2])
    assert [one["name"] for one in told] == ["baru", "selesai"] and told[0]["label"]["id"] == "Baru"


def test_a_sibling_is_asked_by_app_and_capability(gateway):
    reply = siblings.ask("simtaru", "zoning.read", "kecamatan/Bontang Utara", {"tahun": 2026, "a": ["x", "y"]})
    assert reply.status == 200 and reply.json()["slug"] == "bontang"
    assert gateway.asked[0][1] == "/siblings/simtaru/zoning.read/kecamatan/Bontang%20Utara?tahun=2026&a=x&a=y"


def test_what_the_sibling_itself_refuses_is_its_answer(gateway):
    gateway.refuse(404, "not-granted")
    gateway.headers = (("X-Lumbung-Sibling", "simtaru"),)
    assert siblings.ask("simtaru", "zoning.read", "x").status == 404


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("not-granted", NotGranted),
        ("sibling-off", SiblingAway),
        ("sibling-absent", SiblingAway),
        ("too-many", QuotaUsed),
        ("invalid", Refused),
        ("unavailable", OutsideError),
    ],
)
def test_each_refusal_has_its_name(gateway, code, error):
    gateway.refuse(403, code)
    with pytest.raises(error) as caught:
        siblings.ask("simtaru", "zoning.read")
    assert caught.value.code == code and str(caught.value) == "because"


def test_a_refusal_has_words_for_citizens_in_their_language(app, gateway):
    gateway.refuse(403, "not-granted")
    with app.test_request_context("/?lang=id"), pytest.raises(NotGranted) as caught:
        mail.send("warga@bontang.example", "Selesai", "Isi")
    with app.test_request_context("/?lang=id"):
        assert "belum tersambung" in caught.value.words
    with app.test_request_context("/?lang=en"):
        assert "not connected" in caught.value.words
    assert caught.value.words, "also without an application"


def test_the_citys_facts_are_fresh_and_asked_once_a_minute(gateway):
    assert tenant().name == "Kota Taman" and tenant().name == "Kota Taman"
    assert len(gateway.asked) == 1 and city().name == "Kota Bontang"


def test_while_lumbung_does_not_answer_the_last_facts_stay(gateway, monkeypatch):
    monkeypatch.setattr("lumbung_plugin.facts.KEPT_SECONDS", 0.0)
    assert tenant().name == "Kota Taman"
    gateway.refuse(503, "unavailable")
    assert tenant().name == "Kota Taman"


def test_the_citys_units_come_with_its_facts(gateway):
    gateway.answer = (200, {**FACTS, "units": [{"id": 7, "name": "Dinas PUPR"}]})
    assert [(unit.id, unit.name) for unit in units()] == [(7, "Dinas PUPR")]
    assert tenant().name == "Kota Taman" and len(gateway.asked) == 1


def test_a_registry_that_tells_no_units_has_none(gateway):
    assert units() == [] and tenant().name == "Kota Taman"


@pytest.mark.parametrize("wrong", [7, "x", [7], [{"id": "x", "name": "y"}], [{"name": "y"}], {"id": 1}])
def test_units_that_cannot_be_read_are_no_answer(gateway, wrong):
    gateway.answer = (200, {**FACTS, "units": wrong})
    assert units() == [] and tenant() == city()


def test_alone_nothing_is_sent_and_nothing_breaks(caplog):
    assert mail.send("warga@bontang.example", "Selesai", "Isi") is False
    assert "warga@bontang.example" not in caplog.text, "no address in the log"
    assert kpi.report(kpi.Figure("baru", 3)) is False
    assert tenant() == city() and units() == []
    with pytest.raises(SiblingAway, match="alone"):
        siblings.ask("simtaru", "zoning.read")


def test_a_gateway_that_breaks_off_is_an_outside_error(tmp_path, monkeypatch):
    place = tmp_path / "dead.sock"
    place.touch()
    monkeypatch.setattr(outside, "SOCKET", str(place))
    with pytest.raises(OutsideError):
        mail.send("warga@bontang.example", "Selesai", "Isi")
