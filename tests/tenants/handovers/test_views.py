from io import BytesIO

import pytest

from registry.core import scope
from registry.core.uow import unit_of_work
from registry.tenants.handovers import rules, service
from registry.tenants.service import find_city
from tests.tenants.handovers.conftest import DIGEST

CONSOLE, PROGRAMME = "/console/bontang/handovers", "/programme/handovers"
SIGNED = {"signatory": "Kepala Diskominfo", "signed_on": ""}
BODY = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n"
PDF = BODY + b"xref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(BODY)


@pytest.fixture
def code(app, handed) -> str:
    """On the paper of a handover that is there (with id 1)."""
    made = handed()
    with app.app_context():
        scope.enter_programme()
        return rules.show_code(service.find(made).code)


@pytest.fixture
def admin(browser, code):
    return browser("admin@bontang.example")


@pytest.fixture
def maintainer(browser, code):
    return browser("maintainer@bandung.example")


def test_a_city_finds_its_handovers_and_their_documents(admin):
    assert "BAST/001/LMB/" in admin.get(CONSOLE).text
    page = admin.get(f"{CONSOLE}/1")
    assert DIGEST in page.text
    document = admin.get(f"{CONSOLE}/1.pdf")
    assert document.content_type == "application/pdf"
    assert document.data.startswith(b"%PDF-1.7")
    assert document.headers["Content-Disposition"].startswith("attachment; filename=BAST-001-LMB-")


def test_each_side_notes_its_own_signature(admin, maintainer, client, code):
    assert admin.post(f"{CONSOLE}/1/sign", data=SIGNED).status_code == 303
    assert admin.post(f"{CONSOLE}/1/sign", data=SIGNED).status_code == 409
    assert maintainer.post(f"{PROGRAMME}/1/sign", data=SIGNED).status_code == 303
    assert "chip-ok" in client.get(f"/verify/handover/{code}").text


def test_a_signature_without_an_office_or_of_tomorrow_is_explained_at_its_field(admin):
    assert admin.post(f"{CONSOLE}/1/sign", data={"signatory": ""}).status_code == 422
    late = admin.post(f"{CONSOLE}/1/sign", data={"signatory": "Kepala Diskominfo", "signed_on": "2999-01-01"})
    assert late.status_code == 422
    assert "field-error" in late.text


def test_an_auditor_reads_and_does_not_sign(browser, code):
    auditor = browser("auditor@bontang.example")
    assert auditor.get(f"{CONSOLE}/1").status_code == 200
    assert '<form method="post" action="/console' not in auditor.get(f"{CONSOLE}/1").text
    assert auditor.post(f"{CONSOLE}/1/sign", data=SIGNED).status_code == 403


def test_another_city_finds_nothing(browser, code):
    stranger = browser("admin@tegal.example")
    for path in (CONSOLE, f"{CONSOLE}/1", f"{CONSOLE}/1.pdf", "/console/tegal/handovers/1"):
        assert stranger.get(path).status_code == 404
    assert stranger.get(PROGRAMME).status_code == 403


def test_a_scan_is_kept_and_given_back_as_a_download(admin, maintainer):
    sent = admin.post(f"{CONSOLE}/1/scans", data={"scan": (BytesIO(PDF), "../tanda tangan.exe")})
    assert sent.status_code == 303
    back = maintainer.get(f"{PROGRAMME}/1/scans/1")
    assert back.data == PDF
    assert back.headers["X-Content-Type-Options"] == "nosniff"
    assert back.headers["Content-Disposition"].startswith("attachment")
    assert ".exe" not in back.headers["Content-Disposition"].replace(".exe.pdf", "")


@pytest.mark.parametrize("content", [b"", b"MZ this is a program", b"%PDF-1.4 cut off", b"<svg onload=alert(1)>"])
def test_a_scan_that_is_none_is_refused_at_its_field(admin, content):
    answer = admin.post(f"{CONSOLE}/1/scans", data={"scan": (BytesIO(content), "scan.pdf")})
    assert answer.status_code == 422
    assert "field-error" in answer.text


def test_anybody_with_the_paper_sees_what_it_should_say(client, code):
    page = client.get(f"/verify/handover/{code.upper()}")
    assert page.status_code == 200
    for said in ("BAST/001/LMB/", DIGEST, "Kota Bontang", "Kota Bandung", "1.4.0", "sha256sum", "Get-FileHash"):
        assert said in page.text


@pytest.mark.parametrize("wrong", ["k7qx-m2rt-ab9z", "x", "%00", "..%2f..", "<script>alert(1)</script>", "1" * 3000])
def test_a_code_on_no_paper_is_a_clear_page_and_not_found(client, code, wrong):
    answer = client.get(f"/verify/handover/{wrong}")
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text


def test_a_code_typed_by_hand_leads_to_its_page(client, code):
    typed = client.get("/verify/handover/", query_string={"code": f" {code.upper()} "}, follow_redirects=True)
    assert "BAST/001/LMB/" in typed.text
    assert client.get("/verify/handover/").status_code == 200


def test_a_withdrawn_handover_says_so_to_everybody_and_why(app, maintainer, client, code):
    assert maintainer.post(f"{PROGRAMME}/1/revoke", data={"reason": "x"}).status_code == 422
    assert maintainer.post(f"{PROGRAMME}/1/revoke", data={"reason": "Rilis yang keliru"}).status_code == 303
    assert "Rilis yang keliru" in client.get(f"/verify/handover/{code}").text
    assert maintainer.post(f"{PROGRAMME}/1/revoke", data={"reason": "Sekali lagi"}).status_code == 409


def test_the_register_is_searched_and_taken_along(maintainer):
    assert "BAST/001/LMB/" in maintainer.get(PROGRAMME, query_string={"q": "bontang", "state": "drawn"}).text
    assert "BAST/001/LMB/" not in maintainer.get(PROGRAMME, query_string={"state": "signed"}).text
    table = maintainer.get(f"{PROGRAMME}.csv")
    assert table.content_type.startswith("text/csv")
    assert table.text.splitlines()[1].split(",")[1:4] == ["Kota Bontang", "64.74", "lapor"]


def test_programs_do_what_people_do(client, admin, maintainer, code):
    def token(email: str) -> dict[str, str]:
        made = client.post("/api/v1/tokens", auth=(email, "padi menguning di sawah"), json={"name": "x"})
        return {"Authorization": f"Bearer {made.json['token']}"}

    ours, theirs = token("admin@bontang.example"), token("maintainer@bandung.example")
    city = {"city": "bontang"}
    listed = client.get("/api/v1/handovers", headers=ours, query_string=city).json["items"]
    assert [(one["number"][:9], one["state"], one["code"]) for one in listed] == [("BAST/001/", "drawn", code)]
    assert client.get("/api/v1/handovers", headers=ours).status_code == 403
    given = {"signatory": "Kepala Diskominfo"}
    assert client.post("/api/v1/handovers/1/sign", headers=ours, query_string=city, json=given).status_code == 200
    signed = client.post("/api/v1/handovers/1/sign", headers=theirs, json=given)
    assert signed.json["state"] == "signed"
    scan = client.post("/api/v1/handovers/1/scans", headers=theirs, data={"scan": (BytesIO(PDF), "a.pdf")})
    assert (scan.status_code, scan.json["side"]) == (201, "publisher")
    scans = client.get("/api/v1/handovers/1/scans", headers=ours, query_string=city).json["items"]
    assert client.get(f"/api/v1/handovers/1/scans/{scans[0]['id']}", headers=theirs).data == PDF
    assert client.get("/api/v1/handovers/1/document", headers=theirs).data.startswith(b"%PDF-")
    assert client.post("/api/v1/handovers/1/revoke", headers=ours, json={"reason": "Keliru"}).status_code == 403
    assert (
        client.post("/api/v1/handovers/1/revoke", headers=theirs, json={"reason": "Keliru"}).json["state"] == "revoked"
    )
    assert client.get(f"/api/v1/handovers/codes/{code}").json["sha256"] == DIGEST
    assert client.get("/api/v1/handovers/codes/k7qx-m2rt-ab9z").status_code == 404


def test_no_other_city_can_look_a_number_up(app, handed, browser):
    handed()
    with app.app_context(), unit_of_work():
        scope.enter_city(find_city("tegal").id)
        assert service.of_city(find_city("bontang").id) == []
