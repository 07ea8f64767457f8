"""The pages: figures, log and alerts; what the API and Prometheus tell of the same."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from registry.accounts import service as accounts
from registry.core import scope
from registry.core.uow import unit_of_work
from registry.hosting.alerts import raise_alert
from registry.hosting.plain import DeploymentPaths
from registry.monitor import service
from tests.hosting.conftest import find

LINES = """\
2026-11-24T01:00:00Z mulai
2026-11-24T01:00:01Z WARNING antrean panjang
2026-11-24T01:00:02Z Traceback (most recent call last):
2026-11-24T01:00:02Z   File "lapor.py", line 7
2026-11-24T01:00:03Z [lumbung] slow request: /cari
"""


def member(app: Flask, email: str) -> FlaskClient:
    client = app.test_client()
    with app.app_context():
        user = accounts.find_by_email(email)
        assert user is not None
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = user.get_id(), True
    client.get("/?lang=en")
    return client


@pytest.fixture
def admin(app: Flask, plugin: int) -> FlaskClient:
    return member(app, "admin@bontang.example")


@pytest.fixture
def log(settings, plugin: int):
    path = DeploymentPaths(settings.data, plugin).plugin_log
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_name("plugin.log.1").write_text("2026-11-23T23:00:00Z kemarin\n")
    path.write_text(LINES)
    yield path
    for file in path.parent.iterdir():
        file.unlink()


PAGE = "/console/bontang/plugins/papan"


@pytest.mark.parametrize("tab", ["figures", "log", "backups", "connections"])
def test_a_plugins_page_of_any_room_stands_under_plugins(plugin: int, admin: FlaskClient, tab: str) -> None:
    here = re.findall(r'href="([^"]+)" aria-current="page"', admin.get(f"{PAGE}/{tab}").text)
    assert here == ["/console/bontang/plugins", f"{PAGE}/{tab}"]


def test_figures_are_drawn_and_stand_in_a_table(wrote, admin) -> None:
    wrote(3, requests=42, errors=2)
    page = admin.get(f"{PAGE}/figures?range=1h").text
    assert "42" in page
    assert page.count("<svg viewBox") >= 6
    assert page.count("<caption") == 6
    assert "<script" not in page.partition('<figure class="chart')[2].partition("</figure>")[0]


@pytest.mark.parametrize("word", ["1h", "24h", "7d", "30d", "nonsense", ""])
def test_every_range_answers(wrote, admin, word: str) -> None:
    wrote(3)
    assert admin.get(f"{PAGE}/figures?range={word}").status_code == 200


def test_a_plugin_that_nobody_visited_says_when_figures_appear(admin) -> None:
    assert "No figures yet" in admin.get(f"{PAGE}/figures").text


def test_the_log_shows_the_older_file_too(log, admin) -> None:
    page = admin.get(f"{PAGE}/log").text
    assert page.index("kemarin") < page.index("mulai")


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [("q=ANTREAN", "antrean panjang", "mulai"), ("level=error", "line 7", "antrean"),
     ("level=warning", "antrean", "mulai"), ("level=host", "slow request", "Traceback")],
)  # fmt: skip
def test_the_log_is_searched(log, admin, query: str, there: str, gone: str) -> None:
    shown = admin.get(f"{PAGE}/log?{query}").text.partition("<pre")[2].partition("</pre>")[0]
    assert there in shown
    assert gone not in shown


def follow(admin: FlaskClient, page: str) -> str:
    path = page.partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    return admin.get(path, headers={"HX-Request": "true"}).text


def test_new_lines_come_by_themselves_and_once(log, admin) -> None:
    page = admin.get(f"{PAGE}/log").text
    with log.open("a") as file:
        file.write("2026-11-24T01:00:04Z baru\n2026-11-24T01:00:05Z setengah")
    more = follow(admin, page)
    assert "baru" in more
    assert "mulai" not in more
    assert "setengah" not in more, "a line that is still being written"
    with log.open("a") as file:
        file.write(" utuh\n")
    assert "setengah utuh" in follow(admin, more)
    assert "baru" not in follow(admin, follow(admin, more))


def test_nothing_is_lost_when_the_file_becomes_an_older_one(log, admin) -> None:
    page = admin.get(f"{PAGE}/log").text
    with log.open("a") as file:
        file.write("2026-11-24T01:00:04Z terakhir\n")
    log.rename(log.with_name("plugin.log.1"))
    log.write_text("2026-11-24T01:00:06Z pertama\n")
    more = follow(admin, page)
    assert more.index("terakhir") < more.index("pertama")
    assert "mulai" not in more


@pytest.mark.parametrize("place", ["", "x", "1-", "99999999999999999999-99999999999999999999", "0-0", "-5"])
def test_a_place_nobody_gave_is_no_fault(log, admin, place: str) -> None:
    answer = admin.get(f"{PAGE}/log?since={place}", headers={"HX-Request": "true"})
    assert answer.status_code == 200


def test_the_whole_log_is_taken_along(log, admin) -> None:
    answer = admin.get(f"{PAGE}/log.txt")
    assert answer.text == f"2026-11-23T23:00:00Z kemarin\n{LINES}"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_what_the_plugin_printed_is_no_markup(log, admin) -> None:
    log.write_text("2026-11-24T01:00:00Z <script>alert(1)</script>\n")
    assert "<script>alert" not in admin.get(f"{PAGE}/log").text


@pytest.fixture
def alert(app: Flask, plugin: int) -> int:
    with app.test_request_context():
        city = find("bontang").id
        scope.enter_city(city)
        with unit_of_work():
            return raise_alert(city, "memory", "Batas memori terlewati.", plugin).id


def test_an_alert_stands_on_every_page_until_it_is_seen(alert, admin) -> None:
    assert "Memory limit passed" in admin.get("/console/bontang/people").text
    assert "Batas memori terlewati." in admin.get("/console/bontang/alerts").text
    assert admin.post(f"/console/bontang/alerts/{alert}/seen").status_code == 302
    assert "Memory limit passed" not in admin.get("/console/bontang/people").text
    assert "Batas memori terlewati." in admin.get("/console/bontang/alerts").text


def test_an_operator_of_the_plugin_does_not_act_on_alerts(app, alert) -> None:
    operator = member(app, "operator@bontang.example")
    assert operator.post(f"/console/bontang/alerts/{alert}/seen").status_code == 403


@pytest.fixture
def bearer(app: Flask, plugin: int) -> dict[str, str]:
    with app.app_context(), unit_of_work():
        _token, secret = accounts.create_token(accounts.find_by_email("admin@bontang.example"), "test")
    return {"Authorization": f"Bearer {secret}"}


def test_the_api_tells_the_same(wrote, alert, log, client, bearer) -> None:
    wrote(3, requests=42)
    shown = client.get("/api/v1/deployments/papan.bontang/figures?range=1h", headers=bearer).json
    assert (shown["range"], shown["step_seconds"], shown["whole"]["requests"]) == ("1h", 60, 42)
    assert len(shown["steps"]) == 60
    said = client.get("/api/v1/deployments/papan.bontang/log?q=antrean", headers=bearer).json
    assert len(said["lines"]) == 1
    later = client.get(f"/api/v1/deployments/papan.bontang/log?since={said['place']}", headers=bearer).json
    assert later["lines"] == []
    [told] = client.get("/api/v1/alerts?city=bontang", headers=bearer).json["items"]
    assert (told["plugin"], told["kind"], told["seen_at"]) == ("papan", "memory", None)
    seen = client.post(f"/api/v1/alerts/{alert}/seen?city=bontang", headers=bearer)
    assert seen.json["seen_at"] is not None


def test_the_api_refuses_a_range_it_does_not_know(client, bearer) -> None:
    assert client.get("/api/v1/deployments/papan.bontang/figures?range=9y", headers=bearer).status_code == 422


def test_prometheus_is_told_per_plugin(wrote, alert, client) -> None:
    wrote(1, requests=7, errors=1, memory_bytes=1024)
    wrote(0, requests=5, memory_bytes=4096)
    text = client.get("/metrics").text
    assert 'lumbung_plugin_requests_total{city="bontang",plugin="papan"} 12.0' in text
    assert 'lumbung_plugin_memory_bytes{city="bontang",plugin="papan"} 4096.0' in text
    assert 'lumbung_alert_open{city="bontang",kind="memory",plugin="papan"} 1.0' in text


def test_a_day_is_counted_from_hours_and_minutes_once(app, wrote, client) -> None:
    wrote(90, requests=3)
    with app.test_request_context():
        scope.enter_programme()
        with unit_of_work():
            service.roll_up()
    wrote(1, requests=4)
    assert 'lumbung_plugin_requests_total{city="bontang",plugin="papan"} 7.0' in client.get("/metrics").text


def test_the_list_of_plugins_tells_load_and_alerts(wrote, alert, admin) -> None:
    wrote(1, requests=42)
    page = admin.get("/console/bontang/plugins").text
    assert "42 requests in 10 minutes" in page
    assert "Memory limit passed" in page
