"""The public page that puts up to four apps side by side."""

import pytest
from flask_babel import refresh

from registry.catalog import service as catalog
from registry.core.uow import unit_of_work


def page(client, path, language="en"):
    refresh()
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.text


def test_two_apps_stand_side_by_side_in_a_table_that_can_be_read_aloud(apps, partner, client):
    with unit_of_work():
        catalog.note_adoption(apps["antrian"].id, partner.id, "1.1.0", True)
    text = page(client, "/compare?apps=antrian,loket")
    table = text[text.index("<caption") : text.index("</table>")]
    assert table.count('scope="col"') == 2 and 'scope="row"' in table
    for told in ("Antrian online", "Loket online", "MIT", "1.1.0", "128 MB", "Kota Bontang", "SQLite"):
        assert told in text


def test_what_is_the_same_is_said_once_and_left_out_where_only_differences_are_wished(apps, client):
    first, only, everything = (
        page(client, f"/compare?apps=antrian,loket&show={show}") for show in ("nonsense", "differences", "all")
    )
    assert first.count(">SQLite<") == 1 and 'class="compare-same"' in first
    assert "SQLite" not in only and "Number online for the queue" in only
    assert everything.count('<details class="compare-same" open') == everything.count('<details class="compare-same"')


def test_what_is_shown_stays_when_an_app_comes_or_goes(apps, client):
    text = page(client, "/compare?apps=antrian,loket&show=differences&q=aduan")
    for address in ("antrian,loket,aduan&amp;show=differences", "apps=loket&amp;show=differences"):
        assert address in text


def test_an_app_alone_differs_from_nothing(apps, client):
    text = page(client, "/compare?apps=antrian")
    assert "compare-same" not in text and "Waiting-room display" in text


def test_it_speaks_both_languages(apps, client):
    assert "Antrian Daring" in page(client, "/compare?apps=antrian,loket", "id")


@pytest.mark.parametrize("query, said", [
    ("antrian,loket,zeppelin", "no app “zeppelin”"), ("antrian,antrian", "named more than once"),
    ("a,b,c,d,antrian", "At most four"), ("%00,antrian", "is left out"), ("../,antrian", "is left out"),
    ("%3Cscript%3Ealert(1)%3C/script%3E", "&lt;script&gt;"),
])  # fmt: skip
def test_what_cannot_be_compared_is_said(apps, client, query, said):
    text = page(client, f"/compare?apps={query}")
    assert said in text and "<script>alert" not in text


def test_without_a_second_app_one_is_searched_for(apps, client):
    assert "Choose a second app" in page(client, "/compare?apps=antrian")
    assert "/compare?apps=antrian,aduan" in page(client, "/compare?apps=antrian&q=aduan")


def test_boxes_of_the_cards_and_commas_lead_to_the_same(apps, client):
    assert "Loket online" in page(client, "/compare?apps=antrian&apps=loket")


def test_programs_compare_too_and_are_told_what_is_wrong(apps, client):
    told = client.get("/api/v1/compare?apps=antrian,loket", headers={"Accept-Language": "en"}).json
    assert [one["slug"] for one in told["apps"]] == ["antrian", "loket"]
    assert all(set(line["said"]) <= {"antrian", "loket"} for line in told["features"])
    for query in ("antrian", "antrian,zeppelin", "antrian,antrian", "a,b,c,d,e", "", "%00"):
        answer = client.get(f"/api/v1/compare?apps={query}")
        assert answer.status_code == 422 and answer.content_type == "application/problem+json"
