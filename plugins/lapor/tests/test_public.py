from contextlib import closing
from datetime import date

import pytest
from lapor import figures
from lapor.store import PAGE
from lumbung_plugin import connect
from lumbung_plugin.testing import as_sibling


def test_a_report_is_public_only_after_a_check(client, send, operator):
    number, _ = send()
    assert client.get(f"/laporan/{number}").status_code == 404
    operator.post(f"/kerja/{number}/terima")
    assert "Lampu jalan mati" in client.get(f"/laporan/{number}").text


def test_a_confidential_report_is_never_public(client, published):
    number, code = published(confidential="y")
    assert client.get(f"/laporan/{number}").status_code == 404
    assert number not in client.get("/laporan").text
    assert client.get(f"/ikuti/{number}/{code}").status_code == 200


def test_names_and_numbers_appear_on_no_public_page(client, published):
    number, _ = published(reporter_name="Warga Uji", reporter_phone="081234567890")
    for path in ("/", "/laporan", f"/laporan/{number}"):
        assert "Warga Uji" not in (text := client.get(path).text) and "4567" not in text


def test_an_internal_note_is_internal(client, published, operator):
    number, code = published()
    operator.post(f"/kerja/{number}/catatan", data={"note-text": "Rahasia dapur"})
    assert "Rahasia dapur" in operator.get(f"/kerja/{number}").text
    assert "Rahasia dapur" not in client.get(f"/laporan/{number}").text
    assert "Rahasia dapur" not in client.get(f"/ikuti/{number}/{code}").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=lampu", True),
        ("q=lam+pasar", True),
        ("q=lampu+laut", False),
        ("q=title:lampu%22*+OR+NEAR(", False),
        ("q=%25", False),
        ("q=_", False),
        ("kelurahan=Kanaan", True),
        ("kelurahan=Loktuan", False),
        ("status=accepted", True),
        ("status=answered", False),
        ("status=nonsense", True),
        ("kategori=1", True),
        ("kategori=2", False),
        ("kategori=x&opd=%00&sesudah=-1", True),
        ("q=%27%20OR%201%3D1", False),
    ],
)
def test_the_list_follows_its_address(client, published, query, found):
    number, _ = published()
    answer = client.get(f"/laporan?{query}")
    assert answer.status_code == 200 and (f"/laporan/{number}" in answer.text) is found


def test_a_new_report_cannot_be_listed_by_asking_for_its_state(client, send):
    number, _ = send()
    assert number not in client.get("/laporan?status=new").text


def test_pages_lead_forward_and_back_without_gap_or_overlap(client, db, host):
    host.setenv("TENANT_DEMO", "1")
    from lapor.migrations import upgrade  # noqa: PLC0415 the database must be empty until here

    upgrade()
    total = db.execute(
        "SELECT count(*) FROM report WHERE confidential = 0 AND state IN ('accepted', 'assigned', 'answered')"
    ).fetchone()[0]
    seen, path, pages = [], "/laporan", []
    while path:
        pages.append(path)
        text = client.get(path).text
        seen += [part.split('"')[0] for part in text.split('href="/laporan/')[1:]]
        path = _link(text, "next")
    assert len(seen) == len(set(seen)) == total and len(pages) == -(-total // PAGE)
    back = _link(client.get(pages[1]).text, "prev")
    first = [part.split('"')[0] for part in client.get(back).text.split('href="/laporan/')[1:]]
    assert first == seen[:PAGE]


def _link(text: str, rel: str) -> str:
    marker = f'rel="{rel}" href="'
    return text.split(marker)[1].split('"')[0].replace("&amp;", "&") if marker in text else ""


def test_markup_in_a_report_is_text(client, published):
    number, _ = published(title="<script>alert(1)</script>", body="<img src=x onerror=alert(1)> rusak")
    text = client.get(f"/laporan/{number}").text
    assert "<script>alert" not in text and "<img src=x" not in text


def told(client) -> dict[str, float]:
    """What a sibling reads as figures."""
    answer = as_sibling(client, "pusatkendali", "kpi.read").get("/_kpi").json
    return {figure["name"]: figure["value"] for figure in answer["figures"]}


def test_figures_leave_out_what_is_no_case(client, published, send, operator):
    published()
    refused, _ = send()
    operator.post(f"/kerja/{refused}/tolak", data={"reject-text": "Tempatnya tidak ditemukan."})
    assert told(client)["lapor.diterima"] == 1


def test_the_kpi_counts_answers_and_days(client, answered):
    answered()
    kpi = told(client)
    assert (kpi["lapor.diterima"], kpi["lapor.selesai"], kpi["lapor.hari"]) == (1, 100, 0.0)


def test_the_kpi_counts_what_lies_on_the_desks(client, send, published, operator):
    send()
    number, _ = published()
    operator.post(f"/kerja/{number}/disposisi", data={"assign-office_id": "1", "assign-deadline": "2020-01-02"})
    kpi = told(client)
    assert (kpi["lapor.menunggu"], kpi["lapor.dikerjakan"], kpi["lapor.terlambat"]) == (1, 1, 1)


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/lapor",
        "/ikuti",
        "/laporan",
        "/peta",
        "/peta?hari=x&kategori=y",
        "/angka",
        "/angka?hari=0",
        "/angka?hari=9",
        "/tentang",
        "/healthz",
    ],
)
def test_every_page_opens_empty_and_filled(client, answered, path, lang):
    glue = "&" if "?" in path else "?"
    assert client.get(f"{path}{glue}lang={lang}").status_code == 200
    answered()
    assert client.get(f"{path}{glue}lang={lang}").status_code == 200


def test_the_about_page_names_the_national_application(client):
    text = client.get("/tentang").text
    assert "SP4N-LAPOR!" in text and "https://www.lapor.go.id" in text


def test_the_citys_own_name_for_the_app_is_used(client):
    assert "Kesah Etam" in client.get("/").text


def test_the_first_page_is_light(client):
    page = client.get("/")
    sheets = [part.split('"')[0] for part in page.text.split('rel="stylesheet" href="')[1:]]
    assert len(page.data) + sum(len(client.get(sheet).data) for sheet in sheets) < 100_000


def test_a_years_figures_are_read_from_one_index_without_sorting(app):
    query: list[str] = []
    with closing(connect()) as db:
        db.set_trace_callback(query.append)
        figures.groups(db, "2026", date(2026, 11, 23))
        plan = [row["detail"] for row in db.execute(f"EXPLAIN QUERY PLAN {query[0]}")]
    assert plan == ["SEARCH report USING COVERING INDEX report_groups (state=?)"]
