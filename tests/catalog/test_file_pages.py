"""publiccode.yml for people and programs: checked, handed out, and of apps whose source is not here yet."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from registry.accounts import service as accounts
from registry.catalog import service
from registry.catalog.describing import describe
from registry.catalog.models import App
from registry.catalog.publiccode.export import exported
from registry.catalog.publiccode.file import parse
from registry.core.db import db
from registry.core.errors import ConflictError, InvalidError
from registry.core.uow import unit_of_work
from registry.operate import demo_described
from registry.tenants.models import Membership
from tests.catalog.conftest import PUBLICCODE

BAD = PUBLICCODE.replace("name: Antrian", "nama: <script>alert(1)</script>")


@pytest.fixture
def described(publisher):
    with unit_of_work():
        return describe(publisher, "antrian", PUBLICCODE.encode())


@pytest.fixture
def maintainer(publisher, client):
    with unit_of_work() as session:
        user = accounts.make_user("pengelola@bandung.example", "Pengelola (demo)", "kata sandi panjang")
        session.flush()
        session.add(Membership(city_id=publisher.id, user_id=user.id, role="maintainer"))
    client.post("/sign-in", data={"email": "pengelola@bandung.example", "password": "kata sandi panjang"})
    return client


def english(client, path, **data):
    return client.post(path, data=data, headers={"Accept-Language": "en"})


def test_a_valid_file_is_called_so(client, context):
    answer = english(client, "/check", text=PUBLICCODE)
    assert answer.status_code == 200 and "Valid: Antrian" in answer.text


def test_a_wrong_line_is_shown_with_what_is_wrong_and_never_run(client, context):
    answer = english(client, "/check", text=BAD)
    assert answer.status_code == 422 and "Not valid: 2 errors" in answer.text
    assert "<script>alert" not in answer.text and "&lt;script&gt;alert" in answer.text
    assert 'class="checked-error"' in answer.text


def test_a_file_may_be_uploaded(client, context):
    answer = english(client, "/check", file=(io.BytesIO(PUBLICCODE.encode()), "publiccode.yml"))
    assert "Valid: Antrian" in answer.text


@pytest.mark.parametrize("content", [b"a: [" * 5000, b"x" * 300_000, b"\xff\xfe\x00", b"a: &a [*a, *a]", b""])
def test_a_hostile_file_is_refused_in_words(client, context, content):
    answer = english(client, "/check", file=(io.BytesIO(content), "publiccode.yml"))
    assert answer.status_code == 422 and "Not valid" in answer.text


def test_programs_are_told_line_and_key(client, context):
    answer = client.post("/api/v1/publiccode/check", json={"publiccode": BAD}).get_json()
    assert answer["valid"] is False
    assert {(one["path"], one["line"]) for one in answer["findings"]} >= {("nama", 2)}


def test_who_uses_it_is_what_the_registry_knows_and_not_what_is_typed():
    claimed = PUBLICCODE.replace("platforms:", "usedBy: [Everybody]\nplatforms:")
    text = exported(claimed, ["Kota Bontang"], "1.1.0")
    facts = parse(text.encode())[0].facts
    assert facts["usedBy"] == ["Kota Bontang"] and facts["softwareVersion"] == "1.1.0"
    assert "Everybody" not in text


def test_the_file_is_handed_out_with_its_users(client, publisher, partner, bundle):
    with unit_of_work():
        app = service.record_app(publisher, "antrian", bundle())
        release = service.record_release(app, bundle(), "1.1.0", "v1.1.0", "c" * 40, "a" * 40, "d" * 64, 1234, None)
        release.published_at = datetime(2026, 11, 23, 23, tzinfo=UTC)  # six o'clock at the programme's seat
        service.note_adoption(app.id, partner.id, "1.1.0", True)
    answer = client.get("/apps/antrian/publiccode.yml")
    found, findings = parse(answer.data)
    assert findings == [] and found.facts["usedBy"] == ["Kota Bontang"]
    assert str(found.facts["releaseDate"]) == "2026-11-24"
    assert client.get("/apps/antrian/publiccode.yml", headers={"If-None-Match": answer.headers["ETag"]}).status_code


def test_an_app_without_source_is_in_the_catalog_and_says_so(client, described):
    page = client.get("/apps/antrian", headers={"Accept-Language": "en"}).text
    assert "described only" in page and "/git/antrian.git" not in page


def test_its_first_release_makes_it_a_usual_entry(publisher, described, bundle):
    with unit_of_work():
        service.record_app(publisher, "antrian", bundle())
    assert db.session.scalar(select(App.described_only)) is False
    with pytest.raises(ConflictError), unit_of_work():
        describe(publisher, "antrian", PUBLICCODE.encode())


def test_a_file_with_errors_describes_nothing(publisher):
    with pytest.raises(InvalidError) as caught, unit_of_work():
        describe(publisher, "antrian", BAD.encode())
    assert {finding.path for finding in caught.value.findings} >= {"nama"}


def test_maintainers_describe_in_the_console(maintainer):
    answer = maintainer.post("/programme/describe", data={"slug": "antrian", "text": PUBLICCODE})
    assert answer.status_code == 303 and answer.location.rstrip("/").endswith("/apps/antrian")
    again = english(maintainer, "/programme/describe", slug="Antrian!", text=PUBLICCODE)
    assert again.status_code == 422 and 'class="finding finding-error"' in again.text and "Antrian!" in again.text


def test_strangers_describe_nothing(client, context):
    assert client.put("/api/v1/apps/x/description", json={"publiccode": PUBLICCODE}).status_code == 401


def test_the_described_apps_of_the_demo_are_valid_marked_and_come_once(publisher, partner):
    demo_described.publish()
    demo_described.publish()
    apps = list(db.session.scalars(select(App)))
    assert len(apps) == len(list(demo_described.FOLDER.glob("*.yml"))) >= 4
    assert all(app.described_only and "(demo)" in app.facts["description"]["id"]["longDescription"] for app in apps)
