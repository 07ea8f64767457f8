"""``/api/v1/apps`` for programs."""

from datetime import timedelta

import pytest

from registry.catalog import service
from registry.core import clock
from registry.core.errors import InvalidError
from registry.core.uow import unit_of_work


@pytest.fixture
def apps(publisher, bundle):
    with unit_of_work():
        for slug in ("antrian", "lapor", "simtaru"):
            app = service.record_app(publisher, slug, bundle())
        service.record_release(app, bundle(), "1.0.0", "v1.0.0", "c" * 40, "a" * 40, "d" * 64, 1234, None)


def test_apps_are_listed_with_where_to_find_them(apps, client, settings):
    first, *_others, last = client.get("/api/v1/apps").json["items"]
    assert first["slug"] == "antrian" and first["publisher"]["code"] == "32.73"
    assert first["clone_url"] == f"{settings.origin}/git/antrian.git" and last["version"] == "1.0.0"


def test_the_cursor_leads_through_all_pages_once(apps, client):
    seen, after = [], ""
    for _turn in range(3):
        answer = client.get("/api/v1/apps", query_string={"limit": 1, "after": after}).json
        seen += [item["slug"] for item in answer["items"]]
        after = answer["next"]
    assert seen == ["antrian", "lapor", "simtaru"] and after is None


@pytest.mark.parametrize("query", [{"after": "!"}, {"after": "/w"}, {"limit": 0}, {"limit": 101}, {"limit": "x"}])
def test_a_wrong_question_is_a_problem_not_a_crash(apps, client, query):
    answer = client.get("/api/v1/apps", query_string=query)
    assert answer.status_code == 422 and answer.mimetype == "application/problem+json"


def test_an_unchanged_answer_costs_nothing(apps, client):
    tag = client.get("/api/v1/apps").headers["ETag"]
    assert client.get("/api/v1/apps", headers={"If-None-Match": tag}).status_code == 304


def test_one_app_tells_everything(apps, client):
    told = client.get("/api/v1/apps/simtaru").json
    assert told["facts"]["legal"]["license"] == "MIT" and told["publiccode"].startswith("publiccodeYmlVersion")
    assert told["needs"]["limits"]["memory"] == 128 * 2**20 and told["adoptions"] == []


def test_releases_are_told_with_checksum_and_downloads(apps, client):
    (told,) = client.get("/api/v1/apps/simtaru/releases").json["items"]
    assert told["sha256"] == "d" * 64
    assert told["downloads"]["tar.gz"].endswith("/apps/simtaru/releases/1.0.0.tar.gz")


@pytest.mark.parametrize("path", ["nothing", "nothing/releases"])
def test_an_unknown_app_is_404(context, client, path):
    answer = client.get(f"/api/v1/apps/{path}")
    assert answer.status_code == 404 and answer.json["code"] == "not-found"


@pytest.fixture
def real_time():
    yield
    clock.back()


def test_who_comes_again_asks_only_for_what_changed(apps, publisher, bundle, client, real_time):
    clock.move(timedelta(hours=1))
    since = clock.now().isoformat()
    with unit_of_work():
        service.record_app(publisher, "lapor", bundle())
    answer = client.get("/api/v1/apps", query_string={"updated_since": since})
    assert [item["slug"] for item in answer.json["items"]] == ["lapor"]


def test_a_withdrawn_release_is_a_change_of_its_app(apps, client, real_time):
    clock.move(timedelta(hours=1))
    since = clock.now().isoformat()
    with unit_of_work():
        service.yank_release(service.get_release(service.get_app("simtaru"), "1.0.0"), "It loses numbers.")
    answer = client.get("/api/v1/apps", query_string={"updated_since": since})
    assert [item["slug"] for item in answer.json["items"]] == ["simtaru"]


def test_a_moment_without_a_zone_is_refused(apps, client):
    assert client.get("/api/v1/apps", query_string={"updated_since": "2026-11-23T00:00:00"}).status_code == 422


def test_pages_keep_their_apps_while_others_come(apps, publisher, bundle, client):
    first = client.get("/api/v1/apps", query_string={"limit": 2}).json
    with unit_of_work():
        for slug in ("a-first", "m-between", "z-last"):
            service.record_app(publisher, slug, bundle())
    rest = client.get("/api/v1/apps", query_string={"limit": 2, "after": first["next"]}).json
    assert [item["slug"] for item in first["items"] + rest["items"]] == ["antrian", "lapor", "m-between", "simtaru"]


def test_facets_are_counted(apps, client):
    told = client.get("/api/v1/apps/facets", query_string={"publisher": "bandung"}).json
    assert told["total"] == 3 and told["facets"]["maturity"] == [{"value": "stable", "count": 3}]
    assert client.get("/api/v1/apps/facets", query_string={"publisher": "bontang"}).json["total"] == 0


def test_filters_narrow_the_list(apps, client):
    found = client.get("/api/v1/apps", query_string={"licence": ["EUPL-1.2", "MIT"], "maturity": "stable"}).json
    assert len(found["items"]) == 3
    assert client.get("/api/v1/apps", query_string={"licence": "-MIT"}).json["items"] == []


def test_no_app_is_called_like_the_list_of_facets(publisher, bundle):
    with pytest.raises(InvalidError), unit_of_work():
        service.record_app(publisher, "facets", bundle())


def test_a_star_is_nobodys_tag(apps, client):
    assert client.get("/api/v1/apps/nothing", headers={"If-None-Match": "*"}).status_code == 404
