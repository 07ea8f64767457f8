"""The gateway's own words: who asks is the socket, what may be done is the grant, and every byte is bounded."""

from __future__ import annotations

import os
import socket
import stat
import time

import pytest

from registry.connect import reading
from registry.connect.gateway import budget, relay, wire
from registry.connect.rules import Wish
from registry.core import clock, scope
from registry.core.db import db
from registry.core.uow import unit_of_work, wake_host
from registry.hosting.models import Deployment
from registry.tenants.models import Opd
from tests.connect.conftest import WISHES, find
from tests.connect.gateway import ask, dial, raw, until

MAIL = {"to": ["warga@bontang.example"], "subject": "Laporan Anda", "text": "Sudah selesai."}


@pytest.fixture
def papan(deploy):
    return deploy(**WISHES)


def test_a_plugin_learns_its_city_as_it_is_now(host):
    answer = ask(host, "GET", "/tenant")
    assert answer.status == 200 and answer.json["slug"] == "bontang" and answer.json["plugin"]["name"] == "papan"


def test_a_plugin_learns_its_own_citys_units(host, app):
    with app.app_context(), unit_of_work() as session:
        scope.enter_programme()
        for slug, name in (("bontang", "Dinas PUPR"), ("bontang", "Bappeda"), ("bandung", "Dinas Sosial")):
            session.add(Opd(tenant_id=find(slug).id, name=name))
    units = ask(host, "GET", "/tenant").json["units"]
    assert [unit["name"] for unit in units] == ["Bappeda", "Dinas PUPR"]
    assert all(isinstance(unit["id"], int) and set(unit) == {"id", "name"} for unit in units)


def test_who_asks_is_the_socket_and_no_header(host, deploy, settings, gateway):
    other = settings.outside(deploy("lapor")) / "host.sock"
    until(other.exists)
    lies = {"X-Lumbung-Plugin": "papan", "X-Plugin": "papan", "Host": "papan.bontang", "Authorization": "Lumbung x"}
    assert ask(other, "GET", "/tenant", headers=lies).json["plugin"]["name"] == "lapor"
    assert ask(host, "GET", "/tenant", headers=lies).json["plugin"]["name"] == "papan"


def test_only_the_deployments_own_user_reaches_its_socket(host, papan):
    info = host.stat()
    assert stat.S_IMODE(info.st_mode) == 0o600
    assert info.st_uid == (200_000 + papan if os.getuid() == 0 else os.getuid())


@pytest.mark.skipif(os.getuid() != 0, reason="only root becomes another user")
def test_another_deployments_user_is_refused_even_with_the_file_open_to_all(host):
    os.chmod(host, 0o666)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.chdir(host.parent)  # the folders above it are closed to others
            os.setuid(299_999)
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(20)
                client.connect(host.name)
                client.sendall(b"GET /tenant HTTP/1.1\r\nHost: a\r\n\r\n")
                code = 0 if client.recv(10) == b"" else 2
        except ConnectionError:
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_grants_are_told_with_their_answers(host, decide):
    decide(Wish("mail"))
    answer = ask(host, "GET", "/grants").json
    assert {(one["kind"], one["state"]) for one in answer["items"]} == {
        ("sibling", "asked"), ("egress", "asked"), ("mail", "given"),
    }  # fmt: skip
    assert answer["left_today"]["mails"] == 200


def test_without_a_grant_no_mail_leaves_and_it_is_said_why(host, app):
    answer = ask(host, "POST", "/mail", MAIL)
    assert answer.status == 403 and answer.headers["content-type"] == "application/problem+json"
    assert (
        answer.json["code"] == "not-granted" and answer.json["status"] == 403 and "Sambungan" in answer.json["detail"]
    )
    assert queued(app) == 0


def test_with_a_grant_mail_leaves_and_stops_the_moment_it_is_taken_back(host, decide, app):
    decide(Wish("mail"))
    assert ask(host, "POST", "/mail", MAIL).json == {"sent": 1, "left_today": 199}
    decide(Wish("mail"), give=False)
    assert ask(host, "POST", "/mail", MAIL).status == 403
    assert queued(app) == 1


def test_mail_has_a_quota(host, decide, monkeypatch, app):
    monkeypatch.setattr("registry.connect.rules.MAILS_PER_DAY", 2)
    decide(Wish("mail"))
    answers = [ask(host, "POST", "/mail", MAIL) for _ in range(3)]
    assert [answer.status for answer in answers] == [202, 202, 429]
    assert answers[2].json["code"] == "too-many" and int(answers[2].headers["retry-after"]) > 0
    assert queued(app) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": "Halo\r\nBcc: korban@lain.example"},
        {"to": ["warga@bontang.example\r\nBcc: korban@lain.example"]},
        {"to": []},
        {"to": [f"w{n}@bontang.example" for n in range(6)]},
        {"to": [["warga@bontang.example"]]},
        {"text": "x" * 70_000},
        {"text": None},
        {"from": "wali@kota.example"},
        {"html": "<b>"},
        {"headers": {"Bcc": "korban@lain.example"}},
        {"text": "\ud800"},
    ],
)
def test_a_message_is_plain_and_its_headers_are_ours(host, decide, app, wrong):
    decide(Wish("mail"))
    assert ask(host, "POST", "/mail", {**MAIL, **wrong}).status == 422
    assert queued(app) == 0


def queued(app) -> int:
    """Messages on their way."""
    with app.app_context():
        asked = "select count(*) from procrastinate_jobs where task_name = 'core.mail'"
        found = db.session.connection().exec_driver_sql(asked)
        return int(found.scalar_one())


def test_figures_need_no_grant_and_are_kept(host, app, papan):
    assert ask(host, "POST", "/kpi", [{"name": "baru", "value": 3, "unit": "laporan"}]).json == {"kept": 1}
    with app.app_context():
        scope.enter_city(find("bontang").id)
        [kpi] = reading.newest_kpis(db.session.get_one(Deployment, papan))
        assert (kpi.name, kpi.value, kpi.unit) == ("baru", 3.0, "laporan")


@pytest.mark.parametrize(
    "body",
    [[], {}, [{"name": "A", "value": 1}], [{"name": "a", "value": 1}] * 51, b"[", b'[{"name":"a","value":NaN}]',
     b"[" * 100_000, b"\xff", [{"name": "a", "value": 1}, {"name": "b"}]],
)  # fmt: skip
def test_what_is_no_list_of_figures_is_refused(host, body):
    answer = ask(host, "POST", "/kpi", body)
    assert answer.status == 422 and answer.json["code"] == "invalid"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404), ("GET", "/../../etc/passwd", 404), ("POST", "/tenant", 405), ("GET", "/mail", 405),
        ("GET", "http://api.bmkg.example/", 405), ("GET", "/siblings/", 404), ("GET", "/siblings/a", 404),
        ("TRACE", "/siblings/simtaru/zoning.read", 404), ("OPTIONS", "*", 405),
    ],
)  # fmt: skip
def test_there_is_nothing_else(host, method, path, status):
    assert ask(host, method, path).status == status


def test_plain_http_through_the_proxy_is_told_how_to_do_better(host):
    assert "https" in ask(host, "GET", "http://api.bmkg.example/").json["detail"]


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01 TLS", b"GET /tenant\r\n\r\n", b"GET /tenant HTTP/1.1\r\n\r\n", b"GET / HTTP/3\r\n\r\n",
        b"GET /tenant HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 60_000 + b"\r\n\r\n",
        b"POST /kpi HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST /kpi HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"GET /tenant HTTP/1.1\r\nHost: a\r\nX Y: z\r\n\r\n",
    ],
)  # fmt: skip
def test_what_is_no_http_is_refused_and_the_next_is_served(host, sent):
    assert raw(host, sent).startswith(b"HTTP/1.1 4")
    assert ask(host, "GET", "/tenant").status == 200


def test_a_body_has_a_size(host):
    head = b"POST /kpi HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n"
    assert raw(host, head).startswith(b"HTTP/1.1 413")
    with dial(host) as client:
        client.sendall(b"POST /kpi HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        with pytest.raises(ConnectionError):
            for _piece in range(200):
                client.sendall(b"4000\r\n" + b"x" * 0x4000 + b"\r\n")
                time.sleep(0.001)


def test_who_sends_slowly_is_let_go(host, monkeypatch):
    monkeypatch.setattr(wire, "HEAD_SECONDS", 0.3)
    begun = time.monotonic()
    assert raw(host, b"GET /tenant HT").startswith(b"HTTP/1.1 408")
    assert time.monotonic() - begun < 5


def test_holding_every_connection_hurts_nobody_else(host, deploy, settings):
    neighbour = settings.outside(deploy("lapor")) / "host.sock"
    until(neighbour.exists)
    held = [dial(host) for _ in range(budget.CONNECTIONS + 20)]
    try:
        for client in held:
            client.sendall(b"GET /ten")
        assert ask(neighbour, "GET", "/tenant").status == 200
    finally:
        for client in held:
            client.close()
    assert ask(host, "GET", "/tenant").status == 200


def test_a_flood_is_slowed_and_said(host, monkeypatch):
    monkeypatch.setattr(budget, "BURST", 3)
    monkeypatch.setattr(budget, "PER_MINUTE", 1)
    monkeypatch.setattr("registry.connect.gateway.serving.PENALTY", 0.01)
    statuses = [ask(host, "GET", "/tenant").status for _ in range(12)]
    assert statuses[0] == 200 and statuses[3:] == [429] * 9


def test_a_plugin_that_is_gone_loses_its_socket(host, papan, app):
    with app.app_context(), unit_of_work() as session:
        scope.enter_programme()
        session.get_one(Deployment, papan).removed_at = clock.now()
        wake_host(papan)
    until(lambda: not host.exists())


def test_a_copy_for_trying_has_no_way_out(deploy, app, settings, gateway):
    with app.app_context(), unit_of_work() as session:
        scope.enter_programme()
        trial = deploy_trial(session, deploy("lapor"))
    other = settings.outside(deploy("antrian")) / "host.sock"
    until(other.exists)
    assert not (settings.outside(trial) / "host.sock").exists()


def test_a_copy_for_trying_reaches_its_own_database_alone(deploy, app, settings, gateway):
    with app.app_context(), unit_of_work() as session:
        scope.enter_programme()
        trial = deploy_trial(session, deploy("lapor", store="postgresql"))
    until((settings.outside(trial) / relay.SOCKET).exists)
    until(lambda: not (settings.outside(trial) / "host.sock").exists())


def deploy_trial(session, deployment_id: int) -> int:
    session.get_one(Deployment, deployment_id).trial_of = 1
    return deployment_id
