"""What becomes of an agreement: who wins of two, how it ends, what follows it, what the clock does."""

from __future__ import annotations

import io
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

import pytest
from PIL import Image

from registry.accounts.notices.models import Notification
from registry.core import audit, clock, scope
from registry.core.audit import Actor
from registry.core.db import db
from registry.core.errors import AgreementNeededError, ConflictError, ForbiddenError, InvalidError
from registry.core.uow import unit_of_work
from registry.tenants.agreements import (
    changing,
    history,
    papers,
    reading,
    reminding,
    rules,
    seams,
    service,
    settings,
    suspending,
)
from registry.tenants.agreements.contents import Draft, Party
from registry.tenants.agreements.models import Agreement
from registry.tenants.service import find_city


@contextmanager
def acting(app, who: str = "lumbung"):
    """A unit of work of its own, with the city."""
    with app.app_context(), unit_of_work():
        audit.act_as(Actor(None, who))
        scope.enter_programme()
        yield find_city("bontang")


@pytest.fixture
def pks(app, agreed) -> int:
    agreed("memorandum", "partner", "publisher")
    return agreed("pks", "partner", "publisher")


@pytest.fixture
def later():
    """Move the clock by days, all the time of the test."""
    yield lambda days: clock.move(timedelta(days))
    clock.back()


def told(app) -> list[str]:
    """The kinds of notices the city's admin has, oldest first."""
    with app.app_context():
        found = db.session.query(Notification).order_by(Notification.id)
        return [one.kind for one in found if "/console/" in one.link]


# Two at once


def test_of_two_who_act_at_once_one_wins_and_the_other_hears_of_it(app, agreed):
    one, held, answers = agreed("memorandum"), Event(), []

    def second() -> None:
        held.wait(20)
        try:
            with acting(app, "Admin Kota Bontang") as city:
                service.withdraw(city, history.locked(city, one, 2), "Nomornya keliru.")
        except ConflictError as error:
            answers.append(error.message)

    thread = Thread(target=second)
    thread.start()
    with acting(app, "Pengelola Program") as city:
        found = history.locked(city, one, 2)
        held.set()
        thread.join(1)
        assert thread.is_alive(), "the second waits for the first"
        service.sign(city, found, rules.PUBLISHER, "Wali Kota Bandung")
    thread.join(20)
    assert len(answers) == 1 and "Pengelola Program" in answers[0]
    with acting(app) as city:
        assert service.agreement(city.id, one).publisher_signed_on == clock.today()


def test_a_page_that_is_out_of_date_is_told_so(agreed, browser):
    one, city = agreed("memorandum"), browser("admin@bontang.example")
    where = f"/console/bontang/agreements/{one}"
    assert city.post(f"{where}/withdraw", data={"reason": "Salah nomor", "version": "1"}).status_code == 409
    assert city.post(f"{where}/withdraw", data={"reason": "Salah nomor", "version": "2"}).status_code == 303
    assert city.post(f"{where}/withdraw", data={"reason": "Salah nomor", "version": "2"}).status_code == 409


# Back, renewed, changed, ended


def test_what_is_taken_back_loses_its_signature(app, agreed):
    one = agreed("memorandum", "partner")
    with acting(app) as city:
        found = history.locked(city, one, None)
        service.withdraw(city, found, "The term is wrong.")
        assert (found.state, found.partner_signed_on, found.partner_signatory) == ("draft", None, "")
        assert [event.act for event in history.events(found)] == ["draft", "propose", "sign", "withdraw"]


def test_the_way_tells_when_it_was_last_proposed(app, agreed, later, browser):
    one, other = agreed("memorandum", "partner"), agreed("pks")
    began = clock.now()
    later(3)
    with acting(app) as city:
        service.withdraw(city, history.locked(city, one, None), "The term is wrong.")
        found = [service.agreement(city.id, number) for number in (one, other)]
        service.propose(city, history.locked(city, one, None))
        told = history.proposals(city, found)
        assert {number: round((at - began) / timedelta(days=1)) for number, at in told.items()} == {one: 3, other: 0}
        day = f'"when">{clock.today().day} '
    for address in ("/console/bontang/agreements", f"/console/bontang/agreements/{one}"):
        page = browser("admin@bontang.example").get(address).text
        steps = [way.partition("</ol>")[0].split("<li")[2] for way in page.split('class="timeline"')[1:]]
        assert any(day in step for step in steps), "the second step, with its day"


def test_what_both_signed_is_not_taken_back(app, agreed):
    one = agreed("memorandum", "partner", "publisher")
    with pytest.raises(ConflictError), acting(app) as city:
        service.withdraw(city, history.locked(city, one, None), "Too late.")


def test_a_renewal_says_the_same_right_after(app, pks):
    with acting(app) as city:
        old = service.agreement(city.id, pks)
        made = changing.renew(city, history.locked(city, pks, None))
        assert (made.relation, made.parent_id, made.number) == ("renewal", pks, "")
        assert made.starts_on == old.ends_on + timedelta(1)
        assert made.ends_on - made.starts_on == old.ends_on - old.starts_on


def test_of_two_terms_that_overlap_the_newer_counts(app, pks):
    with acting(app) as city:
        made = changing.renew(city, history.locked(city, pks, None))
        text = Draft("2", clock.today(), clock.today() + timedelta(900), allows_variants=False)
        service.propose(city, made, service.with_parties(city, "pks", text))
        for side in ("partner", "publisher"):
            service.sign(city, made, side, "Kepala Diskominfo")
        assert service.active_pks(city.id).id == made.id


def test_an_addendum_changes_scope_and_terms_from_its_day(app, pks, later, monkeypatch):
    monkeypatch.setattr(seams, "apps", lambda: {"lapor": "Lapor", "antrian": "Antrian"})
    with acting(app) as city:
        made = changing.amend(city, history.locked(city, pks, None))
        text = Draft("A-1", clock.today() + timedelta(10), made.ends_on, allows_variants=False, scope_apps=("lapor",))
        service.propose(city, made, service.with_parties(city, "pks", text))
        for side in ("partner", "publisher"):
            service.sign(city, made, side, "Kepala Diskominfo")
        assert service.require_active_pks(city, "antrian").id == pks
    later(10)
    with acting(app) as city:
        assert service.require_variants.__name__ and service.require_active_pks(city, "lapor").id == pks
        with pytest.raises(AgreementNeededError, match="antrian"):
            service.require_active_pks(city, "antrian")
        with pytest.raises(ForbiddenError):
            service.require_variants(city, "lapor")


def test_an_addendum_holds_within_the_term_it_changes(app, pks):
    with pytest.raises(InvalidError) as refused, acting(app) as city:
        made = changing.amend(city, history.locked(city, pks, None))
        outside = Draft("A-1", made.ends_on + timedelta(1), made.ends_on + timedelta(9))
        service.propose(city, made, service.with_parties(city, "pks", outside))
    assert refused.value.findings[0].path == "starts_on"


def test_an_early_end_counts_from_its_day_and_takes_addenda_along(app, pks, later):
    with acting(app) as city:
        addendum = changing.amend(city, history.locked(city, pks, None)).id
        changing.terminate(city, history.locked(city, pks, None), "Both sides agreed.", clock.today() + timedelta(5))
        assert service.active_pks(city.id).id == pks
        with pytest.raises(ConflictError):
            changing.terminate(city, service.agreement(city.id, pks), "Again.")
    later(5)
    with acting(app) as city:
        assert service.effective_state(service.agreement(city.id, pks)) == "terminated"
        assert service.effective_state(service.agreement(city.id, addendum)) == "terminated"
        with pytest.raises(AgreementNeededError, match="ended|berakhir"):
            service.require_active_pks(city)


def end_in_five_days(app, pks) -> None:
    with acting(app) as city:
        changing.terminate(city, history.locked(city, pks, None), "Both sides agreed.", clock.today() + timedelta(5))


def test_an_early_end_is_taken_back_until_its_day_and_both_sides_hear_of_it(app, pks, later):
    with acting(app) as city:
        addendum = changing.amend(city, history.locked(city, pks, None)).id
    end_in_five_days(app, pks)
    later(4)
    with acting(app) as city:
        changing.keep(city, history.locked(city, pks, None), "The council decided otherwise.")
    later(2)
    with acting(app) as city:
        one, other = (service.agreement(city.id, number) for number in (pks, addendum))
        assert service.require_active_pks(city).id == pks and (one.reason, one.terminates_on) == ("", None)
        assert service.effective_state(other) == "draft"
        acts = [line.act for line in history.events(one)]
        assert acts[-2:] == ["terminate", "keep"]
    assert told(app)[-1] == "agreement.active"


def test_an_end_that_came_or_was_never_decided_is_not_taken_back(app, pks, later):
    with pytest.raises(ConflictError), acting(app) as city:
        changing.keep(city, history.locked(city, pks, None), "Not decided.")
    end_in_five_days(app, pks)
    later(5)
    with pytest.raises(ConflictError), acting(app) as city:
        changing.keep(city, history.locked(city, pks, None), "Too late.")
    with acting(app) as city:
        assert service.effective_state(service.agreement(city.id, pks)) == "terminated"


def test_only_a_maintainer_who_saw_it_as_it_is_takes_an_end_back(app, pks, browser):
    end_in_five_days(app, pks)
    page, where = (f"/programme/cities/bontang/agreements/{pks}{end}" for end in ("", "/keep"))
    maintainer, asked = browser("maintainer@bandung.example"), {"reason": "Decided otherwise."}
    assert f'action="{where}?' in maintainer.get(page).text
    assert browser("admin@bontang.example").post(where, data=asked).status_code == 403
    assert maintainer.post(where, data={"reason": ""}).status_code == 422
    assert maintainer.post(where, data={**asked, "version": "1"}).status_code == 409
    assert maintainer.post(where, data=asked).status_code == 303
    assert f'action="{where}?' not in maintainer.get(page).text


@pytest.mark.parametrize("days", [-1, 9_000])
def test_an_end_lies_between_today_and_the_last_day(app, pks, days):
    with pytest.raises(InvalidError), acting(app) as city:
        day = clock.today() + timedelta(days)
        changing.terminate(city, history.locked(city, pks, None), "Both sides agreed.", day)


# The clock


def test_both_sides_are_reminded_once_at_each_step_and_once_when_it_is_over(app, pks, later):
    with app.app_context():
        scope.enter_programme()
        days = (service.agreement(find_city("bontang").id, pks).ends_on - clock.today()).days
    with acting(app) as city:
        changing.terminate(city, history.locked(city, service.standing(city.id, "memorandum").id, None), "Not it.")
    before = len(told(app))
    for wait, news in ((days - 91, 0), (1, 1), (59, 0), (1, 1), (23, 1), (7, 0), (1, 1), (1, 0)):
        later(wait)
        for _twice in range(2):
            with app.app_context():
                scope.enter_programme()
                reminding.remind()
        assert len(told(app)) - before == news, f"{wait} days later"
        before = len(told(app))
    assert told(app)[-4:] == ["agreement.expiring"] * 3 + ["agreement.expired"]
    with acting(app) as city, pytest.raises(AgreementNeededError):
        service.require_active_pks(city)


def test_a_worker_that_was_off_tells_the_nearest_step_only(app, pks, later):
    with app.app_context():
        scope.enter_programme()
        later((service.agreement(find_city("bontang").id, pks).ends_on - clock.today()).days - 5)
    before = len(told(app))
    for _twice in range(2):
        with app.app_context():
            scope.enter_programme()
            reminding.remind()
    assert told(app)[before:].count("agreement.expiring") == 2, "one of the memorandum, one of the PKS"


def test_what_is_renewed_needs_no_reminder(app, pks, later):
    with acting(app) as city:
        for kind in ("memorandum", "pks"):
            old = service.standing(city.id, kind)
            made = changing.renew(city, history.locked(city, old.id, None))
            made.number = "2"
            service.propose(city, made)
            for side in ("partner", "publisher"):
                service.sign(city, made, side, "Kepala Diskominfo")
        later((old.ends_on - clock.today()).days - 3)
    before = len(told(app))
    with app.app_context():
        scope.enter_programme()
        reminding.remind()
    assert "agreement.expiring" not in told(app)[before:]


def test_a_signed_agreement_comes_into_force_by_itself(app, world, later):
    with acting(app) as city:
        text = Draft("1", clock.today() + timedelta(3), clock.today() + timedelta(500))
        found = service.draft_agreement(city, "memorandum", text)
        service.propose(city, found)
        for side in ("partner", "publisher"):
            service.sign(city, found, side, "Wali Kota")
        assert service.effective_state(found) == "signed"
    later(3)
    for _twice in range(2):
        with app.app_context():
            scope.enter_programme()
            reminding.remind()
    assert told(app).count("agreement.active") == 1


# Bad input


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ({"starts_on": "2027-01-02", "ends_on": "2027-01-01"}, "ends_on"),
        ({"scope": "named", "apps": ["tidak-ada"]}, "apps"),
        ({"scope": "named"}, "apps"),
        ({"publisher_nip": "12"}, "publisher_nip"),
        ({"assistance": "selamanya"}, "assistance"),
        ({"number": "x" * 161}, "number"),
    ],
)
def test_what_a_draft_cannot_say_is_refused_at_its_field(browser, text, field):
    city = browser("admin@bontang.example")
    city.post("/console/bontang/agreements", data={"kind": "memorandum"})
    whole = {"scope": "all", "assistance": "none", "act": "save", **text}
    answer = city.post("/console/bontang/agreements/1/edit", data=whole)
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text


def test_a_term_of_more_than_ten_years_is_not_proposed(app, world):
    with pytest.raises(InvalidError), acting(app) as city:
        text = Draft("1", clock.today(), clock.today() + timedelta(4_000))
        service.propose(city, service.draft_agreement(city, "memorandum", text))


def test_only_whom_the_programme_names_signs_unless_with_a_mandate(app, agreed):
    one = agreed("memorandum")
    with acting(app):
        settings.change(settings.Programme(memorandum_signers=("Wali Kota",)), None)
    with pytest.raises(InvalidError), acting(app) as city:
        service.sign(city, history.locked(city, one, None), "partner", "Kepala Diskominfo")
    with acting(app) as city:
        service.sign(city, history.locked(city, one, None), "partner", "Sekretaris", mandate="SK 1/2026")
        assert Party.from_json(service.agreement(city.id, one).parties["partner"]).mandate == "SK 1/2026"


# Scans


def scan(name: str = "pks.png", content: bytes | None = None) -> dict[str, object]:
    written = io.BytesIO()
    Image.new("L", (6, 6)).save(written, "PNG")
    return {"file": (io.BytesIO(written.getvalue() if content is None else content), name)}


def test_a_scan_is_read_by_both_sides_and_by_nobody_else(app, agreed, browser):
    one, bandung = agreed("memorandum"), browser("maintainer@bandung.example")
    home = f"/console/bontang/agreements/{one}/papers"
    assert browser("admin@bontang.example").post(home, data=scan()).status_code == 303
    with acting(app) as city:
        number = papers.scans(service.agreement(city.id, one))[0].id
    for reader, where in (
        (browser("auditor@bontang.example"), f"{home}/{number}"),
        (bandung, f"/programme/cities/bontang/agreements/{one}/papers/{number}"),
    ):
        answer = reader.get(where)
        assert answer.status_code == 200 and answer.mimetype == "image/png"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert browser("admin@tegal.example").get(f"{home}/{number}").status_code == 404
    assert app.test_client().get(f"{home}/{number}").status_code in (302, 303, 401)


@pytest.mark.parametrize("content", [b"", b"<script>alert(1)</script>", b"%PDF-1.4 half"])
def test_what_is_no_scan_is_refused_in_words(agreed, browser, content):
    one, city = agreed("memorandum"), browser("admin@bontang.example")
    answer = city.post(f"/console/bontang/agreements/{one}/papers", data=scan("pks.pdf", content))
    assert answer.status_code == 422 and 'id="file-error"' in answer.text


def test_an_auditor_adds_none_and_a_draft_has_none(agreed, browser):
    one = agreed("memorandum")
    where = f"/console/bontang/agreements/{one}/papers"
    assert browser("auditor@bontang.example").post(where, data=scan()).status_code == 403
    city = browser("admin@bontang.example")
    city.post(f"/console/bontang/agreements/{one}/withdraw", data={"reason": "Salah nomor"})
    assert city.post(where, data=scan()).status_code == 409


# A city's plugins closed by the programme


class Plugins:
    def __init__(self) -> None:
        self.open = {"lapor": True, "antrian": True}

    def running(self, _city) -> list[str]:
        return [name for name, is_open in self.open.items() if is_open]

    def close(self, city, _words) -> list[str]:
        found = self.running(city)
        self.open = dict.fromkeys(self.open, False)
        return found

    def reopen(self, _city, names, _words) -> list[str]:
        self.open |= dict.fromkeys(names, True)
        return list(names)


WORDS = "Layanan ditutup sementara; hubungi Diskominfo."


def test_plugins_are_closed_only_by_a_maintainer_and_only_without_a_pks(app, pks, browser, monkeypatch, later):
    plugins, bandung = Plugins(), browser("maintainer@bandung.example")
    monkeypatch.setitem(app.extensions, seams.CLOSER, plugins)
    where, asked = "/programme/cities/bontang/suspension", {"reason": "The PKS is over.", "words": WORDS}
    assert bandung.post(where, data={**asked, "confirm": "bontang"}).status_code == 409, "a PKS is in force"
    later(800)
    with app.app_context():
        scope.enter_programme()
        reminding.remind()
    assert plugins.running(None) == ["lapor", "antrian"], "nothing closes by itself"
    bandung = browser("maintainer@bandung.example")
    assert "lapor" in bandung.get(where).text
    assert bandung.post(where, data={**asked, "confirm": "tegal"}).status_code == 422
    assert browser("admin@bontang.example").post(where, data={**asked, "confirm": "bontang"}).status_code == 403
    assert bandung.post(where, data={**asked, "confirm": "bontang"}).status_code == 303
    assert plugins.running(None) == []
    with pytest.raises(ConflictError, match="PKS"), acting(app) as city:
        suspending.refuse_while_suspended(city, "lapor")
    assert bandung.post(f"{where}/end").status_code == 303 and plugins.running(None) == ["lapor", "antrian"]
    assert bandung.post(f"{where}/end").status_code == 409


def test_a_console_says_what_is_closed_and_how_to_renew(pks, browser, later):
    city = browser("admin@bontang.example")
    assert "note-bad" not in city.get("/console/bontang/").text
    later(800)
    page = browser("admin@bontang.example").get("/console/bontang/").text
    assert "note-bad" in page and f"/console/bontang/agreements/{pks}" in page


# History and old rows


def test_history_is_never_changed(app, pks):
    with pytest.raises(Exception, match="permission denied|append-only"), acting(app):
        db.session.execute(db.text("update agreement_events set why = 'x'"))


def test_a_row_made_before_all_this_reads_as_every_app(app, world):
    with acting(app) as city:
        old = Agreement(tenant_id=city.id, kind="pks", number="1")
        db.session.add(old)
        db.session.flush()
        assert reading.own_conditions(old).covers("lapor") and old.requires_attribution
