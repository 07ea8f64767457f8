import io
from datetime import date

import pytest
from lumbung_plugin import database, tables
from lumbung_plugin.tables import Column

COLUMNS = {
    "name": Column("Nama"),
    "sum": Column("Pagu", tables.amount),
    "day": Column("Tanggal", tables.day, required=False),
    "office": Column("OPD", tables.one_of({"Dinas PUPR": 7}), required=False),
}


@pytest.fixture(autouse=True)
def page(app):
    with app.test_request_context("/?lang=en"):
        yield


def read(text: str | bytes, **bounds: int) -> tables.Read:
    return tables.read(io.BytesIO(text.encode() if isinstance(text, str) else text), COLUMNS, **bounds)


def sentences(found: tables.Read) -> list[tuple[int, str]]:
    return [(problem.line, problem.column) for problem in found.problems]


@pytest.mark.parametrize(
    "data",
    [b"", b"\n\n\n", b"\xff\xfeN\x00a\x00m\x00a\x00", b"PK\x03\x04\x00\x00", "Nama,Pagu\nKafé,1".encode("latin-1"),
     b"Nama,Nama,Pagu\na,b,1\n", b"Pagu\n1\n", b'Nama,Pagu\n"a,1\n', b'"', b"Nama,Pagu\n" + b"a" * 200_000 + b",1"],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_a_problem_and_no_rows(data):
    found = read(data)
    assert found.problems and not found.rows


def test_what_is_too_long_is_refused():
    assert sentences(read("Nama,Pagu\n" + "a,1\n" * 4, most_rows=3)) == [(5, "")]
    assert read("Nama,Pagu\na,1\n", most_bytes=5).problems[0].line == 1
    assert len(read("Nama,Pagu\n" + "a,x\n" * 5000).problems) == tables.MOST_PROBLEMS


@pytest.mark.parametrize(
    ("row", "column"),
    [("a,-5,,", "Pagu"), ("a,1e9,,", "Pagu"), ("a,١٢٣,,", "Pagu"), (",5,,", "Nama"), ("a,5,2026-02-30,", "Tanggal"),
     ("a,5,kemarin,", "Tanggal"), ("a,5,,PU", "OPD"), ("a", "Pagu"), ("a,5,9999999999-1-1,", "Tanggal"),
     ("a," + "9" * 400 + ",,", "Pagu"), ("a" * 501 + ",5,,", "Nama")],
)  # fmt: skip
def test_each_mistake_has_its_line_and_column(row, column):
    found = read(f'Nama,Pagu,Tanggal,OPD\n"dua\nbaris",1,,\n{row}\n')
    assert sentences(found) == [(4, column)] and found.problems[0].sentence.endswith(".")
    assert [row["name"] for row in found.rows] == ["dua\nbaris"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_separators_and_the_byte_order_mark_are_found_out(separator, mark):
    lines = [["pagu", "NAMA ", "tanggal", "opd", "lain"], ["Rp 1.500.000", "Jalan", "24/11/2026", "dinas pupr", "x"]]
    found = read(mark + "\r\n".join(separator.join(line) for line in lines))
    assert not found.problems
    assert found.rows == [{"name": "Jalan", "sum": 1_500_000, "day": date(2026, 11, 24), "office": 7}]


@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_no_cell_is_a_formula(cell):
    line = list(tables.write(["Nama"], [[cell]]))[1]
    assert line.strip('"').startswith("'")


def test_what_was_written_can_be_read_again():
    text = "".join(tables.write(["Nama", "Pagu"], [["=1+1", 5], ['a, "b"', 6]]))
    assert [(row["name"], row["sum"]) for row in read(text).rows] == [("=1+1", 5), ('a, "b"', 6)]


def test_a_download_is_named_safely_and_kept_by_nobody():
    answer = tables.csv_response('../a"b\r\nX: y.csv', ["Nama"], [["Jalan"], [None], [1.5]])
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a-b-X-y.csv"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.get_data(as_text=True) == '\ufeffNama\r\nJalan\r\n""\r\n1.5\r\n'


def test_each_row_tells_the_line_it_begins_at():
    found = read('Nama,Pagu\n"a\nb",1\n\nc,x\nd,4\n')
    assert (found.lines, sentences(found)) == ([2, 6], [(5, "Pagu")])


def test_a_generator_of_rows_asks_for_a_connection_of_its_own(app):
    def rows():
        yield from database().execute("SELECT 1, 2")

    app.add_url_rule("/rows", view_func=lambda: tables.csv_response("rows", ["a", "b"], rows()))
    assert app.test_client().get("/rows").data.decode("utf-8-sig").split() == ["a,b", "1,2"]
