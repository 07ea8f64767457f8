"""What a city chose, said and watches in the catalog leaves with it and comes back; nothing is forged by an archive."""

# ruff: noqa: F811 (pytest fixtures shared by name)

from __future__ import annotations

import json
from pathlib import Path

import pytest

from registry.accounts import service as accounts
from registry.backups import import_catalog, import_catalog_rows
from registry.backups.export_format import FormatError
from registry.catalog import service as catalog
from registry.catalog.choosing import notes, plan, rules
from registry.catalog.choosing import service as choosing
from registry.catalog.open_data.webhooks import service as webhooks
from registry.catalog.voices import notices, questions
from registry.catalog.voices import service as voices
from registry.catalog.voices.rules import Said
from registry.core import audit, scope
from registry.core.clock import today
from registry.core.uow import unit_of_work
from registry.forge import publishing
from registry.tenants.models import City
from registry.tenants.people import service as people
from tests.hosting.conftest import bundle, find, world  # noqa: F401

from .leaving import made, plugin, unpacked  # noqa: F401
from .test_import import brought, elsewhere  # noqa: F401

USE, ASKED, ANSWERED = "Three offices answer with it.", "Does it run on a phone?", "Yes, on any phone."
URL = "https://hooks.example/lumbung"
NOW = next(iter(rules.quarters(today())))
ROW = {"app": "papan", "why": "wanted", "author": "A", "created_at": "2026-01-01T00:00:00+00:00"}
TALK = {"app": "papan", "text": ASKED, "created_at": "2026-01-01T00:00:00+00:00"}
SAID = {"app": "papan", "use_case": USE, "created_at": TALK["created_at"], "updated_at": TALK["created_at"]}
SECRET = "whsec_" + "A" * 43 + "="
HOOK = {"url": URL, "events": ["app.published"]}


@pytest.fixture
def chosen(app, plugin, monkeypatch) -> None:
    """Bontang decided on an app, with a vote and a note; it declared, asked, and watches."""
    monkeypatch.setattr("registry.core.outgoing.resolve", lambda _host, _port: ["93.184.216.34"])
    with app.app_context():
        city, papan = find("bontang"), catalog.get_app("papan")
        scope.enter_city(city.id)
        admin = accounts.find_by_email("admin@bontang.example")
        audit.act_as(audit.Actor(admin.id, admin.name))
        with unit_of_work():
            unit = people.add_opd(city, "Dinas PUPR")
            item = choosing.add(city, papan, "Wanted by all.")
            choosing.vote(city, item, unit.id, rules.YES, "Yes.")
            notes.add_note(city, item, admin, "Ask the counter.")
            choosing.decide(city, item, item.version, rules.Decision(rules.ADOPT, "Needed.", unit.id, NOW))
            voices.declare(papan, city, admin, Said(USE))
            asked = questions.ask(papan, city, admin, ASKED)
            questions.answer(asked, ANSWERED, asked.version)
            webhooks.register(city, URL, ["app.published"], "Portal")
        audit.act_as(audit.SYSTEM)


@pytest.fixture
def archive(app, chosen, tmp_path) -> Path:
    made(app, tmp_path / "a.tar.gz", with_secrets=False)
    return tmp_path / "a.tar.gz"


@pytest.fixture
def left(archive, tmp_path) -> Path:
    return unpacked(archive, tmp_path / "left")


def told(folder: Path, name: str):
    return json.loads((folder / f"{name}.json").read_text())


def test_the_archive_tells_choice_words_and_wishes(left):
    [item] = told(left, "shortlist")
    assert (item["app"], item["decision"], item["unit"], item["quarter"]) == ("papan", "adopt", "Dinas PUPR", NOW)
    assert item["votes"][0]["unit"] == "Dinas PUPR" and item["notes"][0]["email"] == "admin@bontang.example"
    assert told(left, "declarations")[0]["use_case"] == USE and USE in (left / "declarations.csv").read_text()
    assert told(left, "questions")[0] | {"answer": ANSWERED, "publisher": "bandung"} == told(left, "questions")[0]
    assert told(left, "webhooks")[0]["url"] == URL


def test_what_signs_messages_stays_unless_the_operator_takes_it_along(app, chosen, left, tmp_path):
    assert "secret" not in told(left, "webhooks")[0] and b"whsec_" not in b"".join(
        path.read_bytes() for path in left.rglob("*.json")
    )
    made(app, tmp_path / "b.tar.gz", with_secrets=True)
    assert told(unpacked(tmp_path / "b.tar.gz", tmp_path / "two"), "webhooks")[0]["secret"].startswith("whsec_")


def test_it_all_comes_back_in_another_installation(app, elsewhere, bundle, tmp_path):
    with app.app_context(), unit_of_work() as session:
        session.add(City(code="32.73", slug="bandung", name="Kota Bandung", province="Jawa Barat", state="admitted"))
        session.flush()
        publishing.publish_folder(find("bandung"), bundle, None)
    with app.app_context():
        done = brought(elsewhere, tmp_path / "isi")
        city, papan = find("bontang"), catalog.get_app("papan")
        [item] = plan.plan_of(city).items
        assert item.opd.name == "Dinas PUPR" and item.quarter == NOW and item.reason == "Needed."
        assert [vote.reason for vote in item.votes] == ["Yes."] and item.notes[0].text == "Ask the counter."
        assert item.notes[0].author_id == accounts.find_by_email("admin@bontang.example").id
        assert voices.standing_declaration(papan, city).use_case == USE
        [asked] = questions.questions_of(papan)
        assert (asked.text, asked.answer) == (ASKED, ANSWERED) and notices.apps_to_tell() == []
        [hook] = webhooks.webhooks_of(city)
        assert (hook.url, hook.enabled, hook.off_reason, hook.events) == (URL, False, "imported", ["app.published"])
        assert done.left_out == ()


def test_an_answer_is_not_put_into_another_publishers_mouth(app, elsewhere, tmp_path):
    with app.app_context():
        done = brought(elsewhere, tmp_path / "isi")
        [asked] = questions.questions_of(catalog.get_app("papan"))
        assert asked.text == ASKED and asked.answer == ""
        assert done.left_out == ("questions: papan: the answer is of another publisher",)


def test_a_second_import_adds_nothing_and_changes_nothing(app, elsewhere, tmp_path):
    with app.app_context():
        brought(elsewhere, tmp_path / "satu")
    with app.app_context():
        city, papan = find("bontang"), catalog.get_app("papan")
        scope.enter_city(city.id)
        with unit_of_work():
            [item] = choosing.shortlist(city)
            choosing.reopen(city, item, item.version)
        import_catalog.bring(tmp_path / "satu", city)
        assert [one.decision for one in choosing.shortlist(city)] == [""]
        assert len(questions.questions_of(papan)) == len(webhooks.webhooks_of(city)) == 1


@pytest.fixture
def bontang(context) -> City:
    """The city alone, the session in its scope."""
    with unit_of_work() as session:
        city = City(code="64.74", slug="bontang", name="Kota Bontang", province="Kalimantan Timur", state="admitted")
        session.add(city)
    scope.enter_city(city.id)
    return city


def bring(city: City, folder: Path, **files: object) -> list[str]:
    for name, row in files.items():
        (folder / f"{name}.json").write_text(json.dumps([row]))
    with unit_of_work():
        return import_catalog.bring(folder, city)


def test_an_app_the_catalog_here_does_not_have_is_named(bontang, tmp_path):
    left_out = bring(bontang, tmp_path, shortlist=ROW, declarations=SAID, questions=TALK)
    assert [one.partition(": papan")[0] for one in left_out] == ["shortlist", "declarations", "questions"]


def test_an_archive_from_before_has_none_of_it(tmp_path):
    import_catalog_rows.check(tmp_path)


@pytest.mark.parametrize("url", ["http://a.example/", "https://a.example:8/", "https://a@b.example/", "file:///etc/x"])
def test_no_archive_brings_an_address_that_nobody_could_register(bontang, tmp_path, url):
    assert len(bring(bontang, tmp_path, webhooks=HOOK | {"url": url})) == 1 and webhooks.webhooks_of(bontang) == []


def test_a_webhook_keeps_the_secret_that_came_along(bontang, tmp_path):
    assert bring(bontang, tmp_path, webhooks=HOOK | {"secret": SECRET}) == []
    assert webhooks.secrets_of(webhooks.webhooks_of(bontang)[0]) == [SECRET]


@pytest.mark.parametrize("secret", ["x", "whsec_", "whsec_" + "A" * 44, "whsec_" + "!" * 44, SECRET + "A"])
def test_a_secret_that_is_none_is_told(bontang, tmp_path, secret):
    assert len(bring(bontang, tmp_path, webhooks=HOOK | {"secret": secret})) == 1
    assert webhooks.webhooks_of(bontang) == []


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("shortlist", ROW | {"why": ""}),
        ("shortlist", ROW | {"why": "x" * 501}),
        ("shortlist", ROW | {"why": "a\0b wanted"}),
        ("shortlist", ROW | {"decision": "adopt"}),
        ("shortlist", ROW | {"decision": "adopt", "unit": "Dinas PUPR", "quarter": "soon"}),
        ("shortlist", ROW | {"decision": "later", "unit": "Dinas PUPR"}),
        ("shortlist", ROW | {"decision": "maybe"}),
        ("shortlist", ROW | {"created_at": "2026-01-01T00:00:00"}),
        ("shortlist", ROW | {"votes": [{"unit": "A", "choice": "always", "cast_at": ROW["created_at"]}]}),
        ("shortlist", ROW | {"notes": [{"text": "x", "created_at": ROW["created_at"]}] * 101}),
        ("declarations", SAID | {"instance_url": "javascript:alert(1)"}),
        ("declarations", SAID | {"since": "2999-01-01"}),
        ("declarations", SAID | {"use_case": "short"}),
        ("questions", TALK | {"text": "x" * 1_001}),
        ("questions", TALK | {"answered_at": "yesterday"}),
        ("webhooks", HOOK | {"events": []}),
        ("webhooks", HOOK | {"events": ["everything"]}),
        ("webhooks", ["https://a.example"]),
    ],
)  # fmt: skip
def test_what_nobody_could_have_written_here_refuses_the_archive(tmp_path, name, row):
    (tmp_path / f"{name}.json").write_text(json.dumps([row]))
    with pytest.raises(FormatError, match=name):
        import_catalog_rows.check(tmp_path)


def test_the_rows_the_tests_spoil_are_good_without(tmp_path):
    for name, row in (("shortlist", ROW), ("declarations", SAID), ("questions", TALK), ("webhooks", HOOK)):
        (tmp_path / f"{name}.json").write_text(json.dumps([row]))
    import_catalog_rows.check(tmp_path)
