"""Feeds and the whole catalog: valid, stable, complete, cheap while nothing changes."""

from __future__ import annotations

import csv
import fcntl
import io
import json
from datetime import timedelta
from xml.etree import ElementTree

import jsonschema
import pytest

from registry.catalog import service, state
from registry.catalog.models import App
from registry.catalog.open_data import entries, news, rules, whole
from registry.core import clock
from registry.core.db import db
from registry.core.tables import cell
from registry.core.uow import unit_of_work

ATOM = {"a": "http://www.w3.org/2005/Atom"}
CHANGES = "# Changes\n\n## 1.0.0\n\n### Keamanan\n\nNomor <script>alert(1)</script> tak lagi bocor.\n"


@pytest.fixture(autouse=True)
def real_time():
    yield
    clock.back()


def release(app, inspection, version="1.0.0"):
    return service.record_release(app, inspection, version, f"v{version}", "c" * 40, "a" * 40, "d" * 64, 1234, None)


@pytest.fixture
def antrian(publisher, bundle) -> App:
    with unit_of_work():
        app = service.record_app(publisher, "antrian", bundle())
        release(app, bundle(), "0.9.0")
        release(app, bundle(**{"CHANGELOG.md": CHANGES.encode()}), "1.0.0")
    return app


def feed(client, path="/catalog.atom"):
    answer = client.get(path)
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.data)


def links(element) -> dict[str, str]:
    return {link.get("rel"): link.get("href") for link in element.findall("a:link", ATOM)}


@pytest.mark.parametrize("path", ["/catalog.atom", "/apps/antrian/releases.atom"])
def test_a_feed_has_what_atom_asks_for(antrian, client, path):
    root = feed(client, path)
    for element in (root, *root.findall("a:entry", ATOM)):
        for needed in ("id", "title", "updated", "author"):
            assert element.find(f"a:{needed}", ATOM) is not None, needed
        assert element.findtext("a:id", "", ATOM).startswith("tag:localhost,2026:")
        assert element.findtext("a:updated", "", ATOM).endswith("Z")
    ids = [found.text for found in root.iterfind(".//a:id", ATOM)]
    assert len(ids) == len(set(ids)) == 3
    assert links(root)["self"].endswith(path)


def test_a_feed_tells_the_newest_first_with_its_archive(antrian, client, settings):
    first = feed(client).find("a:entry", ATOM)
    assert first.findtext("a:title", "", ATOM).endswith("Antrian 1.0.0")
    enclosure = first.find("a:link[@rel='enclosure']", ATOM)
    assert enclosure.get("href") == f"{settings.origin}/apps/antrian/releases/1.0.0.tar.gz"
    assert enclosure.get("length") == "1234"


def test_a_release_on_security_says_so_and_brings_no_script(antrian, client):
    first, second = feed(client).findall("a:entry", ATOM)
    terms = [found.get("term") for found in first.findall("a:category", ATOM)]
    assert "security" in terms and first.findtext("a:title", "", ATOM).startswith("Keamanan")
    assert "security" not in [found.get("term") for found in second.findall("a:category", ATOM)]
    assert "<script" not in first.findtext("a:content", "", ATOM)


def test_a_withdrawn_release_is_news_again_under_its_old_id(antrian, client):
    old = service.get_release(antrian, "0.9.0")
    before = {entry.findtext("a:id", "", ATOM) for entry in feed(client).findall("a:entry", ATOM)}
    with unit_of_work():
        service.yank_release(old, "Kehilangan <nomor>.")
    first, _second = feed(client).findall("a:entry", ATOM)
    assert first.findtext("a:id", "", ATOM).endswith("/releases/0.9.0") and first.findtext("a:id", "", ATOM) in before
    assert "yanked" in [found.get("term") for found in first.findall("a:category", ATOM)]
    assert "Kehilangan <nomor>." in first.findtext("a:summary", "", ATOM)


def test_pages_of_a_feed_tell_each_release_once_while_new_ones_come(antrian, bundle, client, monkeypatch):
    monkeypatch.setattr(news, "PAGE", 1)
    first = feed(client)
    with unit_of_work():
        release(antrian, bundle(), "2.0.0")
    second = feed(client, "/catalog.atom?" + links(first)["next"].partition("?")[2])
    titles = [page.findtext("a:entry/a:title", "", ATOM).split()[-1] for page in (first, second)]
    assert titles == ["1.0.0", "0.9.0"] and "next" not in links(second)
    assert links(second)["first"].endswith("/catalog.atom")


@pytest.mark.parametrize("cursor", ["x", "!", "MjAyNg", "AAAA", "MjAyNi0xMS0yM1QwMDowMDowMCAx", "%00"])
def test_a_cursor_we_never_gave_is_refused(antrian, client, cursor):
    assert client.get(f"/catalog.atom?before={cursor}").status_code == 422


def test_letters_xml_cannot_hold_are_left_out():
    assert rules.xml_text("a\x00b\x0bc\ufffed\ud800e\U0001f600") == "abcde\U0001f600"


def test_pages_name_their_feeds(antrian, client):
    assert '<link rel="alternate" type="application/atom+xml" href="/catalog.atom"' in client.get("/").text
    assert 'href="/apps/antrian/releases.atom"' in client.get("/apps/antrian").text


def test_the_whole_catalog_is_what_its_schema_says(antrian, partner, client):
    with unit_of_work():
        service.note_adoption(antrian.id, partner.id, "1.0.0", True)
    told, schema = client.get("/catalog.json").json, client.get("/catalog.schema.json").json
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(told, schema, cls=jsonschema.Draft202012Validator)
    (app,) = told["apps"]
    assert told["count"] == 1 and app["version"] == "1.0.0" and app["adoptions"][0]["city"]["code"] == "64.74"
    assert [one["version"] for one in app["releases"]] == ["0.9.0", "1.0.0"]


def test_it_has_one_line_per_app(antrian, client):
    lines = client.get("/catalog.json").text.splitlines()
    assert json.loads(lines[1])["slug"] == "antrian" and lines[2] == "]}"


def test_the_table_is_no_formula_and_knows_its_letters(publisher, bundle, client):
    text = bundle().publiccode_text.replace("name: Antrian", 'name: "=HYPERLINK(1)"').encode()
    with unit_of_work():
        service.record_app(publisher, "antrian", bundle(**{"publiccode.yml": text}))
    answer = client.get("/catalog.csv")
    assert answer.content_type.startswith("text/csv; charset=utf-8") and answer.data.startswith(b"\xef\xbb\xbf")
    (line,) = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert line["name"] == "'=HYPERLINK(1)" and line["slug"] == "antrian" and line["publisher_code"] == "32.73"


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_a_cell_never_begins_like_a_formula(text):
    assert cell(text) == f"'{text}"


def test_an_empty_catalog_is_told_too(context, client):
    assert client.get("/catalog.json").json["apps"] == []
    assert feed(client).findall("a:entry", ATOM) == []
    assert len(client.get("/catalog.csv").text.splitlines()) == 1


PATHS = ("/catalog.json", "/catalog.csv", "/catalog.atom", "/apps/antrian/releases.atom", "/v1/software",
         "/v1/publishers", "/v1/catalogs", "/api/v1/apps", "/api/v1/apps?limit=1", "/api/v1/apps/facets",
         "/api/v1/apps/antrian", "/api/v1/apps/antrian/releases")  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_what_is_unchanged_costs_nothing(antrian, client, path):
    tag = client.get(path).headers["ETag"]
    assert not tag.startswith("W/")
    answer = client.get(path, headers={"If-None-Match": tag})
    assert answer.status_code == 304 and answer.data == b"" and answer.headers["ETag"] == tag


@pytest.mark.parametrize("path", PATHS)
def test_every_change_of_what_is_told_gives_a_new_tag(antrian, partner, bundle, client, path):
    tags = [client.get(path).headers["ETag"]]
    for change in (
        lambda: release(antrian, bundle(), "3.0.0"),
        lambda: service.yank_release(service.get_release(antrian, "3.0.0"), "Salah."),
        lambda: service.note_adoption(antrian.id, partner.id, "1.0.0", True),
        lambda: setattr(antrian.publisher, "name", "Kota Bandung Raya"),
    ):
        with unit_of_work():
            change()
        tags.append(client.get(path).headers["ETag"])
    assert len(set(tags)) == len(tags)


def test_an_act_that_is_rolled_back_changes_no_tag(antrian, bundle, client):
    tag = client.get("/catalog.json").headers["ETag"]
    with pytest.raises(RuntimeError), unit_of_work():
        release(antrian, bundle(), "3.0.0")
        raise RuntimeError
    assert client.get("/catalog.json").headers["ETag"] == tag


def test_the_time_of_the_change_serves_who_knows_no_tags(antrian, client):
    assert "Last-Modified" not in client.get("/catalog.json").headers, "another change of this second may follow"
    clock.move(timedelta(minutes=1))
    moment = client.get("/catalog.json").headers["Last-Modified"]
    assert client.get("/catalog.json", headers={"If-Modified-Since": moment}).status_code == 304
    old = "Sun, 01 Nov 2026 00:00:00 GMT"
    assert client.get("/catalog.json", headers={"If-Modified-Since": old}).status_code == 200


def test_a_tag_of_one_address_is_not_that_of_another(antrian, client):
    assert len({client.get(path).headers["ETag"] for path in PATHS}) == len(PATHS)


def test_the_document_of_a_version_is_written_once(antrian, client, monkeypatch):
    client.get("/catalog.json")
    monkeypatch.setattr(whole, "_write_json", lambda *_given: pytest.fail("written again"))
    assert client.get("/catalog.json").status_code == 200


def test_while_a_document_is_written_others_get_the_one_before_as_what_it_is(antrian, bundle, client, settings):
    old = client.get("/catalog.json")
    with unit_of_work():
        release(antrian, bundle(), "3.0.0")
    with (settings.data / "open-data" / "json.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        meanwhile = client.get("/catalog.json")
        assert client.get("/catalog.json", headers={"If-None-Match": old.headers["ETag"]}).status_code == 304
    assert (meanwhile.data, meanwhile.headers["ETag"]) == (old.data, old.headers["ETag"])
    assert "3.0.0" in client.get("/catalog.json").text


def test_a_list_of_an_index_that_lags_has_no_tag(antrian, client, monkeypatch):
    client.get("/api/v1/apps")
    monkeypatch.setattr("registry.catalog.search.store.Catalog.refresh", lambda _self: None)
    with unit_of_work():
        antrian.publisher.name = "Kota Bandung Raya"
    assert "ETag" not in client.get("/api/v1/apps").headers


def test_pages_of_other_sites_may_read_it(antrian, client):
    for path in PATHS:
        assert client.get(path).headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in client.get("/api/v1/cities").headers


def test_a_version_reads_as_it_is_written(antrian):
    assert state.Version.read(str(state.version())) == state.version()


def test_documents_of_older_versions_go(antrian, bundle, client, settings):
    client.get("/catalog.csv")
    with unit_of_work():
        release(antrian, bundle(), "3.0.0")
    client.get("/catalog.csv")
    assert len(list((settings.data / "open-data").glob("*.csv"))) == 1


def test_a_batch_after_the_other_tells_every_app_once(publisher, bundle, client, monkeypatch):
    monkeypatch.setattr(entries, "BATCH", 2)
    with unit_of_work():
        for slug in ("a", "b", "c", "d", "e"):
            service.record_app(publisher, slug, bundle())
    assert [app["slug"] for app in client.get("/catalog.json").json["apps"]] == ["a", "b", "c", "d", "e"]


def test_a_version_is_never_used_twice(antrian, bundle):
    before = state.version()
    with unit_of_work() as session:
        session.delete(session.get_one(state.CatalogState, 1))
    with unit_of_work():
        release(antrian, bundle(), "3.0.0")
    assert state.version().number > before.number
    assert db.session.query(state.CatalogState).count() == 1


def test_people_find_it_all_on_one_page(context, client):
    page = client.get("/open-data").text
    for path in ("/catalog.json", "/catalog.csv", "/catalog.atom", "/api-docs", "/v1/openapi.json"):
        assert f'href="{path}"' in page and client.get(path).status_code == 200
    assert 'href="/open-data"' in client.get("/").text
