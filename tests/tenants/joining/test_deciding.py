"""The maintainers ask back, check and decide; the city answers; who comes second is told what happened."""

from __future__ import annotations

import io
import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from registry.accounts.links import service as links
from registry.accounts.notices.models import Notification
from registry.core import clock, scope
from registry.core.audit import AuditEntry
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.tenants.joining import service, waiting
from registry.tenants.service import find_city
from tests.tenants.joining.conftest import join, version

REVIEW, OWN = "/programme/applications/manado", "/console/manado/application"
HOW = "Kantor ditelepon lewat nomor resmi"
BODY = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
PDF = BODY + b"xref\n0 1\n0000000000 65535 f \ntrailer<</Size 3/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(BODY)


def state(app) -> str:
    with app.app_context():
        scope.enter_programme()
        return service.application_of(find_city("manado")).state


def test_the_queue_shows_what_waits_and_what_it_lacks(applied, maintainer):
    page = maintainer.get("/programme/applications").text
    assert "Kota Manado" in page and "Kota Tegal" in page and "Kota Bontang" not in page


@pytest.mark.parametrize(
    ("query", "seen"),
    [("state=asked", False), ("state=waiting", True), ("proof=no", True), ("proof=yes", False), ("q=manado", True),
     ("q=Sulawesi", True), ("q=zzz", False), ("state=nonsense", True), ("q=%25", False)],
)  # fmt: skip
def test_the_queue_is_filtered_by_its_address(applied, maintainer, query, seen):
    assert ("Kota Manado</a>" in maintainer.get(f"/programme/applications?{query}").text) is seen


@pytest.mark.parametrize("path", ["/programme/applications", REVIEW, "/programme/regions"])
def test_the_queue_is_for_maintainers(applied, browser, path):
    assert applied.get(path).status_code == 403
    assert browser("admin@bontang.example").get(path).status_code == 403


def test_a_city_is_asked_and_answers(app, applied, maintainer):
    seen = version(maintainer.get(REVIEW).text)
    maintainer.post(f"{REVIEW}/ask", data={"text": "Siapa kepala dinasnya?", "version": seen})
    assert state(app) == "asked"
    page = applied.get(OWN).text
    assert "Siapa kepala dinasnya?" in page
    applied.post(f"{OWN}/answer", data={"text": "Namanya menyusul.", "version": version(page)})
    assert state(app) == "waiting" and "Namanya menyusul." in maintainer.get(REVIEW).text


def test_an_office_that_is_not_proven_is_admitted_only_with_how_it_was_checked(app, applied, maintainer, client):
    seen = version(maintainer.get(REVIEW).text)
    assert maintainer.post(f"{REVIEW}/admit", data={"version": seen}).status_code == 422
    assert maintainer.post(f"{REVIEW}/admit", data={"version": seen, "how": HOW}).status_code == 303
    assert state(app) == "admitted" and "Kota Manado" in client.get("/cities").text
    assert HOW in maintainer.get(REVIEW).text


def test_a_declined_city_reads_why_and_applies_again(app, applied, maintainer):
    assert maintainer.post(f"{REVIEW}/decline", data={"reason": ""}).status_code == 422
    maintainer.post(f"{REVIEW}/decline", data={"reason": "Surat tugas belum ada", "version": "1"})
    page = applied.get(OWN).text
    assert "Surat tugas belum ada" in page
    assert applied.post(f"{OWN}/answer", data={"text": "Sudah ada", "version": version(page)}).status_code == 303
    assert state(app) == "waiting"


@pytest.mark.parametrize(
    ("name", "given"), [("admit", {"how": HOW}), ("decline", {"reason": "Bukan dinas"}), ("ask", {"text": "Lagi?"})]
)
def test_who_decides_on_an_old_page_is_told_what_happened(app, applied, maintainer, name, given):
    maintainer.post(f"{REVIEW}/ask", data={"text": "Siapa kepala dinasnya?", "version": "1"})
    answer = maintainer.post(f"{REVIEW}/{name}", data={**given, "version": "1"})
    assert answer.status_code == 409 and "maintainer bandung" in answer.text
    assert state(app) == "asked"


def test_of_two_decisions_at_the_same_moment_one_holds(app, applied, browser):
    people = [browser("maintainer@bandung.example") for _ in range(2)]
    acts = [("admit", {"how": HOW, "version": "1"}), ("decline", {"reason": "Bukan dinas", "version": "1"})]
    told: list[int] = []

    def decide(who, name, given):
        told.append(who.post(f"{REVIEW}/{name}", data=given).status_code)

    threads = [threading.Thread(target=decide, args=(who, *act)) for who, act in zip(people, acts, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(told) == [303, 409]


def test_what_is_decided_is_decided(applied, maintainer):
    maintainer.post(f"{REVIEW}/admit", data={"how": HOW, "version": "1"})
    seen = "2"
    for name, given in (("admit", {"how": HOW}), ("decline", {"reason": "Bukan dinas"}), ("ask", {"text": "Lagi?"})):
        assert maintainer.post(f"{REVIEW}/{name}", data={**given, "version": seen}).status_code == 409
    assert applied.post(f"{OWN}/answer", data={"text": "Halo lagi"}).status_code == 409


@pytest.mark.parametrize("text", ["", "x", "y" * 2001, "\x00\x00\x00"])
def test_words_are_bounded(applied, text):
    assert applied.post(f"{OWN}/answer", data={"text": text}).status_code == 422


@pytest.mark.parametrize("number", ["²", "٣", "-1", "x", "9" * 40, ""])
def test_a_version_nobody_can_read_breaks_nothing(applied, number):
    sent = applied.post(f"{OWN}/answer", data={"text": "Surat menyusul besok.", "version": number})
    assert sent.status_code in (303, 409)


def test_another_city_reads_and_writes_nothing_of_it(applied, browser):
    other = browser("admin@bontang.example")
    assert other.get(OWN).status_code == 404 and other.get(f"{OWN}/letter").status_code == 404
    for act in ("answer", "contact", "proof", "letter"):
        assert other.post(f"{OWN}/{act}", data={"text": "Halo"}).status_code == 404


def test_people_are_told_at_each_step(app, applied, maintainer):
    maintainer.post(f"{REVIEW}/ask", data={"text": "Siapa kepala dinasnya?", "version": "1"})
    applied.post(f"{OWN}/answer", data={"text": "Namanya menyusul.", "version": "2"})
    maintainer.post(f"{REVIEW}/admit", data={"how": HOW, "version": "3"})
    with app.app_context():
        told = [(one.kind, one.user_id) for one in db.session.scalars(select(Notification).order_by(Notification.id))]
    kinds = ["city.applied", "city.applied", "city.asked", "city.answered", "city.admitted"]
    assert [kind for kind, _user in told] == kinds
    assert told[0][1] == told[3][1] and told[1][1] == told[2][1] == told[4][1]


def test_each_act_is_audited(app, applied, maintainer):
    maintainer.post(f"{REVIEW}/decline", data={"reason": "Bukan dinas", "version": "1"})
    with app.app_context():
        scope.enter_programme()
        wanted = select(AuditEntry.action).where(AuditEntry.subject == "manado").order_by(AuditEntry.id)
        assert db.session.scalars(wanted).all() == ["city.apply", "city.decline"]


def test_the_contact_is_put_right_and_the_change_is_kept(applied, maintainer):
    given = {"contact_office": "Diskominfo Kota Manado", "head": "Kepala Dinas (demo)", "version": "1",
             "mail": "kominfo@manadokota.go.id", "phone": "0431 999999"}  # fmt: skip
    assert applied.post(f"{OWN}/contact", data={**given, "phone": "x"}).status_code == 422
    assert applied.post(f"{OWN}/contact", data=given).status_code == 303
    assert "0431 123456 → 0431 999999" in maintainer.get(REVIEW).text


def make_link(app, address: str = "kominfo@manadokota.go.id") -> str:
    with app.app_context(), unit_of_work():
        city = find_city("manado")
        return links.make("address", address, 3, f"joining:{city.id}").partition("/address/")[2]


def test_an_official_address_proves_the_office_by_a_link_and_a_button(app, client, world, maintainer):
    join(client, proof="mail")
    text = make_link(app)
    stranger = app.test_client()
    assert stranger.get(f"/address/{text}").status_code == 303
    assert "Kota Manado" in stranger.get("/address").text
    assert state(app) == "waiting"
    assert stranger.post("/address").location == "/join/proved"
    with app.app_context():
        scope.enter_programme()
        assert service.application_of(find_city("manado")).proven_at is not None
        who = select(AuditEntry.actor).where(AuditEntry.action == "city.prove")
        assert db.session.scalars(who).all() == ["kominfo@manadokota.go.id"], "nobody is signed in: the address acts"
    assert maintainer.post(f"{REVIEW}/admit", data={"version": version(maintainer.get(REVIEW).text)}).status_code == 303


def test_a_link_of_an_address_the_application_no_longer_names_proves_nothing(app, client, world):
    join(client, proof="mail")
    text = make_link(app, "lain@manadokota.go.id")
    stranger = app.test_client()
    stranger.get(f"/address/{text}")
    assert stranger.post("/address").status_code in (404, 410)
    with app.app_context():
        scope.enter_programme()
        assert service.application_of(find_city("manado")).proven_at is None


@pytest.mark.parametrize("address", ["x@gmail.com", "x@go.id.example.com", "x@fakego.id", "@go.id", ""])
def test_only_an_address_below_go_id_proves_an_office(applied, address):
    assert applied.post(f"{OWN}/proof", data={"proof_mail": address, "version": "1"}).status_code == 422


def test_an_office_is_not_written_to_again_and_again(app, applied):
    """Whoever signs a city up, which anybody may, floods no official address with it."""
    given = [{"proof_mail": "walikota@manadokota.go.id", "version": str(number + 1)} for number in range(11)]
    answers = [applied.post(f"{OWN}/proof", data=one).status_code for one in given]
    assert answers == [303] * 10 + [429]


def test_a_letter_is_kept_and_read_by_both_sides(app, applied, maintainer):
    given = {"letter": (io.BytesIO(PDF), "surat tugas.pdf"), "letter_number": "800/12", "version": "1"}
    assert applied.post(f"{OWN}/letter", data=given).status_code == 303
    for who, path in ((applied, f"{OWN}/letter"), (maintainer, f"{REVIEW}/letter")):
        answer = who.get(path)
        assert answer.data == PDF and answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "800/12" in maintainer.get(REVIEW).text


def test_an_application_keeps_a_bounded_number_of_letters(applied):
    """Anybody may sign a city up; nobody fills the disk with it."""
    scans = [PDF.replace(b"%PDF-1.4", b"%%PDF-1.%d" % number) for number in range(6)]
    given = [{"letter": (io.BytesIO(scan), "surat.pdf"), "version": str(1 + at)} for at, scan in enumerate(scans)]
    answers = [applied.post(f"{OWN}/letter", data=one).status_code for one in given]
    assert answers == [303] * 5 + [409]


def test_who_applies_after_a_refusal_reads_no_letter_of_before(app, applied, maintainer):
    given = {"letter": (io.BytesIO(PDF), "surat tugas.pdf"), "letter_number": "800/12", "version": "1"}
    applied.post(f"{OWN}/letter", data=given)
    maintainer.post(f"{REVIEW}/decline", data={"reason": "Bukan dari Diskominfo"})
    other = app.test_client()
    assert join(other, email="kabid@manado.example").status_code == 303
    assert other.get(f"{OWN}/letter").status_code == 404
    assert "800/12" not in other.get(OWN).text and "surat tugas.pdf" not in other.get(OWN).text
    assert maintainer.get(f"{REVIEW}/letter").status_code == 404, "it says nothing of who applies now"


@pytest.mark.parametrize(
    ("content", "name", "day", "status"),
    [(b"<html>", "surat.pdf", "", 422), (b"", "surat.pdf", "", 422), (b"MZ\x90", "surat.png", "", 422),
     (PDF, "surat.pdf", "2999-01-01", 422), (PDF, "surat.pdf", "1999-01-01", 422), (PDF, "surat.pdf", "31-31-31", 422),
     (PDF + b"x" * (11 * 2**20), "surat.pdf", "", 413)],
)  # fmt: skip
def test_what_is_no_letter_is_refused(applied, content, name, day, status):
    given = {"letter": (io.BytesIO(content), name), "letter_on": day, "version": "1"}
    assert applied.post(f"{OWN}/letter", data=given).status_code == status
    assert applied.get(f"{OWN}/letter").status_code == 404


def test_an_application_that_waits_too_long_is_marked(app, applied):
    clock.move(timedelta(days=9))
    try:
        with app.app_context():
            scope.enter_programme()
            assert [one.late for one in waiting.entries(words="manado")] == [True]
    finally:
        clock.back()


def test_what_looks_like_one_region_is_shown(app, client, applied, maintainer):
    join(app.test_client(), code="71.72", slug="manado-dua", email="dua@manado.example")
    page = maintainer.get(REVIEW).text
    assert "manado-dua" in page


def test_the_queue_asks_the_database_no_more_when_it_grows(app, world):
    def questions() -> int:
        asked: list[str] = []
        with app.app_context():
            scope.enter_programme()
            event.listen(db.engine, "before_cursor_execute", lambda *what: asked.append(what[2]))
            waiting.entries("open")
        return len(asked)

    few = questions()
    for number in range(1, 4):
        join(app.test_client(), code=f"71.0{number}", name=f"Kabupaten {number}", slug=f"kab-{number}",
             email=f"{number}@manado.example")  # fmt: skip
    assert questions() <= few + 1


def test_the_city_sees_where_it_stands_before_it_is_admitted(applied):
    overview = applied.get("/console/manado/").text
    assert "/console/manado/application" in overview
    assert re.search(r'class="next-step"', overview)
