import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.accounts.notices.models import Notification
from registry.core import clock, scope
from registry.core.audit import AuditEntry
from registry.core.db import db
from registry.core.errors import ConflictError, InvalidError, NotFoundError
from registry.core.uow import unit_of_work
from registry.tenants.handovers import rules, service
from registry.tenants.handovers.models import Handover, HandoverCode
from registry.tenants.service import find_city
from tests.tenants.handovers.conftest import delivery


@pytest.fixture
def one(app, handed):
    """A handover, in an open application context that sees Bontang."""
    made = handed()
    with app.app_context():
        scope.enter_city(find_city("bontang").id)
        yield service.find(made)


def numbers(app) -> list[int]:
    with app.app_context():
        scope.enter_programme()
        return list(db.session.scalars(select(Handover.serial).order_by(Handover.id)))


def test_handovers_are_numbered_without_a_gap(app, handed):
    handed(), handed("antrian"), handed("masdarling")
    assert numbers(app) == [1, 2, 3]


def test_an_act_that_fails_gives_its_number_back(app, handed):
    handed()
    with app.app_context(), pytest.raises(RuntimeError), unit_of_work():
        scope.enter_programme()
        assert service.record(find_city("bontang"), delivery("antrian")).serial == 2
        raise RuntimeError
    handed("masdarling")
    assert numbers(app) == [1, 2]


def test_two_cities_that_fork_at_the_same_moment_get_different_numbers(app, world):
    together, failed = threading.Barrier(2), []

    def fork(name: str) -> None:
        try:
            with app.app_context(), unit_of_work():
                scope.enter_programme()
                together.wait(10)
                service.record(find_city("bontang"), delivery(name))
                db.session.flush()
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=fork, args=(name,)) for name in ("lapor", "antrian")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
    assert sorted(numbers(app)) == [1, 2]


def test_a_year_begins_with_number_one(app, handed):
    handed()
    clock.move(timedelta(days=366))
    try:
        handed("antrian")
    finally:
        clock.back()
    assert numbers(app) == [1, 1]


def test_who_publishes_takes_nothing_over_from_itself(app, world):
    with app.app_context(), unit_of_work():
        scope.enter_programme()
        assert service.record(find_city("bontang"), delivery(publisher="bontang")) is None


def test_a_handover_names_the_pks_it_follows_and_the_offices_that_signed_it(app, agreed, handed):
    agreed("memorandum", "partner", "publisher"), agreed("pks", "partner", "publisher")
    made = handed()
    with app.app_context():
        scope.enter_programme()
        found = service.find(made)
        assert (found.pks_number, found.pks_on) == ("421/PKS-12", clock.today())
        assert found.parties["partner"]["office"]
        assert "Bontang" in found.parties["partner"]["institution"]


def test_both_sides_sign_once_and_the_log_knows(one):
    with unit_of_work():
        service.sign(one, rules.PARTNER, "Kepala Diskominfo Kota Bontang")
    assert service.state_of(one) == rules.DRAWN
    with pytest.raises(ConflictError), unit_of_work():
        service.sign(one, rules.PARTNER, "Kepala Diskominfo Kota Bontang")
    with unit_of_work():
        service.sign(one, rules.PUBLISHER, "Kepala Diskominfo Kota Bandung")
    assert service.state_of(one) == rules.SIGNED
    mine = select(AuditEntry.action).where(AuditEntry.tenant_id == one.tenant_id).order_by(AuditEntry.id)
    acts = db.session.scalars(mine).all()
    assert [act for act in acts if act.startswith("handover.")] == ["handover.make", "handover.sign", "handover.sign"]


def test_both_sides_hear_of_a_signature_each_with_the_way_to_its_page(one):
    with unit_of_work():
        service.sign(one, rules.PARTNER, "Kepala Diskominfo")
    told = db.session.scalars(select(Notification).order_by(Notification.id)).all()
    assert [note.link for note in told if note.kind == "handover.issued"] == [
        f"/console/bontang/handovers/{one.id}",
        f"/programme/handovers/{one.id}",
    ]
    assert all(one.number in note.subject for note in told if note.kind == "handover.issued")


@pytest.mark.parametrize("office", ["", "  ", "x", "y" * 121, "Kepala\nDinas"])
def test_a_signature_needs_an_office(one, office):
    with pytest.raises(InvalidError), unit_of_work():
        service.sign(one, rules.PARTNER, office)


def test_a_signature_from_tomorrow_is_refused(one):
    with pytest.raises(InvalidError), unit_of_work():
        service.sign(one, rules.PARTNER, "Kepala Diskominfo", clock.today() + timedelta(1))


def test_what_was_withdrawn_stays_so_with_its_reason(one):
    with unit_of_work():
        service.revoke(one, "Rilis yang keliru")
    assert (service.state_of(one), one.reason) == (rules.REVOKED, "Rilis yang keliru")
    with pytest.raises(ConflictError), unit_of_work():
        service.revoke(one, "Sekali lagi")
    with pytest.raises(ConflictError), unit_of_work():
        service.sign(one, rules.PARTNER, "Kepala Diskominfo")


def test_a_code_finds_its_handover_and_enters_only_that_city(app, handed):
    made = handed()
    with app.app_context():
        code = db.session.scalars(select(HandoverCode.code)).one()
        assert service.by_code(rules.show_code(code).upper()).id == made
        assert scope.current() == scope.Scope(tenant=find_city("bontang").id)


def test_an_unknown_code_finds_nothing(app, handed):
    handed()
    with app.test_request_context(), pytest.raises(NotFoundError):
        service.by_code("k7qx-m2rt-ab9z")


def test_codes_cannot_be_told_from_each_other(app, handed):
    handed(), handed("antrian")
    with app.app_context():
        codes = db.session.scalars(select(HandoverCode.code)).all()
    assert len(set(codes)) == 2
    assert all(rules.CODE.fullmatch(code) for code in codes)
