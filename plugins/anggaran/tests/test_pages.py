"""The pages: what citizens see and what they do not, who may do what, hostile addresses."""

import re

import pytest
from anggaran import review, years
from anggaran.rules import Kind
from lumbung_plugin import transaction
from lumbung_plugin.testing import as_sibling, as_staff

PUBLIC = ("/", "/rincian", "/kegiatan", "/wilayah", "/dihemat", "/banding", "/tentang", "/unduh.csv")
PROPOSAL = {"activity_id": "1", "number": "0042", "name": "Perpustakaan keliling", "amount": "1.500.000",
            "indicator": "Anak yang membaca", "target": "400 anak",
            "location": "Kelurahan Guntung", "reason": "Anak-anak jauh dari perpustakaan kota."}  # fmt: skip


@pytest.fixture
def public(db, people, version, propose) -> int:
    """A frozen version with one proposal, which is returned."""
    item = propose(1_500_000_000)
    with transaction(db):
        years.freeze(db, people["boss"], version)
    return item


@pytest.mark.parametrize("path", PUBLIC)
def test_a_city_without_a_budget_says_what_comes(client, path):
    assert client.get(path, follow_redirects=True).status_code == 200


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("language", ["id", "en"])
def test_citizens_read_every_page_in_both_languages(client, public, path, language):
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200 and len(answer.data) < 100_000


def test_drafts_and_open_versions_are_not_public(client, propose, version):
    item = propose(submit=False)
    assert client.get(f"/kegiatan/{item}").status_code == 404
    assert client.get(f"/kegiatan?versi={version}").status_code == 404
    assert "Meja baru" not in client.get("/unduh.csv", follow_redirects=True).text


def test_names_of_staff_and_comments_stay_inside(client, db, people, version, propose, decide):
    item = propose()
    with transaction(db):
        review.comment(db, people["first"], item, "Harga meja perlu diperiksa.")
    decide(item)
    with transaction(db):
        years.freeze(db, people["boss"], version)
    page = client.get(f"/kegiatan/{item}").text
    assert "Dapat ditunda tahun depan." in page
    assert "Penelaah" not in page and "Operator" not in page and "Harga meja" not in page


@pytest.mark.parametrize(
    "query",
    ["versi=99", "versi=99999999999999999999", "opd=-1", "program=abc", "sesudah=999999", "sebelum=0", "urut=x",
     "status=draft", "bidang=9.99", "q=" + "a" * 5_000, "q=%00%ff", "dari=7&ke=8", "sebab=0", "kegiatan=0"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/rincian", "/kegiatan", "/banding", "/unduh.csv"])
def test_strange_addresses_are_answered_calmly(client, public, path, query):
    assert client.get(f"{path}?{query}").status_code in (200, 302, 404)


@pytest.mark.parametrize(
    "path",
    ["/kerja", "/kerja/usulan/baru", "/kerja/usulan/1", "/kerja/impor", "/kerja/jejak", "/kerja/unduh.csv",
     "/kerja/ruang", "/admin", "/admin/pagu", "/admin/kriteria", "/admin/alasan", "/admin/program", "/admin/opd"],
)  # fmt: skip
def test_citizens_reach_no_page_of_staff(client, public, path):
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("path", ["/admin", "/admin/pagu", "/admin/kriteria", "/admin/alasan", "/admin/program"])
def test_operators_do_not_administer(office, path):
    assert office.get(path).status_code == 403


def test_an_office_proposes_and_submits(office, db, version):
    answer = office.post("/kerja/usulan/baru", data=PROPOSAL)
    item = int(answer.headers["Location"].rpartition("/")[2])
    assert office.post(f"/kerja/usulan/{item}/ubah", data=PROPOSAL | {"amount": "2.000.000"}).status_code == 302
    office.post(f"/kerja/usulan/{item}/ajukan")
    row = db.execute("SELECT * FROM item WHERE id = ?", (item,)).fetchone()
    assert (row["code"], row["asked"], row["state"]) == ("1.01.02.2.01.0042", 2_000_000, "submitted")
    assert office.get(f"/kerja/usulan/{item}/ubah").status_code == 409


@pytest.mark.parametrize(
    "change",
    [{"amount": "-5"}, {"amount": "banyak"}, {"amount": "9" * 30}, {"number": "5"}, {"number": "00055"},
     {"activity_id": "77"}, {"activity_id": "x"}, {"name": ""}, {"reason": "pendek"}, {"target": ""},
     {"name": "x" * 301}],
)  # fmt: skip
def test_a_proposal_with_a_mistake_names_it_and_keeps_what_was_typed(office, version, change):
    answer = office.post("/kerja/usulan/baru", data=PROPOSAL | change)
    assert answer.status_code == 400
    assert 'class="error"' in answer.text and "Anak yang membaca" in answer.text


def test_the_same_code_again_is_explained_at_its_field(office, version):
    office.post("/kerja/usulan/baru", data=PROPOSAL)
    answer = office.post("/kerja/usulan/baru", data=PROPOSAL)
    assert answer.status_code == 400 and "sudah mengusulkan 1.01.02.2.01.0042" in answer.text


def test_another_office_sees_and_touches_nothing(client, db, propose):
    item = propose()
    other = as_staff(client, "operator", "Dinas Kesehatan")
    assert other.get(f"/kerja/usulan/{item}").status_code == 403
    other.post(f"/kerja/usulan/{item}/tarik")
    other.post(f"/kerja/usulan/{item}/putusan", data={"decision-kind": "strike", "decision-cause_id": "1",
                                                      "decision-text": "Tidak diperlukan."})  # fmt: skip
    assert db.execute("SELECT state FROM item").fetchone()[0] == "submitted"
    assert not db.execute("SELECT 1 FROM decision").fetchall()
    assert "Meja baru" not in other.get("/kerja").text + other.get("/kerja/unduh.csv").text


def test_what_the_ceiling_leaves_is_said_while_typing(office, administrator, version):
    administrator.post("/admin/pagu", data={"office_id": "3", "programme_id": "", "amount": "2.000.000"})
    said = [office.get(f"/kerja/ruang?kegiatan=1&pagu={pagu}").json["tone"] for pagu in ("1.999.999", "2.000.001", "x")]
    assert said == ["good", "wrong", "good"]


def test_two_reviewers_strike_out_on_their_pages(planner, client, db, propose):
    item = propose()
    form = {"decision-kind": "strike", "decision-cause_id": "1", "decision-text": "Tidak diperlukan lagi."}
    assert planner.post(f"/kerja/usulan/{item}/putusan", data=form | {"decision-cause_id": ""}).status_code == 400
    assert planner.post(f"/kerja/usulan/{item}/putusan", data=form | {"decision-text": "x"}).status_code == 400
    planner.post(f"/kerja/usulan/{item}/putusan", data=form)
    planner.post("/kerja/putusan/1", data={"jawab": "setuju"})
    assert db.execute("SELECT state FROM item").fetchone()[0] == "submitted"
    second = as_staff(client, "administrator")
    second.environ_base["lumbung.person"]["id"] = "2"
    second.post("/kerja/putusan/1", data={"jawab": "setuju"})
    assert db.execute("SELECT state FROM item").fetchone()[0] == "struck"
    assert second.post("/kerja/putusan/1", data={"jawab": "apa"}).status_code == 400
    assert second.post("/kerja/putusan/9", data={"jawab": "setuju"}).status_code == 404


def test_reducing_needs_an_amount(planner, propose):
    item = propose()
    form = {"decision-kind": "reduce", "decision-cause_id": "1", "decision-text": "Terlalu mahal ini."}
    assert planner.post(f"/kerja/usulan/{item}/putusan", data=form).status_code == 400
    assert planner.post(f"/kerja/usulan/{item}/putusan", data=form | {"decision-amount": "400"}).status_code == 302


def test_scores_are_given_by_every_criterion(planner, db, propose):
    item = propose()
    points = {f"marks-c{n}": "4" for n in range(1, 6)}
    assert planner.post(f"/kerja/usulan/{item}/nilai", data=points | {"marks-c1": "9"}).status_code == 400
    assert planner.post(f"/kerja/usulan/{item}/nilai", data=points).status_code == 302
    assert db.execute("SELECT score FROM item").fetchone()[0] == 75


def test_an_administrator_opens_freezes_and_opens_again(administrator, db):
    assert administrator.post("/admin/tahun", data={"year": "1200", "stage": "RKPD"}).status_code == 400
    administrator.post("/admin/tahun", data={"year": "2027", "stage": "RKPD", "copy_from": ""})
    administrator.post("/admin/versi/1/tetapkan")
    administrator.post("/admin/tahun/1/versi", data={"stage": "Tak Ada"})
    administrator.post("/admin/tahun/1/versi", data={"stage": "APBD"})
    stages = [(row["stage"], row["frozen_at"] is None) for row in db.execute("SELECT * FROM version ORDER BY id")]
    assert stages == [("RKPD", False), ("APBD", True)]
    assert administrator.post("/admin/tahun/9/versi", data={"stage": "APBD"}).status_code == 404


@pytest.mark.parametrize("path", ["/kerja", "/admin", "/admin/pagu", "/kerja/impor", "/kerja/usulan/baru"])
def test_before_the_first_year_the_pages_say_what_to_do(administrator, path):
    assert administrator.get(path).status_code == 200


def test_lists_are_kept_under_admin(administrator, db):
    administrator.post("/admin/alasan", data={"name": "Terlalu mewah", "name_en": "Too lavish", "active": "y"})
    administrator.post("/admin/kriteria/1", data={"name": "Manfaat", "name_en": "", "weight": "50"})
    assert db.execute("SELECT count(*) FROM cause WHERE name = 'Terlalu mewah'").fetchone()[0] == 1
    assert tuple(db.execute("SELECT weight, active FROM criterion WHERE id = 1").fetchone()) == (50, 0)
    again = administrator.post("/admin/alasan", data={"name": "terlalu mewah", "active": "y"}, follow_redirects=True)
    assert "sudah ada" in again.text
    assert "1.09.02" in administrator.post("/admin/program", data={"code": "1.09.02.2.01", "name": "Kegiatan"}).text


def test_the_trail_is_for_reviewers(office, planner, propose):
    propose()
    assert office.get("/kerja/jejak").status_code == 403
    assert "Operator (demo)" in planner.get("/kerja/jejak").text
    assert planner.get("/kerja/jejak?sesudah=1&apa=x&q=%25").status_code == 200


def test_siblings_read_the_figures_and_they_name_nobody(client, propose, decide):
    decide(propose(1_000), Kind.STRIKE)
    told = as_sibling(client, "pusatkendali", "kpi.read").get("/_kpi")
    assert {figure["name"] for figure in told.json["figures"]} >= {"anggaran.pagu", "anggaran.dihemat"}
    assert "demo" not in re.sub("anggaran", "", told.text).lower()


def test_a_ceiling_is_of_something(administrator, version):
    assert (
        administrator.post("/admin/pagu", data={"office_id": "", "programme_id": "", "amount": "5"}).status_code == 400
    )
