"""What an app's page says before a city takes the app."""

import json

import pytest
from flask_babel import refresh

from registry.catalog import service
from registry.core.clock import now
from registry.core.uow import unit_of_work
from tests.catalog.conftest import MANIFEST, PUBLICCODE

NEEDS = """
[needs]
budget = "medium"
people.id = "Satu operator per loket."
people.en = "One operator at each counter."
infrastructure.id = "Satu televisi dan peramban."
infrastructure.en = "One television with a browser."
data.id = "Nama layanan dan jam buka."
data.en = "Names of services and opening hours."
"""
CONTRACT = """\
maintenance:
  type: contract
  contractors:
    - {name: PT Lama (demo), until: "2020-01-31"}
    - {name: PT Baru (demo), until: "2999-12-31"}
localisation:"""


@pytest.fixture
def shown(publisher, bundle, client):
    """The page of the app made of a publiccode.yml and a lumbung.toml, after ``change``."""

    def make(publiccode=PUBLICCODE, manifest=MANIFEST, change=lambda app: None, language="en"):
        made = bundle(**{"publiccode.yml": publiccode.encode(), "lumbung.toml": manifest.encode()})
        with unit_of_work():
            app = service.record_app(publisher, "antrian", made)
            service.record_release(app, made, "1.1.0", "v1.1.0", "c" * 40, "a" * 40, "d" * 64, 1234, None)
            change(app)
        refresh()
        return client.get(f"/apps/antrian?lang={language}").text

    return make


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "One operator at each counter."), ("id", "Satu operator per loket.")],
)
def test_needs_are_told_in_the_visitors_language(shown, language, words):
    text = shown(manifest=MANIFEST + NEEDS, language=language)
    assert words in text and "budget-medium" in text


def test_programs_read_the_needs_too(shown, client):
    shown(manifest=MANIFEST + NEEDS)
    told = client.get("/api/v1/apps/antrian").json["needs"]["needs"]
    assert told["budget"] == "medium" and told["people"]["en"] == "One operator at each counter."
    assert json.dumps(told)


def test_an_app_that_does_not_tell_its_needs_is_said_to_be_silent(shown):
    assert "does not say which people, budget" in shown()


def test_a_contract_that_has_ended_is_called_so(shown):
    start, end = PUBLICCODE.index("maintenance:"), PUBLICCODE.index("localisation:") + len("localisation:")
    text = shown(PUBLICCODE[:start] + CONTRACT + PUBLICCODE[end:])
    assert "Contract ended on January 31, 2020" in text and "Under contract until December 31, 2999" in text


def test_an_app_on_its_way_out_names_its_successor(shown, publisher, bundle):
    def retire(app):
        made = bundle(**{"publiccode.yml": PUBLICCODE.replace("antrian.git", "antre.git").encode()})
        app.successor_id = service.record_app(publisher, "antre", made).id
        app.deprecated_at, app.deprecation = now(), "Cared for until June."

    text = shown(change=retire)
    for told in ("being retired", "Cared for until June.", 'href="/apps/antre'):
        assert told in text


def test_an_app_without_source_offers_none(shown):
    def describe(app):
        app.described_only = True

    text = shown(change=describe)
    assert "its source is not here yet" in text and "/git/antrian.git" not in text


def test_what_an_app_belongs_to_leads_to_the_rest_of_its_kind(shown):
    def belong(app):
        app.dimensions, app.affairs, app.classed_by_hand = ["governance"], ["health"], True

    text = shown(change=belong)
    assert 'href="/?dimension=governance">Governance</a>' in text and 'href="/?affair=health">' in text


def test_many_features_are_folded_and_few_are_not(shown):
    assert 'class="features-rest"' not in shown()
    many = ", ".join(f"Feature {number}" for number in range(40))
    text = shown(PUBLICCODE.replace("Numbers online, Waiting-room display", many))
    assert text.index("Feature 11<") < text.index('class="features-rest"') < text.index("Feature 39<")


def test_an_app_whose_releases_were_all_withdrawn_offers_none_and_says_why(shown):
    def withdraw(app):
        service.yank_release(service.releases_of(app)[0], "It loses tickets.")

    text = shown(change=withdraw)
    take = text[text.index('id="take"') :]
    assert "It loses tickets." in text and "none to take" in take[:800] and "first release" not in text


@pytest.mark.parametrize("name", ["antrain", "antrian-online", "antrean"])
def test_an_unknown_name_leads_to_the_app_that_may_be_meant(shown, client, name):
    shown()
    answer = client.get(f"/apps/{name}", headers={"Accept": "text/html"})
    assert answer.status_code == 404 and 'href="/apps/antrian' in answer.text


@pytest.mark.parametrize("name", ["%00", "<script>alert(1)</script>", "a" * 3000, "-", "%F0%9F%92%A9", "' or 1=1"])
def test_a_hostile_name_finds_nothing_and_runs_nothing(shown, client, name):
    shown()
    answer = client.get(f"/apps/{name}")
    assert answer.status_code == 404 and "<script>alert" not in answer.text


def test_programs_are_told_of_an_unknown_app_as_of_anything_unknown(client, context):
    answer = client.get("/apps/nothing", headers={"Accept": "application/json"})
    assert answer.status_code == 404 and answer.json["code"] == "not-found"


def test_standards_are_told_as_the_publishers_word(shown):
    stated = PUBLICCODE.replace("platforms:", "supports: [{id: 'alias:gdpr'}]\nplatforms:", 1)
    assert "GDPR (EU 2016/679)" in shown(stated)


@pytest.mark.parametrize("harm", ["<script>alert(1)</script>", "[x](javascript:alert(1))", "<svg onload=alert(1)>"])
def test_a_hostile_description_is_harmless(shown, harm):
    text = shown(PUBLICCODE.replace("tanpa berdesakan.", f"tanpa berdesakan. {harm}"), language="id")
    assert "<script>alert" not in text and "<svg onload" not in text and 'href="javascript' not in text
