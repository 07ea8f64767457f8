"""Health: facts side by side, honest about what is not known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from markupsafe import escape

from registry.catalog import service
from registry.catalog.inspection.inspect import Inspection
from registry.catalog.models import App
from registry.catalog.trust import health, words
from registry.catalog.trust.health import Known, judge
from registry.catalog.trust.rating import rate
from registry.catalog.voices.models import Question
from registry.core.clock import now
from registry.core.uow import unit_of_work
from registry.tenants.models import City

Bundle = Callable[..., Inspection]


def tones(known: Known) -> dict[str, str]:
    return {part.code: part.tone for part in judge(known, now())}


def test_nothing_known_is_nothing_judged() -> None:
    assert tones(Known()) == {**dict.fromkeys(("release", "cities", "audit", "documentation"), "muted"),
                              "requests": "ok"}  # fmt: skip


@pytest.mark.parametrize(("days", "tone"), [(1, "ok"), (270, "ok"), (271, "warn"), (540, "warn"), (541, "bad")])
def test_an_old_release_is_told(days: int, tone: str) -> None:
    moment = now()
    found = judge(Known("1.0.0", moment - timedelta(days=days)), moment)[0]
    assert (found.tone, found.figures["days"]) == (tone, days)


@pytest.mark.parametrize(
    ("running", "tone", "on"),
    [(["2"], "ok", 1), (["2", "1"], "ok", 1), (["1", "1", "2"], "warn", 1), (["1"], "warn", 0)],
)  # fmt: skip
def test_cities_that_stay_behind_are_counted(running: list[str], tone: str, on: int) -> None:
    found = judge(Known("2", now(), None, running), now())[2]
    assert (found.tone, found.figures) == (tone, {"on": on, "all": len(running)})


def test_the_audit_tells_how_many_places_to_look_at(app: Flask, bundle: Bundle) -> None:
    with app.test_request_context():
        rating = rate(bundle(LICENSE=b"MIT " * 200, **{"antrian/act.py": b"import os\nos.system('x')\n"}))
    found = judge(Known("1.0.0", now(), rating), now())[3]
    assert (found.tone, found.figures["findings"]) == ("warn", 1)


@pytest.mark.parametrize(("days", "tone"), [(14, "ok"), (15, "warn"), (60, "warn"), (61, "bad")])
def test_the_oldest_open_question_sets_the_tone(days: int, tone: str) -> None:
    moment = now()
    asked = [moment, moment - timedelta(days=days)]
    found = judge(Known(asked=asked), moment)[1]
    assert (found.tone, found.figures) == (tone, {"open": 2, "days": days})


def test_answered_and_hidden_questions_are_not_open(publisher: City, partner: City, bundle: Bundle) -> None:
    with unit_of_work() as session:
        found = record(publisher, bundle(), "1.0.0")
        asked = {"app_id": found.id, "city_id": partner.id, "text": "Does it know our units?"}
        session.add_all([Question(**asked), Question(answer="Yes.", **asked), Question(hidden_at=now(), **asked)])
    assert next(part for part in health.of(found) if part.code == "requests").figures["open"] == 1


def test_the_api_tells_the_parts_and_the_release_its_rating(
    client: FlaskClient, publisher: City, bundle: Bundle
) -> None:
    with unit_of_work():
        record(publisher, bundle(), "1.0.0")
    parts = client.get("/api/v1/apps/antrian/health").json["parts"]
    assert [one["code"] for one in parts] == ["release", "requests", "cities", "audit", "documentation"]
    assert client.get("/api/v1/apps/antrian").json["safety"]["parts"][0]["code"] == "licence"
    release = client.get("/api/v1/apps/antrian/releases").json["items"][0]
    assert release["rating"]["grade"] == parts[3]["figures"]["grade"]
    assert release["downloads"]["cdx.json"].endswith("/apps/antrian/releases/1.0.0.cdx.json")
    assert release["signatures"]["zip"].endswith("/apps/antrian/releases/1.0.0.zip.minisig")
    assert client.get("/api/v1/apps/nothing/health").status_code == 404


def record(publisher: City, inspection: Inspection, version: str) -> App:
    found = service.record_app(publisher, "antrian", inspection)
    service.record_release(found, inspection, version, f"v{version}", "c" * 40, version * 8, "5" * 64, 10, None)
    return found


def test_what_cities_run_comes_from_the_registry(publisher: City, partner: City, bundle: Bundle) -> None:
    with unit_of_work():
        found = record(publisher, bundle(), "1.0.0")
        record(publisher, bundle(), "1.1.0")
        service.note_adoption(found.id, partner.id, "1.0.0", running=True)
    parts = {part.code: part for part in health.of(found)}
    assert parts["release"].figures["version"] == "1.1.0"
    assert parts["cities"].figures == {"on": 0, "all": 1}
    assert (found.rating, parts["audit"].figures["grade"]) == (rate(bundle()).grade,) * 2


def test_the_grade_is_the_newest_releases_not_the_last_published(publisher: City, bundle: Bundle) -> None:
    with unit_of_work():
        record(publisher, bundle(), "2.0.0")
        good = bundle()
        found = record(publisher, bundle(**{"antrian/key.py": b"K = '-----BEGIN PRIVATE KEY-----'"}), "1.0.1")
    assert found.rating == rate(good).grade != "D"


@pytest.mark.parametrize("language", ["id", "en"])
def test_both_are_shown_with_words_and_no_markup_of_the_bundle(app: Flask, bundle: Bundle, language: str) -> None:
    page = (
        "{% from 'catalog/trust.html' import rating_parts, health_parts with context %}"
        "{{ rating_parts(rating) }}{{ health_parts(parts) }}"
    )
    with app.test_request_context(headers={"Accept-Language": language}):
        rating = rate(bundle(**{"<b>x</b>/a.py": b"import os\nos.system('x')\n"}))
        parts = judge(Known("1.0.0", now(), rating, ["1.0.0"]), now())
        shown = render_template_string(page, rating=rating.to_json(), parts=parts)
        assert "&lt;b&gt;x&lt;/b&gt;/a.py:2" in shown and "<b>x" not in shown
        assert all(escape(part.text) in shown and part.title in shown for part in words.health_told(parts))
        assert "1 / 1" in shown and f">{rating.grade}</span>" in shown
        assert render_template_string(page, rating={}, parts=()).count("rating") == 0
