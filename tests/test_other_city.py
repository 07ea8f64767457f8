"""Every route is asked by a member of another city: it answers as if Bontang were not there (design §5, wall three)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from registry.accounts import service as accounts
from registry.accounts.notices.models import Notification
from registry.backups.models import Backup
from registry.catalog.assistance.models import (
    AssistanceDraft,
    AssistanceFile,
    AssistanceMessage,
    AssistanceRequest,
    AssistanceVersion,
)
from registry.catalog.choosing.models import ShortlistItem, ShortlistNote, ShortlistVote
from registry.catalog.models import App
from registry.catalog.open_data.webhooks.models import Delivery, Webhook
from registry.core import scope
from registry.core.clock import now
from registry.core.uow import unit_of_work
from registry.forge.following.models import Following, News, Sync
from registry.forge.keeping.models import ForkQuota, RepositoryState
from registry.forge.service import fork_of
from registry.hosting import service as hosting
from registry.hosting.alerts import raise_alert
from registry.hosting.models import Deployment, Errand
from registry.hosting.models_operations import Domain, TaskPlan, Wave, WaveMember
from registry.tenants.agreements.models import Agreement, AgreementEvent, AgreementPaper, Suspension
from registry.tenants.documents import files
from registry.tenants.handovers.models import Handover
from registry.tenants.joining.models import ApplicationNote, CityApplication
from registry.tenants.models import City, Opd
from registry.tenants.people.models import Invitation
from tests.hosting.conftest import bundle, find, world  # noqa: F401 fixtures

MARK = "penanda-milik-bontang"
PUBLIC_PARTS = ("/_portal/", "/_plugin/", "/_nowhere/", "/git/", "/static/", "/apps/", "/api/v1/apps", "/cities",
                "/api/v1/cities", "/api/v1/regions", "/join", "/sign-in", "/sign-out", "/healthz", "/readyz",
                "/metrics", "/account",
                "/invitation", "/address", "/verify/", "/api/v1/handovers/codes/",
                "/notifications", "/api/v1/notifications",
                "/catalog.", "/check", "/api/v1/publiccode/check", "/compare", "/api/v1/compare", "/open-data",
                "/search/", "/v1/", "/api/v1/tokens", "/transparency", "/api/v1/transparency",
                "/api/v1/account/", "/api/v1/openapi.json", "/api/v1/docs", "/api-docs")  # fmt: skip
"""Belongs to no city, or is public: these routes are asked too, and must not tell the mark."""
OPERATIONS = ("notifications", "followings", "syncs", "fork_news",
              "alerts", "errands", "task_plans", "domains", "waves", "wave_members", "backups", "backup_policies",
              "applications", "application_notes", "invitations",
              "webhooks", "webhook_deliveries", "handovers", "handover_scans",
              "repositories", "fork_quotas", "fork_removals",
              "agreement_events", "agreement_papers", "suspensions",
              "assistance_requests", "assistance_messages", "assistance_files", "assistance_drafts",
              "assistance_versions",
              "shortlist_items", "shortlist_notes", "shortlist_votes")  # fmt: skip
ENDS_THE_SESSION = ("/sign-out", "/account/password", "/account/sign-out-everywhere")
VARIABLE = re.compile(r"<(?:any\(([^,)]+)[^)]*\):)?(?:[^:<>]+:)?([^<>]+)>")
REFUSALS = {301, 302, 308, 400, 401, 403, 404, 405, 409, 415, 422}


@pytest.fixture
def marks(app: Flask, world) -> dict[str, object]:  # noqa: F811
    """Rows of Bontang in every kind of table, each holding the mark; answers with their ids."""
    with app.app_context():
        city = find("bontang")
        scope.enter_city(city.id)
        with unit_of_work() as session:
            opd = Opd(tenant_id=city.id, name=MARK)
            session.add(opd)
            job = hosting.deploy(city, fork_of(city, "papan"), "papan", {"title": MARK})
            job.message = MARK
            agreement = session.query(Agreement).first()
            agreement.number = MARK
            paper = mark_agreement(session, agreement)
            alert = raise_alert(city.id, "memory", MARK)
            handover = session.query(Handover).first()
            handover.number = MARK
            session.flush()
            mark_operations(session, city.id)
            mark_following(session, city.id)
            backup = mark_backup(session, city.id)
            delivery = mark_webhook(session, city.id)
            mark_storage(session, city.id)
            mark_application(session, city.id)
            invitation = mark_invitation(session, city.id)
            note = mark_shortlist(session, city.id, opd.id)
            asked = mark_assistance(session, city)
            return {
                "notification_id": mark_notification(session, city.id),
                "item_id": note.item_id, "note_id": note.id, "act": "remove",
                "webhook_id": delivery.webhook_id, "key_id": 1, "tag": "v1.0.0", "delivery_id": str(delivery.id),
                "backup_id": backup.id,
                "request_id": asked.request_id, "file_id": asked.id,
                "task": "remind", "hostname": f"{MARK}.go.id", "wave_id": 1,
                "alert_id": alert.id,
                "city": "bontang", "name": "papan", "app": "papan", "opd_id": opd.id, "job_id": str(job.id),
                "handover_id": handover.id, "scan_id": 1,
                "agreement_id": agreement.id, "deployment_id": "papan.bontang", "which": "off", "kind": "pks",
                "paper_id": paper.id, "invitation_id": invitation.id,
                "user_id": accounts.find_by_email("admin@bontang.example").id,
                "membership_id": 1, "token_id": 1, "path": "x", "version": "1.0.0", "side": "partner",
            }  # fmt: skip


def mark_agreement(session, agreement: Agreement) -> AgreementPaper:
    """A line of its history, a paper and a closing of the city's plugins, each with the mark."""
    own = {"tenant_id": agreement.tenant_id}
    kept = files.put(find("bontang"), f"{MARK}.pdf", MARK.encode())
    paper = AgreementPaper(agreement_id=agreement.id, kind="scan", version=1, digest=kept.digest, size=kept.size,
                           media=kept.kind, name=kept.name, added_by=MARK, **own)  # fmt: skip
    line = AgreementEvent(agreement_id=agreement.id, actor=MARK, act="draft", state="draft", version=1, why=MARK, **own)
    closed = Suspension(words=MARK, reason=MARK, plugins=[MARK], begun_by=MARK, ended_at=now(), **own)
    session.add_all([paper, line, closed])
    session.flush()
    return paper


def mark_operations(session, city_id: int) -> None:
    """A task's run, an address and a place in a wave, each with the mark."""
    plugin = session.query(Deployment).one()
    own = {"tenant_id": city_id, "deployment_id": plugin.id}
    wave = Wave(app_id=1, canary=1, size=1, pause_minutes=0, tolerated=0)
    session.add_all([wave, TaskPlan(name="remind", **own), Domain(hostname=f"{MARK}.go.id", token=MARK, **own)])
    session.flush()
    session.add(WaveMember(wave_id=wave.id, step=0, message=MARK, **own))
    session.add(Errand(kind="task", argument={"name": "remind"}, result={"tail": [MARK]}, state="done", **own))


def mark_following(session, city_id: int) -> None:
    """A fork with a sync under way, and a city that was told of a release."""
    fork = fork_of(find("bontang"), "papan")
    own = {"tenant_id": city_id, "fork_id": fork.id}
    session.add_all([
        Following(**own), News(release_id=fork.base_release_id, **own),
        Sync(way="conflicts", ours="1" * 40, theirs="2" * 40, label=MARK, starter=MARK, **own),
    ])  # fmt: skip


def mark_backup(session, city_id: int) -> Backup:
    backup = Backup(tenant_id=city_id, deployment_id=session.query(Deployment).one().id, reason="manual",
                    state="failed", message=MARK)  # fmt: skip
    session.add(backup)
    session.flush()
    return backup


def mark_webhook(session, city_id: int) -> Delivery:
    hook = Webhook(tenant_id=city_id, url=f"https://{MARK}.example/", note=MARK, events=["app.published"], secret=b"x")
    session.add(hook)
    session.flush()
    delivery = Delivery(tenant_id=city_id, webhook_id=hook.id, event="ping", subject=MARK, body=MARK)
    session.add(delivery)
    session.flush()
    return delivery


def mark_notification(session, city_id: int) -> int:
    admin = accounts.find_by_email("admin@bontang.example")
    note = Notification(user_id=admin.id, city_id=city_id, kind="plugin.alert", language="id", subject=MARK,
                        paragraphs=[MARK], link=f"/console/bontang/{MARK}")  # fmt: skip
    session.add(note)
    session.flush()
    return note.id


def mark_application(session, city_id: int) -> None:
    own = {"tenant_id": city_id}
    session.add_all([CityApplication(mail=MARK, state="admitted", **own),
                     ApplicationNote(kind="asked", actor=MARK, text=MARK, **own)])  # fmt: skip


def mark_invitation(session, city_id: int) -> Invitation:
    made = Invitation(tenant_id=city_id, email=f"{MARK}@bontang.example", name=MARK, role="auditor", inviter=MARK,
                      expires_at=now() + timedelta(days=14))  # fmt: skip
    session.add(made)
    session.flush()
    return made


def mark_storage(session, city_id: int) -> None:
    fault = {"kind": "ref", "what": MARK, "state": "broken", "note": MARK}
    app = session.query(App).first()
    session.add(RepositoryState(tenant_id=city_id, app_id=app.id, kind="fork", state="broken", faults=[fault]))
    session.add(ForkQuota(tenant_id=city_id, bytes=1))


def mark_assistance(session, city: City) -> AssistanceFile:
    """A request with a message, a file, words both sides agreed to, each with the mark."""
    own, app = {"tenant_id": city.id}, session.query(App).first()
    asked = AssistanceRequest(app_id=app.id, helper_id=app.publisher_id, title=MARK, tried=MARK, phase="operation",
                              promised="none", covered=False, answered_at=now(), **own)  # fmt: skip
    session.add(asked)
    session.flush()
    said = AssistanceMessage(request_id=asked.id, side="city", act="open", author=MARK, text=MARK, **own)
    session.add(said)
    session.flush()
    kept = files.put(city, f"{MARK}.txt", MARK.encode(), "text/plain")
    file = AssistanceFile(request_id=asked.id, message_id=said.id, digest=kept.digest, size=kept.size, media=kept.kind,
                          name=kept.name, **own)  # fmt: skip
    words = {"request_id": asked.id, "question": MARK, "answer": MARK, "agreed_helper": MARK, **own}
    agreed = AssistanceVersion(version=1, named=False, agreed_city=MARK, **words)
    session.add_all([file, AssistanceDraft(**words), agreed])
    session.flush()
    return file


def mark_shortlist(session, city_id: int, opd_id: int) -> ShortlistNote:
    own = {"tenant_id": city_id}
    item = ShortlistItem(app_id=session.query(App).first().id, why=MARK, author=MARK, **own)
    session.add(item)
    session.flush()
    note = ShortlistNote(item_id=item.id, author=MARK, text=MARK, **own)
    session.add_all([note, ShortlistVote(item_id=item.id, opd_id=opd_id, choice="yes", voter=MARK, **own)])
    session.flush()
    return note


@pytest.fixture
def stranger(app: Flask, marks) -> FlaskClient:
    client = app.test_client()
    with app.app_context():
        user = accounts.find_by_email("admin@tegal.example")
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = user.get_id(), True
    return client


@pytest.fixture
def bearer(app: Flask, marks) -> dict[str, str]:
    with app.app_context(), unit_of_work():
        _token, text = accounts.create_token(accounts.find_by_email("admin@tegal.example"), "crawl")
    return {"Authorization": f"Bearer {text}"}


def crawl(app: Flask, marks: dict[str, object]) -> list[tuple[str, str]]:
    """Every method of every route, filled with Bontang's names and ids."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.rule in ENDS_THE_SESSION:
            continue
        path = VARIABLE.sub(lambda match: filled(match, marks), rule.rule)
        found += [(method, path) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]
    return found


def filled(match: re.Match[str], marks: dict[str, object]) -> str:
    """What stands for a variable of a route: its first choice, or Bontang's own."""
    return (match[1] or str(marks.get(match[2], "1"))).strip("'")


def is_public(path: str) -> bool:
    return path == "/" or path.startswith(PUBLIC_PARTS)


def test_no_route_tells_another_citys_secret(app, marks, stranger, bearer):
    for method, path in crawl(app, marks):
        headers = bearer if path.startswith("/api/") else {}
        answer = stranger.open(path, method=method, headers=headers, json={} if path.startswith("/api/") else None,
                               query_string={"city": "bontang", "app": "papan"})  # fmt: skip
        assert answer.status_code < 500 or path.startswith("/_plugin/"), f"{method} {path}: {answer.status_code}"
        assert MARK.encode() not in answer.get_data(), f"{method} {path} tells Bontang's data"


def test_every_route_of_a_city_refuses_a_stranger(app, marks, stranger, bearer):
    open_routes = []
    assert stranger.get("/console/tegal/people").status_code == 200, "the stranger is signed in"
    for method, path in crawl(app, marks):
        if is_public(path):
            continue
        headers = bearer if path.startswith("/api/") else {}
        answer = stranger.open(path, method=method, headers=headers, json={} if path.startswith("/api/") else None,
                               query_string={"city": "bontang", "app": "papan"})  # fmt: skip
        if answer.status_code not in REFUSALS:
            open_routes.append(f"{method} {path}: {answer.status_code}")
    assert open_routes == []


def test_nothing_of_bontang_changed(app, marks, stranger, bearer):
    before = snapshot(app)
    test_every_route_of_a_city_refuses_a_stranger(app, marks, stranger, bearer)
    assert snapshot(app) == before


def snapshot(app: Flask) -> list[tuple[object, ...]]:
    """Every row of Bontang that a stranger might have changed."""
    with app.app_context():
        city = find("bontang")
        scope.enter_city(city.id)
        rows = []
        for table in ("opd", "agreements", "jobs", "forks", "deployments", "revisions", "switches", *OPERATIONS):
            connection = hosting.db.session.connection()
            found = connection.exec_driver_sql(f"select * from {table} order by id::text")
            rows += [tuple(map(str, row)) for row in found]
        return rows
