"""The maintainers' page of regions, and the command."""

from __future__ import annotations

import io

import pytest
from click.testing import CliRunner

from registry.tenants.joining.cli import regions_group
from tests.tenants.joining.conftest import LIST

PAGE = "/programme/regions"


def upload(client, content: bytes, **more: str):
    return client.post(PAGE, data={"list": (io.BytesIO(content), "daftar.csv"), **more})


def test_a_list_is_shown_first_and_then_taken_in(maintainer):
    shown = upload(maintainer, LIST.encode(), dry_run="y")
    assert shown.status_code == 200 and 'id="change"' in shown.text
    assert "daftar.csv" not in maintainer.get(PAGE).text
    assert upload(maintainer, LIST.encode()).status_code == 303
    assert "daftar.csv" in maintainer.get(PAGE).text
    assert "Kota Bontang" in maintainer.get(f"{PAGE}?q=bontang").text


def test_bad_lines_are_listed(maintainer):
    answer = upload(maintainer, b"kode,nama,provinsi\n64.74,Kota Bontang,K\n6474,Kota Bontang,K\n")
    assert answer.status_code == 422 and "3: " in answer.text


@pytest.mark.parametrize("posted", [{}, {"list": "text"}, {"list": (io.BytesIO(b""), "")}])
def test_no_file_is_no_list(maintainer, posted):
    assert maintainer.post(PAGE, data=posted).status_code == 422


def test_one_is_added_by_hand(maintainer):
    assert maintainer.post(f"{PAGE}/add", data={"code": "6475", "name": "Kota Nusantara"}).status_code == 422
    assert maintainer.post(f"{PAGE}/add", data={"code": "64.75", "name": "Kota Nusantara"}).status_code == 303
    assert maintainer.post(f"{PAGE}/add", data={"code": "64.75", "name": "Kota Nusantara"}).status_code == 409


def test_others_have_no_business_there(browser):
    admin = browser("admin@bontang.example")
    assert admin.get(PAGE).status_code == 403 and upload(admin, LIST.encode()).status_code == 403


@pytest.fixture
def run(app, world, tmp_path):
    def called(content: str, *options: str):
        file = tmp_path / "list.csv"
        file.write_text(content)
        with app.app_context():
            return CliRunner().invoke(regions_group, ["import", str(file), *options])

    return called


def test_the_command_tells_what_it_changes(run):
    dry = run(LIST, "--dry-run")
    assert dry.exit_code == 0 and "9 new" in dry.output and "+ 64.74 Kota Bontang" in dry.output
    assert "9 new" in run(LIST).output
    again = run(LIST)
    assert "0 new, 0 changed, 0 renumbered, 9 as before" in again.output and "1 rows of kecamatan" in again.output


def test_the_command_names_each_bad_line(run):
    done = run("kode,nama,provinsi\n6474,x,y\n64.74,Kota Bontang,K\nabc,d,e\n")
    assert done.exit_code == 1 and "list.csv:2:" in done.output and "list.csv:4:" in done.output


def test_the_command_tells_the_state(app, run):
    run(LIST)
    with app.app_context():
        assert "9 regions" in CliRunner().invoke(regions_group, ["state"]).output
