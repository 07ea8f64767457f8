"""The console's pages about one plugin, and the same by API: who may, what they do, what they say."""

import pytest

from registry.accounts import service as accounts
from registry.core import scope
from registry.core.uow import unit_of_work
from registry.hosting import reading
from registry.tenants import rules
from registry.tenants.models import Membership
from tests.hosting.conftest import find
from tests.hosting.serving import plugin, revise

PAGE, API = "/console/bontang/plugins/papan", "/api/v1/deployments/papan.bontang"
REMIND = {"name": "remind", "call": "papan.tasks:remind", "cron": "0 6 * * *"}
WORDS = "Ditutup sampai pukul 14.00 untuk pembaruan."


@pytest.fixture
def papan(world, app):
    """Serving, with a task; an auditor is there too. No context stays open: each request has its own."""
    with app.app_context():
        city = find("bontang")
        scope.enter_city(city.id)
        plugin(city, [REMIND])
        with unit_of_work() as session:
            auditor = accounts.find_by_email("operator@bontang.example")
            session.add(Membership(city_id=city.id, user_id=auditor.id, role=rules.AUDITOR))


@pytest.fixture
def admin(app, papan):
    return signed_in(app, "admin@bontang.example")


@pytest.fixture
def auditor(app, papan):
    return signed_in(app, "operator@bontang.example")


@pytest.fixture
def program(app, papan):
    """The admin's, with a token."""
    with app.app_context(), unit_of_work():
        _token, text = accounts.create_token(accounts.find_by_email("admin@bontang.example"), "uji")
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {text}"
    return client


def signed_in(app, email):
    client = app.test_client()
    with app.app_context():
        user = accounts.find_by_email(email)
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = user.get_id(), True
    client.get("/?lang=en")
    return client


def test_every_page_of_a_plugin_is_there_for_admin_and_auditor_and_for_nobody_else(app, admin, auditor):
    pages = ["", "/history", "/tasks", "/domains"]
    for client in (admin, auditor):
        assert [client.get(f"{PAGE}{page}").status_code for page in pages] == [200] * 4
    assert "Switch off" in admin.get(PAGE).text
    assert "Switch off" not in auditor.get(PAGE).text
    stranger = signed_in(app, "admin@tegal.example")
    assert [stranger.get(f"{PAGE}{page}").status_code for page in pages] == [404] * 4


def test_an_auditor_changes_nothing(auditor):
    acts = ["/pin", "/follow", "/close", "/open", "/off", "/rollback", "/tasks/remind/run", "/domains"]
    assert [auditor.post(f"{PAGE}{act}", data={"words": WORDS, "hostname": "a.go.id"}).status_code for act in acts] == [
        403] * len(acts)  # fmt: skip


def test_the_pages_act_and_say_what_happened(admin):
    answers = [
        admin.post(f"{PAGE}{act}", data=data, follow_redirects=True).text
        for act, data in {
            "/pin": {},
            "/follow": {},
            "/close": {"words": WORDS},
            "/open": {},
            "/tasks/remind/run": {},
            "/tasks/remind/pause": {},
            "/domains": {"hostname": "papan.kotabontang.go.id"},
        }.items()
    ]
    told = ["stays awake", "may upgrade papan", "Citizens read your words", "open again", "was started", "paused",
            "_lumbung.papan.kotabontang.go.id"]  # fmt: skip
    assert [words in answer for words, answer in zip(told, answers, strict=True)] == [True] * 7


def test_a_form_filled_in_badly_keeps_what_was_written(admin):
    answer = admin.post(f"{PAGE}/close", data={"words": "pendek"})
    assert answer.status_code == 422 and "pendek" in answer.text
    answer = admin.post(f"{PAGE}/domains", data={"hostname": "http://a.go.id/x"})
    assert answer.status_code == 422 and "without http://" in answer.text


@pytest.mark.parametrize("query", ["from=1&to=1", "from=1&to=99", "from=x&to=1", "from=999999999999999999999&to=1"])
def test_a_comparison_that_makes_no_sense_is_refused_or_left_out(admin, query):
    assert admin.get(f"{PAGE}/history?{query}").status_code in (200, 404, 409, 422)


def test_a_city_admin_is_not_let_into_the_waves(admin):
    assert [admin.get(path).status_code for path in ("/programme/waves", "/programme/waves/1")] == [403, 403]
    assert admin.post("/programme/waves/new?app=papan", data={"app": "papan"}).status_code == 403


def test_before_each_act_the_page_says_what_it_will_do(admin, app):
    with app.app_context():
        scope.enter_city(find("bontang").id)
        deployment = reading.get_deployment(find("bontang"), "papan")
        first = reading.revisions(deployment)[0]
        with unit_of_work():
            first.snapshot = "snapshots/1"
        revise(deployment, first.commit, {"title": "Kesah"})
    page = admin.get(f"{PAGE}/history").text
    assert "What citizens entered since stays" in page and "disappears from the plugin" in page
    assert "Nothing is deleted: data, settings, revisions and backups stay" in admin.get(PAGE).text


def test_before_it_is_deployed_the_page_rates_the_very_commit_of_the_fork(admin):
    page = admin.get("/console/bontang/plugins/new?app=papan").text
    assert 'class="rating-grade' in page and "Does nothing when merely loaded" in page


def test_the_api_does_what_the_pages_do(program):
    assert program.patch(API, json={"maintenance": WORDS, "pinned": True, "follows": True}).json["maintenance"] == WORDS
    told = program.get(API).json
    assert (told["pinned"], told["follows"]) == (True, True)
    assert program.patch(API, json={"maintenance": ""}).json["maintenance"] == ""
    assert program.post(f"{API}/tasks/remind/runs").status_code == 202
    assert program.patch(f"{API}/tasks/remind", json={"paused": True}).json["items"][0]["paused"] is True
    made = program.post(f"{API}/domains", json={"hostname": "papan.kotabontang.go.id"})
    assert (made.status_code, made.json["txt_name"]) == (201, "_lumbung.papan.kotabontang.go.id")
    assert program.delete(f"{API}/domains/papan.kotabontang.go.id").status_code == 204
    assert program.get(f"{API}/domains").json == {"items": []}


def test_the_api_compares_revisions_and_lists_long_acts(program):
    assert program.get(f"{API}/revisions/1/difference?to=1").json["settings"] == []
    assert program.get(f"{API}/revisions/1/difference?to=7").status_code == 404
    assert program.get(f"{API}/jobs").json["items"] == []


def test_waves_are_for_maintainers_by_api_too(program):
    asked = [program.get("/api/v1/waves"), program.post("/api/v1/waves", json={"app": "papan"}),
             program.post("/api/v1/waves/1/resume")]  # fmt: skip
    assert [answer.status_code for answer in asked] == [403, 403, 403]


class Silent:
    """Counts who asks, and knows nothing."""

    asked = 0

    def texts(self, name):
        self.asked += 1
        return []

    def addresses(self, name):
        return set()


def test_the_button_asks_dns_and_pressed_twice_asks_once(app, admin, monkeypatch):
    silent = Silent()
    monkeypatch.setitem(app.extensions, "hosting.dns", silent)
    admin.post(f"{PAGE}/domains", data={"hostname": "papan.kotabontang.go.id"})
    for _time in range(2):
        page = admin.post(f"{PAGE}/domains/papan.kotabontang.go.id/check", follow_redirects=True).text
        assert "is not there yet" in page
    assert silent.asked == 1
