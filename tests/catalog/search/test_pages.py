"""The list as people see it, and what is suggested while they type."""

from __future__ import annotations

import pytest
from flask_babel import refresh

from registry.catalog import plausible, service
from registry.catalog.models import App
from registry.catalog.search import find
from registry.catalog.search.classes import affairs, dimensions, set_classes
from registry.core.errors import InvalidError
from registry.core.uow import unit_of_work
from tests.catalog.conftest import PUBLICCODE


@pytest.fixture
def antrian(publisher, bundle):
    with unit_of_work():
        app = service.record_app(publisher, "antrian", bundle())
        service.record_release(app, bundle(), "1.0.0", "v1.0.0", "c" * 40, "a" * 40, "d" * 64, 1234, None)
    return app


@pytest.fixture
def many(antrian, publisher):
    with unit_of_work() as session:
        plausible.fill(session, publisher, 60)


def page(client, path, language="en"):
    refresh()
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.text


def test_the_words_that_matched_are_marked(antrian, client):
    assert "<mark>queue</mark>" in page(client, "/?q=queues")


def test_a_feature_says_why_when_name_and_summary_do_not(antrian, client):
    assert "Waiting-room <mark>display</mark>" in page(client, "/?q=display")


def test_a_misspelt_word_is_told_with_what_is_shown_instead(antrian, client):
    assert "No app speaks of “antiran”: shown for “antrian”." in page(client, "/?q=antiran")


def test_each_active_filter_can_be_taken_away(many, client):
    text = page(client, "/?needs=-postgresql&maturity=stable")
    assert 'href="/?maturity=stable" rel="nofollow" aria-label="Remove the filter runs without PostgreSQL"' in text
    assert 'href="/?needs=-postgresql" rel="nofollow" aria-label="Remove the filter stable"' in text


def test_the_words_keep_the_filters_without_a_script(many, client):
    text = page(client, "/?needs=-postgresql&sort=name")
    assert '<input type="hidden" name="needs" value="-postgresql">' in text
    assert '<input type="hidden" name="sort" value="name">' in text


def test_the_language_links_lead_to_this_very_list(many, client):
    for _again in range(2):  # the second is drawn from memory
        text = page(client, "/?q=%22%3E%3Cb%3E&maturity=stable")
        assert 'href="/?q=%22%3E%3Cb%3E&amp;maturity=stable&amp;lang=id"' in text and "<b>" not in text


def test_hostile_words_and_values_stay_words(many, client):
    text = page(client, "/?q=<script>alert(1)</script>&publisher=<img src=x>&sort=<b>&needs=\ufdd0\ufdd1")
    assert "<script>alert" not in text and "<img src=x>" not in text and "<b>" not in text


@pytest.mark.parametrize("sort", find.SORTS)
def test_every_order_shows_every_app_once(many, sort):
    seen = [number for page in (1, 2, 3, 4) for number in find.search("", None, page, sort).ids]
    assert len(seen) == len(set(seen)) == 61


def test_orders_are_what_they_say(many):
    names = [item.app.name.casefold() for item in find.search(sort="name").items]
    ages = [item.app.created_at for item in find.search(sort="newest").items]
    assert names == sorted(names) and ages[1:] == sorted(ages[1:], reverse=True)


def test_what_is_published_is_found_at_once_and_by_its_new_words_only(antrian, publisher, bundle):
    assert find.search("zeppelin").total == 0
    renewed = PUBLICCODE.replace("Waiting-room display", "Zeppelin display").replace("Layar ruang tunggu", "Zeppelin")
    with unit_of_work():
        service.record_app(publisher, "antrian", bundle(**{"publiccode.yml": renewed.encode()}))
    assert find.search("zeppelin").total == 1 and find.search('"ruang tunggu"').total == 0


def test_a_large_catalog_takes_in_only_what_changed(many, publisher, bundle, monkeypatch):
    monkeypatch.setattr("registry.catalog.search.store.SMALL", 5)
    assert find.search("zeppelin").total == 0
    before = find.search().total
    renewed = PUBLICCODE.replace("Waiting-room display", "Zeppelin display")
    with unit_of_work() as session:
        service.record_app(publisher, "antrian", bundle(**{"publiccode.yml": renewed.encode()}))
        service.record_app(publisher, "antrian-dua", bundle())
        session.delete(session.query(App).filter_by(slug="demo-1").one())
    assert find.search("zeppelin").total == 1
    assert find.search().total == before and "demo-1" not in {
        item.app.slug for item in find.after("", find.Filters(), "", 99)
    }


def test_a_phrase_in_quotes_must_stand_as_it_is(antrian):
    assert find.search('"nomor antrean"').total == 1
    assert find.search('"antrean nomor"').total == 0


def test_classes_come_from_the_file_until_somebody_chooses(antrian, publisher, bundle):
    with unit_of_work():
        set_classes(antrian, ["living"], ["health"])
        service.record_app(publisher, "antrian", bundle())
    assert (antrian.dimensions, antrian.affairs) == (["living"], ["health"])
    with pytest.raises(InvalidError):
        set_classes(antrian, ["nothing"], [])


def test_there_are_six_dimensions_and_every_affair_of_the_law():
    assert len(dimensions()) == 6 and len(affairs()) == 38


def suggested(client, typed):
    return client.get("/search/suggest", query_string={"q": typed}, headers={"Accept": "application/json"}).json


def test_apps_and_classes_are_suggested_for_a_word_half_typed(antrian, client):
    refresh()
    kinds = {(one["kind"], one["label"], one["url"]) for one in suggested(client, "antr")}
    assert ("app", "Antrian Online", "/apps/antrian") in kinds
    assert any(one["kind"] == "category" for one in suggested(client, "penjadw"))


def test_the_list_of_suggestions_is_one_of_options(antrian, client):
    text = page(client, "/search/suggest?q=antr")
    assert 'role="option"' in text and 'data-url="/apps/antrian"' in text


@pytest.mark.parametrize("typed", ["", "a", "%", "\0\0", "<script>", "x" * 5000])
def test_nothing_typed_breaks_the_suggestions(antrian, client, typed):
    answer = client.get("/search/suggest", query_string={"q": typed})
    assert answer.status_code == 200 and "<script>" not in answer.text


def test_the_generator_repeats_itself_and_marks_its_entries(many):
    assert [one.slug for one in plausible.entries(3)] == ["demo-0", "demo-1", "demo-2"]
    assert list(plausible.entries(3)) == list(plausible.entries(3))
    assert all(plausible.MARK in one.facts["name"] for one in plausible.entries(30))
