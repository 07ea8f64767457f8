"""Pages and resources of keeping: who sees what, what an act answers."""

from __future__ import annotations

import pytest

from registry.core import scope
from registry.core.db import db
from registry.core.jobs import Job
from registry.core.uow import unit_of_work
from registry.forge import storage
from registry.forge.keeping import detaching, running, service, survey
from registry.forge.keeping.models import ForkQuota, ForkRemoval
from registry.forge.keeping.spots import Spot
from registry.tenants.models import City, Membership
from tests.forge.conftest import user
from tests.forge.keeping.conftest import commit

CONSOLE, API = "/console/bontang/forks", "/api/v1/forks/bontang/lapor"


@pytest.fixture
def client(world):
    """Signed in as the named person: a maintainer (a), Bontang's admin (b), another city's (c)."""

    def signed_in(name: str):
        made = world.app.test_client()
        with world.app.app_context(), made.session_transaction() as session:
            session["_user_id"], session["_fresh"] = user(f"{name}@example.id").get_id(), True
        return made

    return signed_in


@pytest.fixture
def ask(world):
    def asked(token: str, method: str, path: str, **given):
        headers = {"Authorization": f"Bearer {token}"}
        return world.app.test_client().open(path, method=method, headers=headers, **given)

    return asked


def in_programme(world, act):
    with world.app.app_context():
        scope.enter_programme()
        try:
            return act()
        finally:
            db.session.remove()


def text(answer) -> str:
    return answer.get_data(as_text=True)


def test_the_forks_page_shows_the_citys_room(world, client):
    assert "progress" in text(client("b").get(CONSOLE))


def test_a_full_city_reads_what_to_do(world, client):
    def fill():
        running.run()
        city = db.session.query(City).filter_by(slug="bontang").one()
        with unit_of_work():
            service.set_quota(city, 1)

    in_programme(world, fill)
    shown = text(client("b").get(f"{CONSOLE}/lapor/settings"))
    assert "note-bad" in shown and "100%" in shown


def test_the_admin_makes_a_fork_whole_and_watches_the_job(world, client):
    answer = client("b").post(f"{CONSOLE}/lapor/settings/detach")
    assert answer.status_code == 303 and "/jobs/" in answer.location
    assert client("b").post(f"{CONSOLE}/lapor/settings/detach").status_code == 409, "it is being done"
    assert in_programme(world, lambda: db.session.query(Job).count()) == 1


def test_a_fork_is_removed_by_its_name_and_brought_back(world, client):
    admin = client("b")
    assert admin.post(f"{CONSOLE}/lapor/settings/remove", data={"confirm": "other"}).status_code == 422
    assert admin.post(f"{CONSOLE}/lapor/settings/remove", data={"confirm": "lapor"}).status_code == 303
    assert admin.get(f"{CONSOLE}/lapor").status_code == 404
    assert f"{CONSOLE}/lapor/recover" in text(admin.get(CONSOLE))
    assert admin.post(f"{CONSOLE}/lapor/recover").status_code == 303
    assert admin.get(f"{CONSOLE}/lapor/settings").status_code == 200
    assert in_programme(world, lambda: db.session.query(ForkRemoval).count()) == 0


@pytest.mark.parametrize("path", ["settings", "settings/detach", "settings/attach", "settings/remove", "recover"])
def test_strangers_do_not_reach_it(world, client, path):
    method = "GET" if path == "settings" else "POST"
    answer = client("c").open(f"{CONSOLE}/lapor/{path}", method=method, data={"confirm": "lapor"})
    assert answer.status_code == 404


def test_an_auditor_sees_but_does_not_remove(world, client):
    def audits():
        with unit_of_work():
            city = db.session.query(City).filter_by(slug="bontang").one()
            db.session.add(Membership(city_id=city.id, user_id=user("c@example.id").id, role="auditor"))

    in_programme(world, audits)
    assert "confirm" not in text(client("c").get(f"{CONSOLE}/lapor/settings"))
    assert client("c").post(f"{CONSOLE}/lapor/settings/remove", data={"confirm": "lapor"}).status_code == 403


def test_maintainers_see_every_repository_and_its_faults(world, client):
    (world.storage.fork("bontang", "lapor") / "config").write_text("")
    in_programme(world, lambda: (running.run(), list(survey.survey())))
    shown = text(client("a").get("/programme/storage"))
    assert "Kota Bontang" in shown and "<code>config</code>" in shown
    assert "Kota Bontang" not in text(client("a").get("/programme/storage?state=sound&q=bontang"))
    assert client("b").get("/programme/storage").status_code == 403


def test_a_check_is_a_job_and_one_at_a_time(world, client):
    first = client("a").post("/programme/storage/check", data={"act": "repair"})
    assert "/jobs/" in first.location
    assert client("a").post("/programme/storage/check").location.endswith("/programme/storage")


def test_maintainers_give_a_city_more_room(world, client):
    assert client("a").post("/programme/storage/cities/bontang", data={"limit": "5000"}).status_code == 303
    assert in_programme(world, lambda: db.session.query(ForkQuota).one().bytes) == 5000 * 2**20
    assert client("a").post("/programme/storage/cities/bontang", data={"limit": "-1"}).status_code == 422
    assert client("a").post("/programme/storage/cities/bontang", data={"limit": ""}).status_code == 303
    assert in_programme(world, lambda: db.session.query(ForkQuota).count()) == 0
    assert client("b").post("/programme/storage/cities/bontang", data={"limit": "1"}).status_code == 403
    assert "Kota Bontang" in text(client("a").get("/programme/storage/cities?q=bontang"))


def test_programs_do_the_same(world, ask):
    admin, maintainer = world.admin, world.maintainer
    in_programme(world, running.run)
    assert ask(admin, "GET", f"{API}/storage").json["whole"] is False
    assert ask(admin, "POST", f"{API}/detach").status_code == 202
    assert ask(admin, "POST", f"{API}/attach").status_code == 409
    assert ask(admin, "DELETE", API, query_string={"confirm": "no"}).status_code == 422
    assert ask(admin, "DELETE", API, query_string={"confirm": "lapor"}).json["due_at"]
    assert [one["app"] for one in ask(admin, "GET", "/api/v1/cities/bontang/storage").json["removed"]] == ["lapor"]
    assert ask(admin, "POST", f"{API}/recover").json == {"city": "bontang", "app": "lapor"}
    assert ask(admin, "GET", "/api/v1/storage").status_code == 403
    assert len(ask(maintainer, "GET", "/api/v1/storage").json["items"]) == 3
    assert ask(maintainer, "PUT", "/api/v1/cities/bontang/storage", json={"limit": 7}).json["limit"] == 7
    assert ask(maintainer, "POST", "/api/v1/storage/check", json={}).status_code == 202
    assert ask(world.stranger, "GET", f"{API}/storage").status_code == 404


def test_a_fork_on_its_own_keeps_its_pages_when_the_original_goes_on(world, client):
    """It cannot be compared any more with what it no longer sees; that is no fault of its pages."""
    place = world.storage
    detaching.detach(place, Spot("fork", place.fork("bontang", "lapor"), "lapor", 1, 1, "bontang"))
    commit(place.upstream("lapor"), "later")
    storage.feed_pool(place, "lapor", place.upstream("lapor"))
    admin = client("b")
    for path in ("", "/lapor", "/lapor/settings", "/lapor/upstream", "/lapor/source/", "/lapor/branches"):
        assert admin.get(f"{CONSOLE}{path}").status_code == 200, path
