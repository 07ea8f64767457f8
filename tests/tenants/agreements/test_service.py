import pytest

from registry.core import scope
from registry.core.errors import AgreementNeededError, ConflictError
from registry.core.uow import unit_of_work
from registry.tenants.agreements import rules, service
from registry.tenants.service import find_city

TERM = {"number": "421/PKS-12", "starts_on": "2026-01-01", "ends_on": "2035-01-01"}
SIGNATURE = {"signatory": "Kepala Diskominfo", "signed_on": ""}


def test_both_sides_sign_until_the_pks_is_active(app, browser):
    city, bandung = browser("admin@bontang.example"), browser("maintainer@bandung.example")
    for number, kind in ((1, "memorandum"), (2, "pks")):
        assert city.post("/console/bontang/agreements", data={"kind": kind, **TERM}).status_code == 303
        assert city.post(f"/console/bontang/agreements/{number}/sign", data=SIGNATURE).status_code == 303
        signed = bandung.post(f"/programme/cities/bontang/agreements/{number}/sign", data=SIGNATURE)
        assert signed.status_code == 303
    with app.app_context():
        scope.enter_programme()
        found = service.require_active_pks(find_city("bontang"))
        assert found is not None and found.kind == rules.PKS


def test_without_an_active_pks_nothing_may_be_adopted(app, agreed):
    agreed("memorandum", "partner", "publisher")
    with app.app_context():
        scope.enter_programme()
        with pytest.raises(AgreementNeededError, match="Bontang"):
            service.require_active_pks(find_city("bontang"))


def test_the_publisher_needs_no_agreement(app, world):
    with app.app_context():
        assert service.require_active_pks(find_city("bandung")) is None


def test_a_pks_is_signed_under_a_memorandum_in_force(app, agreed, browser):
    one = agreed("pks")
    answer = browser("admin@bontang.example").post(f"/console/bontang/agreements/{one}/sign", data=SIGNATURE)
    assert answer.status_code == 409


def test_a_side_signs_once(agreed, browser):
    one = agreed("memorandum", "partner")
    answer = browser("admin@bontang.example").post(f"/console/bontang/agreements/{one}/sign", data=SIGNATURE)
    assert answer.status_code == 409


def test_without_a_number_it_stays_a_draft_that_can_be_completed(browser):
    city = browser("admin@bontang.example")
    city.post("/console/bontang/agreements", data={"kind": "memorandum"})
    assert city.post("/console/bontang/agreements/1/propose").status_code == 422
    whole = {"scope": "all", "assistance": "installation", "act": "propose", **TERM}
    assert city.post("/console/bontang/agreements/1/edit", data={**whole, "number": ""}).status_code == 422
    assert city.post("/console/bontang/agreements/1/edit", data=whole).status_code == 303


def test_two_of_a_kind_are_not_agreed_at_once(app, agreed):
    agreed("memorandum")
    with app.app_context(), pytest.raises(ConflictError), unit_of_work():
        scope.enter_programme()
        service.draft_agreement(find_city("bontang"), "memorandum", service.Draft())


def test_ending_one_shows_its_effects_and_needs_a_reason(app, agreed, browser):
    one, bandung = agreed("memorandum", "partner", "publisher"), browser("maintainer@bandung.example")
    where = f"/programme/cities/bontang/agreements/{one}/terminate"
    assert bandung.get(where).status_code == 200
    assert bandung.post(where, data={"reason": ""}).status_code == 422
    assert bandung.post(where, data={"reason": "The term was shortened by both sides."}).status_code == 303
    with app.app_context():
        scope.enter_programme()
        found = service.agreement(find_city("bontang").id, one)
        assert service.effective_state(found) == rules.TERMINATED


def test_an_auditor_reads_and_does_not_sign(agreed, browser):
    one, auditor = agreed("memorandum"), browser("auditor@bontang.example")
    page = auditor.get("/console/bontang/agreements")
    assert page.status_code == 200 and "/sign" not in page.text.replace("/sign-out", "")
    assert auditor.post(f"/console/bontang/agreements/{one}/sign", data=SIGNATURE).status_code == 403
