"""An official list is read whole or not at all, and each bad line is named."""

from __future__ import annotations

import pytest

from registry.tenants.joining import lists
from tests.tenants.joining.conftest import LIST

HEAD = "kode,nama,provinsi\n"


@pytest.fixture(autouse=True)
def words(app):
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    "content",
    [LIST.encode(), b"\xef\xbb\xbf" + LIST.encode(), LIST.replace(",", ";").encode(),
     LIST.replace(",", "\t").replace("\n", "\r\n").encode()],
)  # fmt: skip
def test_marks_and_separators_do_not_matter(content):
    reading = lists.read(content)
    assert not reading.bad and len(reading.rows) == 9
    assert reading.rows["64.74"].name == "Kota Bontang"


def test_rows_of_other_levels_are_counted_and_left_out():
    assert dict(lists.read(LIST.encode()).left_out) == {"province": 1, "kecamatan": 1}


@pytest.mark.parametrize(
    ("line", "told"),
    [("6474,Kota Bontang,Kaltim", "BPS"), ("64.7,Kota,K", "64.7"), ("99.01,Kota X,Y", "99.01"), (",Kota X,Y", "–"),
     ("64.74,,K", "64.74"), ("64.74," + "x" * 200 + ",K", "64.74"), ('64.74,"Kota\x07",K', "64.74"),
     ("=cmd|calc,Kota X,K", "=cmd|calc"), ("64.74", "64.74")],
)  # fmt: skip
def test_a_bad_line_is_named_with_its_number(line, told):
    reading = lists.read(f"{HEAD}32.73,Kota Bandung,Jawa Barat\n{line}\n".encode())
    assert [finding.line for finding in reading.bad] == [3]
    assert told in reading.bad[0].message


@pytest.mark.parametrize(
    ("content", "line"),
    [(b"", 1), (b"nama,provinsi\nx,y\n", 1), (b"\x00\x01PK", 1), (HEAD.encode() + b"64.74,Kota \xff,K\n", 2),
     (HEAD.encode(), 1), (b"PK\x03\x04" * 100, 1)],
)  # fmt: skip
def test_what_is_no_list_is_refused(content, line):
    reading = lists.read(content)
    assert not reading.rows and reading.bad[0].line == line


def test_a_file_beyond_all_of_indonesia_is_refused():
    assert lists.read(b"x" * (lists.MAX_BYTES + 1)).bad


def test_a_quotation_mark_left_open_spoils_one_line_only():
    reading = lists.read(f'{HEAD}64.74,"Kota Bontang,K\n32.73,Kota Bandung,Jawa Barat\n'.encode())
    assert "32.73" in reading.rows


def test_a_code_stands_for_one_region():
    reading = lists.read(f"{HEAD}64.74,Kota Bontang,K\n64.74,Kota Lain,K\n64.74,KOTA BONTANG,K\n".encode())
    assert [finding.line for finding in reading.bad] == [3]


@pytest.mark.parametrize(
    ("rows", "line"),
    [("93.01,Kabupaten Merauke,P,9101", 2), ("93.01,Kabupaten Merauke,P,93.02\n93.02,Kabupaten X,P,", 2),
     ("93.01,Kabupaten Merauke,P,91.01\n93.02,Kabupaten X,P,91.01", 3)],
)  # fmt: skip
def test_a_former_code_leads_to_one_region_that_lacks_it_today(rows, line):
    assert [one.line for one in lists.read(f"kode,nama,provinsi,kode_lama\n{rows}\n".encode()).bad] == [line]


def test_of_many_bad_lines_the_first_are_told_and_all_are_counted():
    reading = lists.read((HEAD + "6474,x,y\n" * 500).encode())
    assert (reading.bad_lines, len(reading.bad)) == (500, lists.MAX_TOLD)
