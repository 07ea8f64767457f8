import csv
import io

import pytest

from registry.core import audit, scope
from registry.core.uow import unit_of_work
from registry.tenants.auditing import chain
from registry.tenants.auditing.cli import audit as command
from registry.tenants.auditing.jobs import tie
from registry.tenants.service import find_city

LOG = "/console/bontang/audit"


@pytest.fixture
def told(app, world):
    """An act of Bontang that a spreadsheet would run, one of the programme; all tied."""
    with app.app_context():
        scope.enter_programme()
        with unit_of_work():
            audit.record("opd.add", "=cmd()", tenant_id=find_city("bontang").id)
            audit.record("app.publish", "lapor")
        tie()


def test_admins_and_auditors_read_the_log_operators_do_not(browser, told):
    for person, status in (("admin", 200), ("auditor", 200), ("operator", 403)):
        assert browser(f"{person}@bontang.example").get(LOG).status_code == status


def test_the_log_is_looked_through_by_words_and_days(browser, told):
    admin = browser("admin@bontang.example")
    assert "=cmd()" in admin.get(f"{LOG}?q=cmd").text
    assert "=cmd()" not in admin.get(f"{LOG}?to=2020-01-01").text
    assert "=cmd()" in admin.get(f"{LOG}?from=2020-01-01").text
    assert admin.get(f"{LOG}?from=tomorrow").status_code == 422
    assert "=cmd()" in admin.get(f"{LOG}?from=0001-01-01&to=9999-12-31").text, "the first and the last day there are"


def test_the_page_tells_the_newest_line_and_whether_all_holds(app, browser, told):
    with app.app_context():
        checked = app.test_cli_runner().invoke(command, ["verify"])
    assert checked.exit_code == 0 and "bontang  " in checked.output, checked.output
    page = browser("auditor@bontang.example").get(LOG).text
    assert "chip-ok" in page.partition('id="chain"')[2]


def test_the_table_is_no_program_for_a_spreadsheet(browser, told):
    rows = list(csv.reader(io.StringIO(browser("auditor@bontang.example").get(f"{LOG}.csv").text)))
    assert any(row[4] == "'=cmd()" for row in rows[1:])


def test_the_lines_are_verified_by_the_command(app, browser, told, tmp_path):
    file = tmp_path / "audit.jsonl"
    file.write_text(browser("auditor@bontang.example").get(f"{LOG}.jsonl").text)
    runner = app.test_cli_runner()
    assert runner.invoke(command, ["verify", str(file)]).exit_code == 0
    shorter = tmp_path / "shorter.jsonl"
    shorter.write_text("".join(file.read_text().splitlines(keepends=True)[:-1]))
    refused = runner.invoke(command, ["verify", str(shorter), "--earlier", str(file)])
    assert refused.exit_code == 1 and "was kept of it" in refused.output
    file.write_text(file.read_text().replace("=cmd()", "=dmc()"))
    assert "was changed" in runner.invoke(command, ["verify", str(file)]).output


def test_the_command_writes_what_the_page_gives(app, browser, told):
    written = app.test_cli_runner().invoke(command, ["export", "bontang"]).output
    assert chain.whole(written.splitlines()).number == len(written.splitlines())


def test_the_programme_has_a_log_of_its_own_for_maintainers(browser, told):
    maintainer = browser("maintainer@bandung.example")
    page = maintainer.get("/programme/audit").text
    assert "lapor" in page and "=cmd()" not in page
    assert "app.publish" in maintainer.get("/programme/audit.jsonl").text
    assert browser("admin@bontang.example").get("/programme/audit").status_code == 403


def test_the_api_gives_pages_and_the_newest_line(app, browser, told):
    admin = browser("admin@bontang.example")
    assert admin.get("/api/v1/cities/bontang/audit").status_code == 401, "a browser's session is none for the API"
