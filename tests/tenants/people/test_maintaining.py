"""Maintainers appoint one another; one stays."""

from registry.accounts import service as accounts
from registry.tenants.people import service
from tests.tenants.people.conftest import ADMIN, MAINTAINER, NEW, PASSWORD, SECRET, STRANGER, accept, roles

PLACE = "/programme/people"


def test_a_maintainer_invites_another_who_accepts(browser, client, link, within):
    assert browser(MAINTAINER).post(PLACE, data={"email": NEW}).status_code == 303
    answer = accept(client, link(NEW), name="Pengelola kedua", **SECRET)
    assert answer.status_code == 303 and answer.location == "/programme/"
    assert client.get(PLACE).status_code == 200
    with within("bandung") as city:
        assert roles(city, NEW) == [("maintainer", "")]


def test_only_the_address_that_was_meant_becomes_maintainer(browser, link):
    browser(MAINTAINER).post(PLACE, data={"email": NEW})
    other = browser(STRANGER)
    assert accept(other, link(NEW)).status_code == 409
    assert other.get(PLACE).status_code == 403


def test_people_of_the_publisher_are_asked_too(browser, within, link):
    with within("bandung") as city:
        service.add_member(city, accounts.register("auditor@bandung.example", "Auditor", PASSWORD), "auditor")
    browser(MAINTAINER).post(PLACE, data={"email": "auditor@bandung.example"})
    assert link("auditor@bandung.example")
    with within("bandung") as city:
        assert roles(city, "auditor@bandung.example") == [("auditor", "")]


def test_the_last_maintainer_stays(browser, within, client, link):
    maintainer = browser(MAINTAINER)
    with within("bandung") as city:
        mine = service.roles_of(city, accounts.find_by_email(MAINTAINER).id)[0].id
    assert maintainer.post(f"{PLACE}/{mine}/dismiss").status_code == 409
    maintainer.post(PLACE, data={"email": NEW})
    assert maintainer.post(f"{PLACE}/{mine}/dismiss").status_code == 409, "an invitation is nobody yet"
    accept(client, link(NEW), name="Pengelola kedua", **SECRET)
    assert client.post(f"{PLACE}/{mine}/dismiss").status_code == 303
    assert maintainer.get(PLACE).status_code == 403


def test_it_is_the_maintainers_page_alone(browser):
    assert browser(ADMIN).get(PLACE).status_code == 403
    assert browser(ADMIN).post(PLACE, data={"email": NEW}).status_code == 403


def test_an_admin_of_the_publisher_does_not_touch_maintainers_invitations(browser, within):
    browser(MAINTAINER).post(PLACE, data={"email": NEW})
    with within("bandung") as city:
        service.add_member(city, accounts.register("admin@bandung.example", "Admin", PASSWORD), "admin")
    admin = browser("admin@bandung.example")
    assert admin.post("/console/bandung/people/invitations/1/withdraw").status_code == 404
    assert NEW not in admin.get("/console/bandung/people/invitations").text
    given = {"email": "x@bandung.example", "role": "maintainer"}
    assert admin.post("/console/bandung/people/invite", data=given).status_code == 422
