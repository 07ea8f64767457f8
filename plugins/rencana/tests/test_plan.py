"""The plan at work: who may change what, blockers, figures of siblings, reminders, hostile input."""

import io
import re
from datetime import date, timedelta

import pytest
from lumbung_plugin import attachments, today
from lumbung_plugin.testing import Siblings, as_sibling
from rencana import follow, plan, remind, tasks
from rencana.rules import Direction, Health

PUBLIC = ("/", "/program", "/jadwal", "/tahap", "/tentang", "/unduh.csv")
FIGURES = {"figures": [{"name": "lapor.selesai", "value": 250, "unit": "", "label": {}, "at": None, "good": "up"}]}


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("language", ["id", "en"])
def test_citizens_read_every_page_with_and_without_programmes(client, db, path, language, request):
    assert client.get(path, headers={"Accept-Language": language}).data
    request.getfixturevalue("programme")
    answer = client.get(path, headers={"Accept-Language": language})
    assert (
        answer.status_code == 200
        and len(answer.data) < 100_000
        and b"Pusat kendali kota" in answer.data
        or path in ("/tahap", "/tentang")
    )


@pytest.mark.parametrize(
    "query", ["tujuan=99", "opd=abc", "q=%25%00", "q=" + "x" * 4_000, "tujuan=99999999999999999999", "cepat=nanti"]
)
@pytest.mark.parametrize("path", ["/program", "/jadwal", "/unduh.csv"])
def test_strange_addresses_are_answered_calmly(client, programme, path, query):
    assert client.get(f"{path}?{query}").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/kerja", "/kerja/hambatan", "/kerja/program/1", "/kerja/tonggak/1", "/admin", "/admin/opd", "/admin/program",
     "/admin/tujuan", "/admin/tahap"],
)  # fmt: skip
def test_citizens_reach_no_page_of_staff(client, programme, milestone, path):
    milestone()
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("path", ["/admin", "/admin/program", "/admin/tujuan", "/admin/tahap"])
def test_operators_do_not_administer(owner, path):
    assert owner.get(path).status_code == 403


def test_a_partner_shows_what_was_reached_and_a_stranger_does_not(partner, stranger, db, programme, milestone):
    mark = milestone()
    form = {"show-text": "Ruang sudah dipakai.", "show-done": "y", "show-url": "https://bontang.example/ruang"}
    stranger.post(f"/kerja/tonggak/{mark}/bukti", data=form)
    assert stranger.get(f"/kerja/tonggak/{mark}").status_code == 403
    assert db.execute("SELECT done_at FROM milestone").fetchone()[0] is None
    partner.post(f"/kerja/tonggak/{mark}/bukti", data=form)
    assert db.execute("SELECT done_at FROM milestone").fetchone()[0]
    assert plan.programme(db, programme, today()).percent == 100
    assert "Ruang sudah dipakai." in partner.get(f"/program/{programme}").text
    partner.post(f"/kerja/tonggak/{mark}/buka")
    assert plan.programme(db, programme, today()).health is Health.LATE


@pytest.mark.parametrize(
    "change",
    [{"show-text": "ya"}, {"show-url": "javascript:alert(1)"}, {"show-url": "https://a b"}, {"show-text": "x" * 1001}],
)
def test_evidence_with_a_mistake_is_explained(owner, milestone, change):
    answer = owner.post(f"/kerja/tonggak/{milestone()}/bukti", data={"show-text": "Sudah dipakai."} | change)
    assert answer.status_code == 400 and 'class="error"' in answer.text


def test_a_file_that_acts_is_refused_and_a_clean_one_is_public(owner, client, db, milestone):
    mark = milestone()
    for data, status in ((b"%PDF-1.4\n<</OpenAction 1 0 R /JavaScript (x)>>", 400), (b"%PDF-1.4\n%%EOF\n", 302)):
        form = {"show-text": "Berita acara.", "show-file": (io.BytesIO(data), "../berita.pdf")}
        sent = owner.post(f"/kerja/tonggak/{mark}/bukti", data=form, content_type="multipart/form-data")
        assert sent.status_code == status
    answer = client.get("/bukti/1")
    assert answer.headers["Content-Disposition"].startswith("attachment") and b"%PDF" in answer.data
    assert client.get("/bukti/2").status_code == 404


def test_deleting_takes_the_files_along(administrator, owner, db, programme, milestone):
    form = {"show-text": "Berita acara.", "show-file": (io.BytesIO(b"%PDF-1.4\n%%EOF\n"), "b.pdf")}
    owner.post(f"/kerja/tonggak/{milestone()}/bukti", data=form, content_type="multipart/form-data")
    assert len(list(attachments.folder().iterdir())) == 1
    administrator.post(f"/admin/program/{programme}/hapus")
    assert not list(attachments.folder().iterdir()) and not db.execute("SELECT 1 FROM milestone").fetchall()
    tasks.tidy()


@pytest.mark.parametrize(
    "change",
    [{"new-title": "x"}, {"new-due": "1800-01-01"}, {"new-due": "besok"}, {"new-app": "lapor"}, {"new-app": "bukan"},
     {"new-app": "lapor", "new-figure": "LAPOR!", "new-target": "5"},
     {"new-app": "lapor", "new-figure": "lapor.selesai", "new-target": "nan"}],
)  # fmt: skip
def test_a_milestone_with_a_mistake_is_explained(owner, programme, change):
    form = {"new-title": "Ruang siap", "new-due": "2027-01-01", "new-app": "", "new-stage_id": "",
            "new-direction": "up"} | change  # fmt: skip
    assert owner.post(f"/kerja/program/{programme}/tonggak", data=form).status_code == 400


def test_what_is_blocked_on_whom_is_seen_by_leaders_and_settled_by_who_is_waited_for(
    owner, stranger, partner, db, programme, offices
):
    need = {"blocker-office_id": str(offices["Dinas Lingkungan Hidup"]), "blocker-milestone_id": "",
            "blocker-since": (today() - timedelta(days=40)).isoformat(),
            "blocker-need": "Peta sampah perlu diserahkan."}  # fmt: skip
    assert (
        owner.post(f"/kerja/program/{programme}/hambatan", data=need | {"blocker-since": "2099-01-01"}).status_code
        == 400
    )
    owner.post(f"/kerja/program/{programme}/hambatan", data=need)
    page = partner.get("/kerja/hambatan").text
    assert re.search(r"Dinas Lingkungan Hidup.*40 hari", page, re.S)
    assert "Peta sampah" in stranger.get("/kerja").text
    assert "Peta sampah" not in owner.get(f"/program/{programme}").text
    assert stranger.post("/kerja/hambatan/1", data={"b1-answer": "x"}).status_code == 400
    stranger.post("/kerja/hambatan/1", data={"b1-answer": "Peta sudah diserahkan."})
    assert plan.blockers(db) == [] and stranger.post("/kerja/hambatan/9").status_code == 404


def test_who_is_neither_waited_for_nor_held_up_settles_nothing(owner, stranger, db, programme, offices):
    need = {"blocker-office_id": str(offices["Badan Perencanaan Pembangunan Daerah"]), "blocker-milestone_id": "",
            "blocker-since": "2026-01-01", "blocker-need": "Dokumen perlu ditandatangani."}  # fmt: skip
    owner.post(f"/kerja/program/{programme}/hambatan", data=need)
    stranger.post("/kerja/hambatan/1", data={"b1-answer": "Sudah selesai."})
    assert len(plan.blockers(db)) == 1


def test_a_milestone_follows_a_figure_until_it_is_reached(host, db, programme, milestone):
    half = milestone("Lima ratus selesai", app="lapor", figure="lapor.selesai", target=500)
    with Siblings(host) as lumbung:
        lumbung.answers("lapor", "kpi.read", FIGURES)
        assert follow.update(db) == 0
        assert plan.programme(db, programme, today()).percent == 50
        db.execute("UPDATE milestone SET target = 200")
        db.commit()
        assert follow.update(db) == 1
    assert db.execute("SELECT done_at FROM milestone WHERE id = ?", (half,)).fetchone()[0]


@pytest.mark.parametrize("code", ["not-granted", "sibling-off", "sibling-away", "quota"])
def test_a_sibling_that_does_not_answer_leaves_the_last_value(host, client, db, programme, milestone, code):
    milestone("Lima ratus selesai", app="lapor", figure="lapor.selesai", target=500)
    with Siblings(host) as lumbung:
        lumbung.answers("lapor", "kpi.read", FIGURES)
        follow.update(db)
        lumbung.refuses(code, "lapor", "kpi.read")
        follow.update(db)
        lumbung.answers("lapor", "kpi.read", ["nonsense"])
        follow.update(db)
    row = db.execute("SELECT value, problem FROM milestone").fetchone()
    assert row["value"] == 250 and row["problem"]
    assert client.get(f"/program/{programme}").status_code == 200


def test_a_figure_nobody_tells_is_said(host, db, milestone):
    milestone("Turun", app="lapor", figure="lapor.nothing", target=5, direction=Direction.DOWN)
    with Siblings(host) as lumbung:
        lumbung.answers("lapor", "kpi.read", FIGURES)
        follow.update(db)
    assert db.execute("SELECT problem FROM milestone").fetchone()[0] == "figure-absent"


def test_reminders_name_what_is_late_and_go_to_whom_the_city_names(host, db, milestone):
    assert remind.text(db, today(), 14) == ""
    milestone("Ruang siap", due=date(2021, 6, 1))
    with Siblings(host) as lumbung:
        tasks.remind()
        assert lumbung.mails[0]["to"] == ["sekretariat@bontang.example"]
        assert "TERLAMBAT" in lumbung.mails[0]["text"] and "Ruang siap" in lumbung.mails[0]["text"]


def test_an_administrator_keeps_programmes_aims_and_stages(administrator, db, offices):
    form = {"name": "Kota terang", "aim_id": "1", "summary": "Lampu jalan hemat di semua gang.", "owner_id": "1",
            "begins": "2027-01-01", "ends": "2026-01-01", "partners": ["2", "1"]}  # fmt: skip
    assert administrator.post("/admin/program", data=form).status_code == 400
    administrator.post("/admin/program", data=form | {"ends": "2028-01-01"})
    assert [tuple(row) for row in db.execute("SELECT * FROM partner")] == [(1, 2)]
    assert (
        administrator.post("/admin/tahap", data={"name": "Mundur", "first": "2029", "last": "2028"}).status_code == 400
    )
    administrator.post("/admin/tujuan/1", data={"name": "Kesiapan kota", "position": "1"})
    assert db.execute("SELECT name FROM aim WHERE id = 1").fetchone()[0] == "Kesiapan kota"
    again = administrator.post("/admin/tujuan", data={"name": "lingkungan", "position": "9"}, follow_redirects=True)
    assert "sudah ada" in again.text


def test_siblings_read_the_figures(client, programme, milestone):
    milestone()
    told = as_sibling(client, "pusatkendali", "kpi.read").get("/_kpi").json["figures"]
    assert {"rencana.kemajuan", "rencana.hambatan"} <= {figure["name"] for figure in told}
    assert {figure["name"]: figure["value"] for figure in told}["rencana.terlambat"] == 1
