"""The city's own view on its overview: what waits for whom, what it could use."""

from datetime import timedelta

import pytest

from registry.catalog.models import Adoption, App
from registry.catalog.voices.models import Question
from registry.core import clock, scope
from registry.core.uow import unit_of_work
from registry.tenants.models import City
from tests.programme.conftest import add_app


@pytest.fixture
def bontang(app, partners):
    """In the programme's scope: two apps beside Lapor; Bontang has asked a question about one."""
    with app.app_context():
        scope.enter_programme()
        with unit_of_work() as session:
            publisher = session.query(City).filter(City.publisher).one()
            city = session.query(City).filter(City.slug == "bontang").one()
            antrian = add_app(session, "antrian", publisher)
            add_app(session, "simtaru", publisher)
            for one in partners[10:12]:
                session.add(Adoption(app_id=antrian.id, city_id=one, version="1.0.0", running=True))
            session.add(Question(app_id=antrian.id, city_id=city.id, text="Berapa loket?"))


def test_apps_that_most_cities_run_are_named_first(browser, bontang):
    page = browser("admin@bontang.example").get("/console/bontang/?lang=en").text
    useful = page.split('id="useful"')[1]
    assert useful.index("Lapor") < useful.index("Antrian") < useful.index("Simtaru")
    assert "5 cities run it" in useful and "0 cities run it" in useful


def test_an_app_that_is_being_retired_is_not_offered(app, browser, bontang):
    with app.app_context(), unit_of_work() as session:
        scope.enter_programme()
        session.query(App).filter_by(slug="antrian").one().deprecated_at = clock.now() - timedelta(1)
    page = browser("admin@bontang.example").get("/console/bontang/?lang=en").text
    assert "Antrian" not in page.split('id="useful"')[1]


def test_who_has_to_act_next_is_told(browser, agreed, bontang):
    agreed("memorandum", "partner")
    page = browser("admin@bontang.example").get("/console/bontang/?lang=en").text
    waits = page.split('id="waits"')[1].split("</dl>")[0]
    assert "Bandung signs the memorandum" in waits and "Question about Antrian" in waits
    assert waits.count("the programme") == 2


def test_what_the_city_has_to_do_stands_first(browser, agreed, bontang):
    agreed("memorandum")
    page = browser("admin@bontang.example").get("/console/bontang/?lang=en").text
    waits = page.split('id="waits"')[1].split("</dl>")[0]
    assert waits.index("<dt>you</dt>") < waits.index("<dt>the programme</dt>")
