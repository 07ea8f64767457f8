"""``/v1``: what crawlers of the Software Catalog API expect."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from registry.catalog import service
from registry.catalog.open_data.rules import stable_id
from registry.core import clock
from registry.core.uow import unit_of_work

ID = re.compile("[a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[89ab][a-f0-9]{3}-[a-f0-9]{12}")
SLUGS = ("antrian", "lapor", "simtaru", "rencana", "kanal")


@pytest.fixture
def apps(publisher, bundle):
    for slug in SLUGS:
        clock.move(timedelta(seconds=1))
        text = bundle().publiccode_text.replace("/antrian.git", f"/{slug}.git").encode()
        with unit_of_work():
            service.record_app(publisher, slug, bundle(**{"publiccode.yml": text}))
    yield
    clock.back()


def names(answer) -> list[str]:
    return [item["url"].rpartition("/")[2].removesuffix(".git") for item in answer.json["data"]]


def test_software_is_told_with_the_file_as_published(apps, client):
    first = client.get("/v1/software").json["data"][0]
    assert first["publiccodeYml"].startswith("publiccodeYmlVersion") and first["active"] is True
    assert first["url"] == "https://lumbung.example/git/antrian.git"
    assert first["aliases"] == ["http://localhost:8000/git/antrian.git"]
    assert first["createdAt"].endswith("Z") and first["updatedAt"].endswith("Z")


def test_ids_are_of_the_form_the_api_demands_and_stay(apps, client):
    told = [*client.get("/v1/software").json["data"], *client.get("/v1/publishers").json["data"],
            *client.get("/v1/catalogs").json["data"]]  # fmt: skip
    assert all(ID.fullmatch(item["id"]) for item in told) and len({item["id"] for item in told}) == 7
    assert told[0]["id"] == str(stable_id("app", "antrian")), "made of the name: the same in every installation"


def test_each_can_be_asked_for_by_its_id(apps, client):
    for kind in ("software", "publishers", "catalogs"):
        item = client.get(f"/v1/{kind}").json["data"][0]
        assert client.get(f"/v1/{kind}/{item['id']}").json == item
    assert client.get("/v1/publishers/32.73").json["description"] == "Kota Bandung"
    assert client.get("/v1/catalogs/lumbung/software").json["data"] == client.get("/v1/software").json["data"]
    assert client.get("/v1/catalogs/lumbung/publishers").json["data"] == client.get("/v1/publishers").json["data"]


def test_only_cities_that_publish_are_publishers(apps, partner, client):
    (one,) = client.get("/v1/publishers").json["data"]
    assert one["alternativeId"] == "32.73" and one["codeHosting"][0]["group"] is True


def test_links_lead_through_all_pages_and_back(apps, client):
    seen, query = [], "?page[size]=2"
    while query:
        answer = client.get(f"/v1/software{query}")
        seen.append(names(answer))
        last, query = answer, answer.json["links"]["next"]
    assert seen == [["antrian", "lapor"], ["simtaru", "rencana"], ["kanal"]]
    back = client.get(f"/v1/software{last.json['links']['prev']}")
    assert names(back) == ["simtaru", "rencana"] and "page[size]=2" in back.json["links"]["next"]
    front = client.get(f"/v1/software{back.json['links']['prev']}")
    assert names(front) == ["antrian", "lapor"] and front.json["links"]["prev"] is None


def test_what_comes_while_one_reads_is_read_last(apps, publisher, bundle, client):
    first = client.get("/v1/software?page[size]=4")
    clock.move(timedelta(minutes=1))
    with unit_of_work():
        service.record_app(publisher, "a-new-one", bundle())
    rest = client.get(f"/v1/software{first.json['links']['next']}")
    assert names(first) + names(rest) == [*SLUGS, "antrian"]


@pytest.mark.parametrize(
    "url", ["https://lumbung.example/git/lapor.git", "https://lumbung.example/git/lapor", "http://localhost:8000/git/lapor.git",
            "http://localhost:8000/apps/lapor"]
)  # fmt: skip
def test_software_is_found_by_any_of_its_addresses(apps, client, url):
    assert names(client.get("/v1/software", query_string={"url": url})) == ["lapor"]


def test_an_unknown_address_finds_nothing(apps, client):
    answer = client.get("/v1/software", query_string={"url": "https://nowhere.example/x"})
    assert answer.json == {"data": [], "links": {"prev": None, "next": None}}


def test_times_bound_the_list(apps, client):
    third = client.get("/v1/software").json["data"][2]["createdAt"]
    assert names(client.get("/v1/software", query_string={"from": third})) == ["rencana", "kanal"]
    assert names(client.get("/v1/software", query_string={"to": third})) == ["antrian", "lapor"]


@pytest.mark.parametrize(
    "query", ["from=yesterday", "to=2026-11-23", "page[size]=0", "page[size]=x", "page[after]=!", "page[before]=AAAA",
              "page[after]=%00", "all=perhaps", "page[after]=" + "x" * 300]
)  # fmt: skip
def test_a_wrong_question_is_a_problem_that_names_the_field(apps, client, query):
    answer = client.get(f"/v1/software?{query}")
    assert answer.status_code == 422 and answer.mimetype == "application/problem+json"
    assert set(answer.json) == {"title", "detail", "status", "validationErrors"}
    assert answer.json["validationErrors"][0]["field"] == query.partition("=")[0]


@pytest.mark.parametrize(
    "path", ["software/x", "software/00000000-0000-4000-8000-000000000000",
             "publishers/64.74", "publishers/%00", "catalogs/%E2%88%85",
             "catalogs/x/software", "nothing", "software/webhooks", "software/{" + "0" * 32 + "}"]
)  # fmt: skip
def test_what_is_not_there_is_a_problem(apps, partner, client, path):
    answer = client.get(f"/v1/{path}")
    assert answer.status_code == 404 and answer.mimetype == "application/problem+json"
    assert set(answer.json) == {"title", "detail", "status"}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["software", "software/x", "publishers/webhooks", "logs"])
def test_nothing_is_written_here(context, client, method, path):
    answer = client.open(f"/v1/{path}", method=method, json={})
    assert answer.status_code == 405 and "GET" in answer.headers["Allow"] and answer.json["status"] == 405


def test_the_status_has_no_words(context, client):
    answer = client.get("/v1/status")
    assert answer.status_code == 204 and answer.data == b""


def test_it_has_a_document_of_its_own(context, client):
    paths = client.get("/v1/openapi.json").json["paths"]
    assert "/v1/software" in paths and not any(path.startswith("/api/") for path in paths)
