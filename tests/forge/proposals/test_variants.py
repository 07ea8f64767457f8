"""A fork that became another app is published beside the original, when a maintainer lets it."""

from __future__ import annotations

import pytest

from registry.catalog import service as catalog
from registry.catalog.models import App
from registry.core.audit import AuditEntry
from registry.core.db import db
from registry.core.errors import AgreementNeededError, ConflictError, InvalidError
from registry.core.uow import unit_of_work
from registry.forge import git
from registry.forge.proposals import rules, variants
from registry.forge.proposals.models import VariantRequest
from registry.tenants.agreements.models import Agreement
from tests.forge import conftest as forge
from tests.forge.proposals.test_api import bearer


def ask(table, name="Lapor Pesisir", slug="lapor-pesisir", why="For **islands**."):
    with table.house.inside() as (city, fork), unit_of_work():
        return variants.ask(city, fork, forge.user("b@example.id"), name, slug, why).id


def decide(table, number, reason=""):
    with table.looking_around(), unit_of_work():
        asked, speaker = variants.get(number), table.speaker(rules.PUBLISHER)
        if reason:
            variants.decline(asked, speaker, reason)
        else:
            variants.approve(asked, speaker)


def apps(table):
    with table.house.app.app_context():
        return {one.slug for one in db.session.query(App)}


def test_an_approved_variant_stands_beside_its_original(table):
    head = table.house.main
    decide(table, ask(table))
    with table.looking_around():
        made = catalog.get_app("lapor-pesisir")
        assert (made.name, made.publisher.slug, made.based_on.slug) == ("Lapor Pesisir", "bontang", "lapor")
        assert catalog.latest_release(made).version == "1.0.0"
        assert "variant.approve" in {one.action for one in db.session.query(AuditEntry)}
    upstream = table.house.place.upstream("lapor-pesisir")
    assert git.line(upstream, "rev-parse", "refs/heads/main^") == head, "the fork's history comes along"
    text = git.run(upstream, "cat-file", "blob", "refs/heads/main:publiccode.yml").decode()
    assert "git/lapor-pesisir.git" in text and "Kota Bontang" in text and "git/lapor.git" in text
    git.run(upstream, "fsck", "--full", "--strict", "--connectivity-only")
    assert "pool.git" in (upstream / "objects" / "info" / "alternates").read_text()
    page = table.client().get("/apps/lapor").get_data(as_text=True)
    assert "Lapor Pesisir" in page


def test_its_next_version_is_asked_for_again(table):
    decide(table, ask(table))
    text = table.house.text("publiccode.yml").replace("softwareVersion: 1.0.0", "softwareVersion: 1.1.0")
    log = "# Changelog\n\n## 1.1.0\n\n- More.\n\n## 1.0.0\n\n- A release.\n"
    table.house.change({"publiccode.yml": text, "CHANGELOG.md": log})
    before = git.line(table.house.place.upstream("lapor-pesisir"), "rev-parse", "refs/heads/main")
    decide(table, ask(table))
    with table.looking_around():
        assert catalog.latest_release(catalog.get_app("lapor-pesisir")).version == "1.1.0"
    upstream = table.house.place.upstream("lapor-pesisir")
    assert git.line(upstream, "rev-parse", "refs/heads/main^1") == before


def test_the_same_version_with_other_content_is_refused_and_leaves_nothing(table):
    decide(table, ask(table))
    upstream = table.house.place.upstream("lapor-pesisir")
    before = git.line(upstream, "rev-parse", "refs/heads/main")
    table.house.change({"README.md": "# Other\n"})
    number = ask(table)
    with pytest.raises(ConflictError):
        decide(table, number)
    assert git.line(upstream, "rev-parse", "refs/heads/main") == before
    with table.looking_around():
        assert variants.get(number).state == rules.ASKED


def test_what_fails_while_it_is_published_leaves_no_repository(table, monkeypatch):
    number = ask(table)
    monkeypatch.setattr(variants, "release_commit", lambda *_words: (_ for _ in ()).throw(InvalidError("no")))
    with pytest.raises(InvalidError):
        decide(table, number)
    assert not table.house.place.upstream("lapor-pesisir").parent.exists() and apps(table) == {"lapor"}


def test_a_declined_one_says_why_and_may_be_asked_again(table):
    number = ask(table)
    with pytest.raises(ConflictError):
        ask(table)
    decide(table, number, "The PKS forbids passing on.")
    assert apps(table) == {"lapor"}
    with pytest.raises(ConflictError):
        decide(table, number)
    ask(table)


def test_only_with_an_active_pks(table):
    number = ask(table)
    with table.house.inside(), unit_of_work() as session:
        session.query(Agreement).one().state = "terminated"
    with pytest.raises(AgreementNeededError):
        decide(table, number)
    with table.house.inside(), unit_of_work() as session:
        session.query(VariantRequest).delete()
    with pytest.raises(AgreementNeededError):
        ask(table)


@pytest.mark.parametrize(
    ("name", "slug", "why"),
    [("", "x", "y"), ("x" * 81, "x", "y"), ("x", "../x", "y"), ("x", "X", "y"), ("x", "x", " "), ("x", "www", "y")],
)
def test_names_are_names(table, name, slug, why):
    with pytest.raises(InvalidError):
        ask(table, name, slug, why)


def test_the_originals_name_is_taken(table):
    with pytest.raises(ConflictError, match="taken"):
        ask(table, slug="lapor")


def test_on_its_pages_and_for_programs(table):
    city, maintainer = table.client("b@example.id"), table.client("a@example.id")
    form = "/console/bontang/forks/lapor/variant"
    given = {"name": "Lapor Pesisir", "slug": "lapor-pesisir", "why": "<script>alert(1)</script>"}
    assert city.get(form).status_code == 200
    assert city.post(form, data={**given, "slug": "No"}).status_code == 422
    assert city.post(form, data=given).status_code == 303
    queue = maintainer.get("/programme/variants").get_data(as_text=True)
    assert "Lapor Pesisir" in queue and "<script>alert" not in queue
    assert city.get("/programme/variants").status_code == 403
    client, token = table.house.app.test_client(), bearer(table, "a@example.id")
    number = client.get("/api/v1/variants", headers=token).json["items"][0]["number"]
    refused = client.post(f"/api/v1/variants/{number}/decision", json={"act": "decline"}, headers=token)
    assert refused.status_code == 422
    answer = client.post(f"/api/v1/variants/{number}/decision", json={"act": "decline", "reason": "No."}, headers=token)
    assert answer.json["state"] == "refused"
    asked = client.post("/api/v1/apps/lapor/variants", json={"city": "bontang", **given},
                        headers=bearer(table, "b@example.id"))  # fmt: skip
    assert asked.status_code == 201
    data = {"act": "approve"}
    assert maintainer.post(f"/programme/variants/{asked.json['number']}/decide", data=data).status_code == 303
    assert "Lapor Pesisir" in table.client().get("/apps/lapor-pesisir").get_data(as_text=True)
