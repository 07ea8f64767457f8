"""Consent: asked for by the manifest, given by the admin, counted at each use, gone at once when taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from registry.connect import glance, jobs, reading, rules, service
from registry.connect.models import Kpi, Outward
from registry.connect.rules import Figure, Wish
from registry.core import audit, clock, scope
from registry.core.db import db
from registry.core.errors import InvalidError, NotFoundError, TooManyError
from registry.core.uow import unit_of_work
from registry.hosting.models import Deployment
from tests.connect.conftest import WISHES, find

MAIL, HOST, SIBLING = Wish("mail"), Wish("egress", "api.bmkg.example:443"), Wish("sibling", "simtaru:zoning.read")


@pytest.fixture
def papan(deploy, bontang) -> Deployment:
    return db.session.get_one(Deployment, deploy(**WISHES))


def states(deployment: Deployment) -> dict[Wish, str]:
    return {one.wish: one.state for one in reading.connections(deployment)}


def decide(city, deployment: Deployment, wish: Wish, give: bool = True) -> str:
    with unit_of_work():
        return service.decide(city, deployment, wish, give)


def use(deployment: Deployment, wish: Wish) -> bool:
    with unit_of_work():
        return service.use(deployment, wish)


def test_nothing_is_given_until_the_admin_gives_it(papan):
    assert states(papan) == {SIBLING: "asked", HOST: "asked", MAIL: "asked"}
    assert not any(use(papan, wish) for wish in (SIBLING, HOST, MAIL))


def test_giving_opens_one_wish_and_taking_back_closes_it(papan, bontang):
    assert decide(bontang, papan, MAIL) == "given"
    assert use(papan, MAIL) and not use(papan, HOST)
    assert decide(bontang, papan, MAIL, give=False) == "revoked"
    assert not use(papan, MAIL)


def test_each_use_and_each_try_is_counted(papan, bontang):
    use(papan, MAIL)
    decide(bontang, papan, MAIL)
    use(papan, MAIL)
    use(papan, MAIL)
    db.session.expire_all()
    one = next(one for one in reading.connections(papan) if one.wish == MAIL)
    assert (one.count, one.denied) == (2, 1) and one.used_at is not None


def test_what_the_manifest_does_not_name_is_never_given(papan, bontang):
    other = Wish("egress", "evil.example:443")
    with pytest.raises(NotFoundError):
        decide(bontang, papan, other)
    assert not use(papan, other)
    assert other not in states(papan)


def test_a_revision_that_asks_for_more_waits_for_a_new_answer(papan, bontang, upgrade):
    decide(bontang, papan, HOST)
    upgrade(papan.id, egress=("api.bmkg.example:443", "more.example:443"))
    db.session.expire_all()
    assert states(papan) == {HOST: "given", Wish("egress", "more.example:443"): "asked"}
    assert use(papan, HOST) and not use(papan, Wish("egress", "more.example:443"))


def test_what_is_no_longer_asked_for_is_shown_refused_and_can_be_taken_back(papan, bontang, upgrade):
    decide(bontang, papan, MAIL)
    upgrade(papan.id)
    db.session.expire_all()
    [left] = reading.connections(papan)
    assert left.wish == MAIL and not left.wanted and not use(papan, MAIL)
    decide(bontang, papan, MAIL, give=False)
    assert reading.connections(papan) == []


def test_each_decision_is_in_the_audit_log(papan, bontang):
    audit.act_as(audit.Actor(1, "Admin Bontang"))
    decide(bontang, papan, HOST)
    decide(bontang, papan, HOST, give=False)
    entries = db.session.scalars(
        select(audit.AuditEntry).where(audit.AuditEntry.action.like("grant.%")).order_by(audit.AuditEntry.id)
    ).all()
    assert [(one.action, one.actor, one.subject) for one in entries] == [
        ("grant.give", "Admin Bontang", "papan.bontang"),
        ("grant.take", "Admin Bontang", "papan.bontang"),
    ]
    assert entries[0].detail == {"wish": "egress api.bmkg.example:443"}


def test_a_plugin_knows_who_asks_it(deploy, bontang, papan):
    simtaru = db.session.get_one(Deployment, deploy("simtaru", provides={"zoning.read": "/_zoning"}))
    assert reading.sibling(bontang, "simtaru") == simtaru
    assert reading.callers(bontang, simtaru) == [reading.Caller("papan", "zoning.read", "asked")]


def test_an_app_is_found_under_the_name_its_city_gave_it(deploy, bontang):
    renamed = db.session.get_one(Deployment, deploy("pengumuman"))
    assert reading.sibling(bontang, "papan") == renamed


def test_another_citys_plugin_is_no_sibling(deploy, bontang, papan):
    assert reading.sibling(find("tegal"), "papan") is None


def test_mail_has_a_quota_of_the_day(papan, bontang, monkeypatch):
    monkeypatch.setattr(rules, "MAILS_PER_DAY", 3)
    with unit_of_work():
        assert service.send_mail(bontang, papan, ["a@b.example", "c@b.example"], "Halo", "Isi") == 1
    with pytest.raises(TooManyError), unit_of_work():
        service.send_mail(bontang, papan, ["a@b.example", "c@b.example"], "Halo", "Isi")
    assert reading.out_today(papan) == (2, 0), "what was refused is not counted"


def test_a_plugin_writes_to_few_people_at_once(papan, bontang):
    with pytest.raises(InvalidError), unit_of_work():
        service.send_mail(bontang, papan, [f"w{n}@b.example" for n in range(6)], "Halo", "Isi")


def test_the_last_figure_of_a_day_is_kept(papan):
    noon = clock.now().replace(hour=12, minute=0, second=0, microsecond=0)
    with unit_of_work():
        service.report(papan, [Figure("baru", 2.0, "", noon), Figure("baru", 1.0, "", noon - timedelta(hours=1))])
        service.report(papan, [Figure("baru", 9.0, "", noon - timedelta(hours=2))])
        service.report(papan, [Figure("baru", 5.0, "", noon - timedelta(days=1))])
    assert [kpi.value for kpi in reading.newest_kpis(papan)] == [2.0]
    days = db.session.scalars(select(Kpi.value).where(Kpi.deployment_id == papan.id).order_by(Kpi.day))
    assert list(days) == [5.0, 2.0]


def test_the_first_figure_of_a_morning_is_not_the_last_of_the_day_before(papan):
    evening = datetime(2026, 11, 23, 13, tzinfo=UTC)  # eight o'clock at the programme's seat, where days are counted
    with unit_of_work():
        service.report(papan, [Figure("baru", 40.0, "", evening)])
        service.report(papan, [Figure("baru", 0.0, "", evening + timedelta(hours=10))])
    days = select(Kpi.day, Kpi.value).where(Kpi.deployment_id == papan.id).order_by(Kpi.day)
    assert db.session.execute(days).all() == [(date(2026, 11, 23), 40.0), (date(2026, 11, 24), 0.0)]


def test_old_days_go(papan, app):
    with unit_of_work() as session:
        for days in (1, 500):
            at = clock.now() - timedelta(days=days)
            place = {"tenant_id": papan.tenant_id, "deployment_id": papan.id, "day": at.date()}
            session.add_all([Kpi(**place, name=f"n{days}", at=at, value=1.0), Outward(**place, mails=1)])
    with app.app_context():
        scope.enter_programme()
        jobs.forget()
        assert [kpi.name for kpi in db.session.scalars(select(Kpi))] == ["n1"]
        assert len(db.session.scalars(select(Outward)).all()) == 1


def test_bytes_add_up_over_the_day(papan):
    with unit_of_work():
        service.count_bytes(papan, 10)
        assert service.count_bytes(papan, 5) == 15


def test_the_list_of_plugins_says_what_waits_and_what_is_reported(app, papan, bontang):
    def cells() -> list[tuple[str, str]]:
        with app.test_request_context("/?lang=id"):
            return [(cell.text, cell.tone) for cell in glance.cells(bontang, [papan]).get(papan.id, ())]

    assert cells() == [("3 menunggu jawaban Anda", "warn")]
    with unit_of_work():
        service.use(papan, MAIL)
        service.report(papan, [Figure("baru", 1234.0, "laporan", clock.now(), "Laporan baru")])
    assert len(cells()) == 2, "a try is no answer"
    for wish in (MAIL, HOST, SIBLING):
        decide(bontang, papan, wish, give=False)
    assert cells() == [("1.234 laporan", "muted")]
