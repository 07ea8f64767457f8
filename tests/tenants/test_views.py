import re

import pytest

PAGES = ("", "agreements", "people", "audit", "profile")


def test_only_admitted_cities_are_listed(client, world):
    page = client.get("/cities").text
    assert "Kota Bontang" in page and "Kota Tegal" not in page


@pytest.mark.parametrize("page", PAGES)
def test_another_citys_console_does_not_exist(browser, page):
    assert browser("admin@tegal.example").get(f"/console/bontang/{page}").status_code == 404
    assert browser("admin@tegal.example").get(f"/console/atlantis/{page}").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_the_admin_sees_every_page_of_the_own_city(browser, page):
    assert browser("admin@bontang.example").get(f"/console/bontang/{page}").status_code == 200


@pytest.mark.parametrize(
    ("page", "status"), [("", 200), ("agreements", 200), ("audit", 200), ("people", 403), ("profile", 403)]
)
def test_an_auditor_reads_and_changes_nothing(browser, page, status):
    assert browser("auditor@bontang.example").get(f"/console/bontang/{page}").status_code == status


def test_an_operator_has_plugins_and_no_console(browser):
    operator = browser("operator@bontang.example")
    assert operator.get("/console/bontang/").status_code == 403
    assert "http://lapor.bontang.localhost" in operator.get("/console/").text


def test_one_city_is_opened_at_once(browser):
    assert browser("admin@bontang.example").get("/console/").location == "/console/bontang/"


def test_the_programme_is_for_maintainers(browser):
    assert browser("maintainer@bandung.example").get("/programme/").status_code == 200
    assert browser("admin@bontang.example").get("/programme/").status_code == 403
    assert browser("admin@bontang.example").post("/programme/applications/tegal/admit").status_code == 403


def test_a_plugin_role_names_its_plugin(browser):
    given = {"email": "baru@bontang.example", "role": "operator", "plugin": ""}
    assert browser("admin@bontang.example").post("/console/bontang/people/invite", data=given).status_code == 422


def test_the_last_admin_cannot_be_removed(browser):
    admin = browser("admin@bontang.example")
    numbers = re.findall(r"/people/(\d+)/remove", admin.get("/console/bontang/people").text)
    answers = [admin.post(f"/console/bontang/people/{number}/remove").status_code for number in numbers]
    assert answers.count(409) == 1 and answers.count(303) == len(numbers) - 1


def test_another_citys_people_are_out_of_reach(browser):
    assert browser("admin@tegal.example").post("/console/tegal/people/2/remove").status_code == 404


def test_the_audit_log_tells_only_of_the_own_city(browser):
    admin = browser("admin@bontang.example")
    admin.post("/console/bontang/units", data={"name": "Disdukcapil"})
    page = admin.get("/console/bontang/audit?q=disdukcapil").text
    assert "Disdukcapil" in page and "admin bontang" in page
    assert "tegal" not in admin.get("/console/bontang/audit").text
