"""A fork that became another app is published beside the original, when a maintainer lets it."""

from __future__ import annotations

import re

import pytest

from registry.accounts.notices.models import Notification
from registry.catalog import service as catalog
from registry.catalog.models import App, Release
from registry.core import jobs
from registry.core.audit import AuditEntry
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import AgreementNeededError, ConflictError, ForbiddenError, InvalidError
from registry.core.jobs import Job
from registry.core.uow import unit_of_work
from registry.forge import git, storage, writing
from registry.forge.proposals import issuing, rules, variants
from registry.forge.proposals.models import VariantRequest
from registry.tenants.agreements.models import Agreement
from tests.forge import conftest as forge
from tests.forge.following.repositories import commit
from tests.forge.proposals.test_api import bearer

REFUSED = re.compile("may not push|tidak boleh mengirim")
"""In the language of the person, where it is compiled."""


def ask(table, name="Lapor Pesisir", slug="lapor-pesisir", why="For **islands**."):
    with table.house.inside() as (city, fork), unit_of_work():
        return variants.ask(city, fork, forge.user("b@example.id"), name, slug, why).id


def decide(table, number, reason=""):
    with table.looking_around(), unit_of_work():
        asked, speaker = variants.get(number), table.speaker(rules.PUBLISHER)
        if reason:
            variants.decline(asked, speaker, reason)
        else:
            issuing.approve(asked, speaker)


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
    newer(table)
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
    monkeypatch.setattr(issuing, "release_commit", lambda *_words: (_ for _ in ()).throw(InvalidError("no")))
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
    address, data = f"/programme/variants/{asked.json['number']}/decide", {"act": "approve"}
    answer = maintainer.post(address, data=data)
    assert answer.status_code == 303 and "/jobs/" in answer.location
    assert "It is being published" in maintainer.get("/programme/variants").text
    assert maintainer.post(address, data=data).status_code == 409
    assert work(table) == ["done"]
    assert "Lapor Pesisir" in table.client().get("/apps/lapor-pesisir").get_data(as_text=True)
    assert "It is being published" not in maintainer.get("/programme/variants").text


def work(table):
    """Publish what waits for the worker, twice, as one that is run again; how each job ended."""
    ended = []
    for arguments in table.house.queued(variants.TASK):
        for _time in range(2):
            jobs.queue.tasks[variants.TASK](**arguments)
        with table.looking_around():
            ended.append(db.session.get_one(Job, arguments["job_id"]).state)
    return ended


def test_programs_watch_the_job(table):
    number, client = ask(table), table.house.app.test_client()
    token = bearer(table, "a@example.id")
    told = client.post(f"/api/v1/variants/{number}/decision", json={"act": "approve"}, headers=token)
    assert (told.status_code, told.json["state"]) == (202, "asked")
    assert work(table) == ["done"]
    assert client.get(f"/api/v1/jobs/{told.json['job']}", headers=token).json["state"] == "done"


def test_both_sides_are_told(table):
    def told(email):
        with table.looking_around():
            found = db.session.query(Notification).filter_by(user_id=forge.user(email).id)
            return [" ".join(one.paragraphs) for one in found.order_by(Notification.id)]

    number = ask(table)
    assert len(told("a@example.id")) == 1 and "Lapor Pesisir" in told("a@example.id")[0]
    decide(table, number, "Not yet.")
    assert "Not yet." in told("b@example.id")[-1]
    decide(table, ask(table))
    assert "1.0.0" in told("b@example.id")[-1] and told("c@example.id") == []


def test_where_the_pks_forbids_variants_none_is_asked_for_or_published(table):
    number = ask(table)
    with table.house.inside(), unit_of_work() as session:
        session.query(Agreement).one().allows_variants = False
    with pytest.raises(ForbiddenError, match="PKS/1"):
        decide(table, number)
    decide(table, number, "The PKS forbids it.")
    with pytest.raises(ForbiddenError):
        ask(table)


def test_what_a_killed_worker_left_behind_is_in_nobodys_way(table):
    place = table.house.place
    storage.make_app(place, "lapor-pesisir")
    decide(table, ask(table))
    assert apps(table) == {"lapor", "lapor-pesisir"}
    assert len(list(place.upstream("lapor-pesisir").parent.parent.glob("lapor-pesisir.set-aside-*"))) == 1


def test_a_worker_killed_after_main_was_moved_is_followed_by_one_that_goes_on(table, monkeypatch):
    decide(table, ask(table))
    newer(table)
    number, upstream = ask(table), table.house.place.upstream("lapor-pesisir")
    with table.looking_around(), monkeypatch.context() as patched:
        patched.setattr(issuing, "after_rollback", lambda _act: None)
        made = issuing._commit(table.house.place, variants.get(number), None)
    decide(table, number)
    assert git.line(upstream, "rev-parse", "refs/heads/main") == made
    with table.looking_around():
        assert catalog.latest_release(catalog.get_app("lapor-pesisir")).version == "1.1.0"


def newer(table):
    text = table.house.text("publiccode.yml").replace("softwareVersion: 1.0.0", "softwareVersion: 1.1.0")
    log = "# Changelog\n\n## 1.1.0\n\n- More.\n\n## 1.0.0\n\n- A release.\n"
    table.house.change({"publiccode.yml": text, "CHANGELOG.md": log})


def test_the_city_pushes_to_its_variant_and_nobody_elses_city_does(table, origin, tmp_path):
    decide(table, ask(table))
    clone = tmp_path / "variant"
    forge.git("clone", "-q", f"{origin}/git/lapor-pesisir.git", clone)
    forge.commit(clone, "notes.md", "of the variant")
    token = {who: bearer(table, f"{who}@example.id")["Authorization"].split()[1] for who in "bc"}
    assert REFUSED.search(forge.git("push", "origin", "HEAD:main", cwd=clone, token=token["c"], fails=True))
    forge.git("push", "-q", "origin", "HEAD:main", cwd=clone, token=token["b"])
    forge.git("clone", "-q", f"{origin}/git/lapor.git", tmp_path / "original")
    forge.commit(tmp_path / "original")
    refused = forge.git("push", "origin", "HEAD:main", cwd=tmp_path / "original", token=token["b"], fails=True)
    assert REFUSED.search(refused)


def test_after_a_release_that_was_withdrawn_the_next_is_asked_for_as_usual(table):
    decide(table, ask(table))
    with table.looking_around(), unit_of_work():
        db.session.query(Release).join(App).filter(App.slug == "lapor-pesisir").one().yanked_at = now()
    newer(table)
    decide(table, ask(table))
    assert len(apps(table)) == 2


def test_what_the_city_pushed_to_its_variant_is_not_lost_by_the_next_version(table):
    decide(table, ask(table))
    upstream = table.house.place.upstream("lapor-pesisir")
    old = git.line(upstream, "rev-parse", "refs/heads/main")
    new = commit(upstream, {"notes.md": "of the variant\n"}, (old,))
    writing.update_refs(upstream, {"refs/heads/main": (new, old)})
    newer(table)
    with pytest.raises(ConflictError, match="Merge"):
        ask(table)
    git.run(table.house.fork, "fetch", "-q", str(upstream), "main", config={"protocol.file.allow": "always"})
    joined = commit(table.house.fork, {"notes.md": "of the variant\n"}, (table.house.main, new))
    writing.update_refs(table.house.fork, {"refs/heads/main": (joined, table.house.main)})
    decide(table, ask(table))
    assert git.run(upstream, "cat-file", "blob", "refs/heads/main:notes.md") == b"of the variant\n"
