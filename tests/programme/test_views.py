import csv
import io

import pytest
from sqlalchemy import event

from registry.core import scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from tests.programme.conftest import add_cities

PAGES = ("/programme/", "/programme/cities", "/programme/adoption")


@pytest.fixture
def maintainer(browser, partners):
    return browser("maintainer@bandung.example")


@pytest.mark.parametrize("page", [*PAGES, "/programme/cities.csv", "/programme/adoption.csv"])
def test_only_maintainers_see_the_programme(browser, partners, page):
    assert browser("maintainer@bandung.example").get(page).status_code == 200
    assert browser("admin@bontang.example").get(page).status_code == 403


def test_the_overview_tells_where_the_cities_stand_and_what_waits(maintainer):
    page = maintainer.get("/programme/?lang=en").text
    assert "2 applications to decide" not in page, "cities of the list applied without a form"
    assert '"NB 1 Nusa Tenggara Barat"' in page
    assert "Kota Contoh 5" in page.split('id="ending"')[1].split('id="adoption"')[0]
    assert "Lapor" in page


def test_cities_are_found_by_words_stage_and_province(maintainer):
    page = maintainer.get("/programme/cities?lang=en&stage=ended").text
    assert "Kota Contoh 3<" in page and "Kota Contoh 4<" not in page
    assert "Kota Contoh 4<" in maintainer.get("/programme/cities?q=contoh+4").text
    assert "Kota Contoh 0<" in maintainer.get("/programme/cities?province=11").text
    assert "Kota Contoh 1<" not in maintainer.get("/programme/cities?province=11").text


def test_nothing_found_says_so(maintainer):
    assert "No city found" in maintainer.get("/programme/cities?q=zzz&lang=en").text


def test_the_table_of_cities_has_them_all(maintainer):
    rows = list(csv.DictReader(io.StringIO(maintainer.get("/programme/cities.csv").text.lstrip("\ufeff"))))
    assert len(rows) == 32 and rows[0]["stage"] in ("applied", "partner", "preparing", "ended")


def test_an_app_and_a_city_are_chosen_by_the_address(maintainer):
    assert "Adoption of Lapor" in maintainer.get("/programme/adoption?app=lapor&lang=en").text
    assert "Adoption of Kota Contoh 0" in maintainer.get("/programme/adoption?city=kota-0&lang=en").text
    assert maintainer.get("/programme/adoption?app=nobody").status_code == 404


def asked(app, client, page: str) -> int:
    statements = []

    def note(_connection, _cursor, statement, *_more) -> None:
        statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(page).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(statements)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_no_more_of_the_database_with_more_cities(app, maintainer, page):
    few = asked(app, maintainer, page)
    with app.app_context():
        scope.enter_programme()
        with unit_of_work() as session:
            add_cities(session, 60, 40, "kabupaten")
    assert asked(app, maintainer, page) == few


def test_the_api_tells_maintainers_the_same(app, partners):
    with app.test_client() as client:
        assert client.get("/api/v1/programme").status_code == 401
