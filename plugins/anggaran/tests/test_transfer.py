"""CSV: a preview that changes nothing, every mistake with its line, all or nothing."""

import io
import re

import pytest
from anggaran import ceilings, items, tasks, uploads
from anggaran.items import Wanted
from lumbung_plugin import transaction

HEAD = "Kode,Sub kegiatan,OPD,Pagu,Program,Kegiatan\n"
GOOD = HEAD + "1.01.02.2.01.0007,Meja SD,Dinas Pendidikan,Rp 75.000,,\n"


def bring(person, text: str | bytes, submit: bool = False):
    """Upload a file and see the preview."""
    data = {"file": (io.BytesIO(text.encode() if isinstance(text, str) else text), "usulan.csv")}
    data |= {"submit_all": "y"} if submit else {}
    return person.post("/kerja/impor", data=data, content_type="multipart/form-data", follow_redirects=True)


def take(person, preview):
    found = re.search(r'action="(/kerja/impor/[\w-]+)"', preview.text)
    assert found, preview.text
    return person.post(found.group(1), follow_redirects=True)


def test_a_preview_changes_nothing_and_taking_in_does(administrator, db, version):
    seen = bring(administrator, GOOD)
    assert "Impor semuanya" in seen.text
    assert items.total(db, Wanted(version, public=False))["n"] == 0
    assert db.execute("SELECT count(*) FROM event WHERE act = 'imported'").fetchone()[0] == 0
    take(administrator, seen)
    row = next(items.everything(db, Wanted(version, public=False)))
    assert (row["amount"], row["state"], row["name"]) == (75_000, "draft", "Meja SD")
    assert not list(uploads.folder().iterdir())


def test_with_one_mistake_nothing_is_taken_in(administrator, db, version):
    wrong = GOOD + "1.01.02.2.01.0008,Kursi,Dinas Tak Ada,10,,\n1.01.02,Kursi,Dinas Kesehatan,-5,,\n"
    seen = bring(administrator, wrong)
    assert "Dinas Tak Ada" in seen.text and "Impor semuanya" not in seen.text
    lines = re.findall(r'<td class="num">(\d+)</td><td>([^<]+)</td>', seen.text)
    assert lines == [("3", "OPD"), ("4", "Kode"), ("4", "Pagu")]
    assert items.total(db, Wanted(version, public=False))["n"] == 0


def test_a_file_that_became_wrong_meanwhile_is_not_taken_in(administrator, db, people, version):
    seen = bring(administrator, GOOD, submit=True)
    with transaction(db):
        ceilings.settle(db, people["boss"], version, None, 1, 100)
    answer = take(administrator, seen)
    assert answer.status_code == 409 and "Melebihi pagu" in answer.text
    assert items.total(db, Wanted(version, public=False))["n"] == 0


@pytest.mark.parametrize(
    ("rows", "column"),
    [
        ("1.01.02.2.01.0007,A baru,Dinas Pendidikan,1,,\n1.01.02.2.01.0007,B baru,Dinas Pendidikan,2,,\n", "Kode"),
        ("1.05.02.2.01.0001,Patroli,Dinas Kesehatan,1,,\n", "Program"),
        ("1.01.02.2.02.0001,SMP,Dinas Pendidikan,1,,\n", "Kegiatan"),
        ("1.01.02.2.01.0007,A baru,Dinas Pendidikan,999999999999999,,\n", "Pagu"),
    ],
)
def test_what_only_the_whole_file_can_tell_has_its_line_too(administrator, version, rows, column):
    seen = bring(administrator, HEAD + rows)
    assert re.search(rf'<td class="num">[23]</td><td>{column}</td>', seen.text)


def test_new_codes_are_entered_with_their_names(administrator, db, version):
    row = "1.05.02.2.01.0001,Patroli,Dinas Kesehatan,1,Program Ketertiban,Kegiatan Patroli\n"
    take(administrator, bring(administrator, HEAD + row))
    assert db.execute("SELECT name FROM programme WHERE code = '1.05.02'").fetchone()[0] == "Program Ketertiban"


def test_an_office_brings_only_its_own_rows(office, version):
    assert "OPD Anda sendiri" in bring(office, HEAD + "1.01.02.2.01.0007,Obat,Dinas Kesehatan,5,,\n").text
    assert "Impor semuanya" in bring(office, GOOD).text


def test_what_is_decided_on_is_not_changed_by_a_file(administrator, version, propose, decide):
    decide(propose(1_000))
    seen = bring(administrator, HEAD + "1.01.02.2.01.0001,Meja,Dinas Pendidikan,5,,\n")
    assert "sudah diputus" in seen.text


def test_what_goes_out_comes_in_again_as_the_same(administrator, db, version, propose):
    propose(1_000, name="=HYPERLINK(1) meja", location="-Guntung")
    out = administrator.get("/kerja/unduh.csv").data
    assert b"'=HYPERLINK" in out
    seen = bring(administrator, out, submit=True)
    assert re.search(r'figure-value">1</p><p class="figure-name">sama seperti sebelumnya', seen.text)


def test_a_file_of_others_and_a_made_up_token_are_not_found(administrator, office, version):
    seen = bring(administrator, GOOD)
    path = re.search(r'action="(/kerja/impor/[\w-]+)"', seen.text).group(1)
    other = office
    other.environ_base["lumbung.person"]["id"] = "2"
    assert other.get(path).status_code == 404
    assert administrator.get("/kerja/impor/..%2f..%2fetc").status_code == 404


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"PK\x03\x04", b"Kode\n", b'"' * 5_000, b"\xff\xfe" * 40])
def test_what_is_no_table_is_said(administrator, version, data):
    seen = bring(administrator, data)
    assert seen.status_code in (200, 400) and "Impor semuanya" not in seen.text


def test_files_nobody_took_in_are_removed(administrator, db, version):
    bring(administrator, GOOD)
    tasks.tidy()
    assert len(list(uploads.folder().iterdir())) == 1
    db.execute("UPDATE upload SET at = '2020-01-01T00:00:00+00:00'")
    db.commit()
    tasks.tidy()
    assert not list(uploads.folder().iterdir())


@pytest.mark.parametrize(
    ("head", "cell"),
    [("Kelurahan", "Guntung; Kanaan"), ("Lokasi", "Kelurahan Guntung dan Kanaan")],
)
def test_places_are_read_from_their_column_or_from_the_text_of_the_first_release(
    administrator, db, version, head, cell
):
    text = f"Kode,Sub kegiatan,OPD,Pagu,{head}\n1.01.02.2.01.0007,Meja SD,Dinas Pendidikan,5,{cell}\n"
    take(administrator, bring(administrator, text))
    row = next(items.everything(db, Wanted(version, public=False)))
    assert (row["places"], row["location"]) == ("Guntung, Kanaan", "")
    again = bring(administrator, administrator.get("/kerja/unduh.csv").data)
    assert re.search(r'figure-value">1</p><p class="figure-name">sama seperti sebelumnya', again.text)
