import pytest
from lumbung_plugin import people
from werkzeug.exceptions import Forbidden


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("operator", "/kerja", 200),
        ("administrator", "/kerja", 200),
        ("administrator", "/admin", 200),
        ("operator", "/admin", 403),
        ("mayor", "/kerja", 403),
    ],
)
def test_what_a_role_may_open(client, staff, role, path, status):
    assert client.get(path, environ_overrides=staff(role)).status_code == status


def test_a_citizen_is_told_that_the_page_is_for_staff(client):
    answer = client.get("/kerja")
    assert answer.status_code == 403 and "untuk petugas" in answer.text


def test_a_header_makes_nobody_staff(client):
    assert client.get("/kerja", headers={"Lumbung-Person": '{"role": "administrator"}'}).status_code == 403


def test_standalone_staff_means_nothing_inside_lumbung(environment, client):
    environment.setenv("STANDALONE_STAFF", "Petugas:administrator")
    assert client.get("/kerja").status_code == 403
    assert "STANDALONE_STAFF" not in client.get("/").text


def test_standalone_staff_works_alone_and_warns_on_the_page(environment, client):
    environment.delenv("PLUGIN_ORIGIN")
    environment.setenv("STANDALONE_STAFF", "Petugas:administrator")
    assert client.get("/admin").status_code == 200
    assert "Mode coba" in client.get("/").text


def test_alone_without_the_variable_nobody_is_staff(environment, client):
    environment.delenv("PLUGIN_ORIGIN")
    assert client.get("/kerja").status_code == 403


@pytest.mark.parametrize("given", [None, {"plugin": "antrian", "capability": "kpi.read"}, "antrian"])
def test_a_sibling_is_known_by_what_the_shim_verified(app, given):
    with app.test_request_context("/_kpi", environ_overrides={"lumbung.caller": given}):
        expected = people.Caller("antrian", "kpi.read") if isinstance(given, dict) else None
        assert people.caller() == expected


def test_alone_there_are_no_siblings(environment, app):
    environment.delenv("PLUGIN_ORIGIN")
    with app.test_request_context("/_kpi", environ_overrides={"lumbung.caller": {"plugin": "x", "capability": "y"}}):
        assert people.caller() is None


def test_the_member_of_staff_at_work_is_a_person_and_never_a_citizen(app):
    told = {"id": "1", "name": "Petugas", "role": "operator"}
    with app.test_request_context("/", environ_overrides={"lumbung.person": told}):
        assert people.staff() == people.Person("1", "Petugas", "operator")
    with app.test_request_context("/?lang=en"), pytest.raises(Forbidden) as refused:
        people.staff()
    assert "for staff" in str(refused.value.description)


def test_the_unit_has_a_name_and_a_number(app, staff):
    told = {"id": "1", "name": "Petugas", "role": "operator", "opd": "DLH", "opd_id": 4}
    with app.test_request_context("/", environ_overrides={"lumbung.person": told}):
        assert people.person() == people.Person("1", "Petugas", "operator", "DLH", 4)
    with app.test_request_context("/", environ_overrides={"lumbung.person": {**told, "opd": "", "opd_id": None}}):
        assert people.person() == people.Person("1", "Petugas", "operator")
