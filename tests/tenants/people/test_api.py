"""The same acts by the API, with the scope `people`."""

import pytest

from registry.accounts import service as accounts
from tests.tenants.people.conftest import ADMIN, AUDITOR, MAINTAINER, NEW, OPERATOR, STRANGER, roles

CITY = "/api/v1/cities/bontang"


@pytest.fixture
def bearer(client, within):
    """A client that shows the token of this person, with these scopes."""

    def asked(email: str, *scopes: str):
        with within():
            _token, text = accounts.create_token(accounts.find_by_email(email), "api", wanted=scopes or ("people",))

        def ask(method: str, path: str, **more):
            return client.open(path, method=method, headers={"Authorization": f"Bearer {text}"}, **more)

        return ask

    return asked


def test_people_are_listed_a_page_at_a_time(bearer):
    ask = bearer(ADMIN)
    first = ask("GET", f"{CITY}/people?limit=2").json
    second = ask("GET", f"{CITY}/people?limit=2&after={first['next']}").json
    emails = [one["email"] for one in (*first["items"], *second["items"])]
    assert sorted(emails) == [ADMIN, AUDITOR, OPERATOR] and second["next"] is None
    assert first["items"][0]["roles"] == [{"id": 2, "role": "admin", "plugin": "", "opd_id": None}]


def test_a_role_is_offered_resent_and_withdrawn(bearer):
    ask = bearer(ADMIN)
    given = ask("POST", f"{CITY}/people", json={"email": NEW, "role": "auditor"})
    assert given.status_code == 201 and given.json["role"] is None and "/invitation/" not in given.text
    number = given.json["invitation"]["id"]
    assert ask("POST", f"{CITY}/invitations/{number}/resend").status_code == 204
    assert [one["state"] for one in ask("GET", f"{CITY}/invitations").json["items"]] == ["open"]
    assert ask("DELETE", f"{CITY}/invitations/{number}").status_code == 204
    assert ask("GET", f"{CITY}/invitations").json["items"] == []


def test_a_role_is_given_to_somebody_of_the_city_and_taken(bearer):
    ask = bearer(ADMIN)
    given = ask("POST", f"{CITY}/people", json={"email": AUDITOR, "role": "operator", "plugin": "spbe"})
    assert given.status_code == 201 and given.json["invitation"] is None
    assert ask("DELETE", f"{CITY}/people/{given.json['role']['id']}").status_code == 204


def test_a_maintainer_is_not_made_here(bearer):
    assert bearer(ADMIN)("POST", f"{CITY}/people", json={"email": NEW, "role": "maintainer"}).status_code == 422


def test_all_roles_are_handed_over(bearer, within):
    ask = bearer(OPERATOR)
    with within():
        mine, heir = (accounts.find_by_email(email).id for email in (OPERATOR, AUDITOR))
    told = ask("GET", f"{CITY}/people/{mine}/hand-over").json
    assert told["orphans"] == [one["id"] for one in told["roles"]] and heir in told["heirs"]
    wanted = {"heirs": [{"role_id": told["orphans"][0], "person_id": heir}]}
    assert ask("POST", f"{CITY}/people/{mine}/hand-over", json=wanted).status_code == 200
    with within() as city:
        assert ("operator", "lapor") in roles(city, AUDITOR) and roles(city, OPERATOR) == []


def test_units_are_added_moved_and_removed(bearer):
    ask = bearer(ADMIN)
    top = ask("POST", f"{CITY}/opd", json={"name": "Dinas PUPR"}).json["id"]
    below = ask("POST", f"{CITY}/opd", json={"name": "Bidang Jalan", "parent_id": top}).json["id"]
    assert ask("PATCH", f"{CITY}/opd/{top}", json={"parent_id": below}).status_code == 422
    assert ask("PATCH", f"{CITY}/opd/{below}", json={"name": "Bidang Jembatan"}).json["parent_id"] == top
    assert [one["name"] for one in ask("GET", f"{CITY}/opd").json["items"]] == ["Dinas PUPR", "Bidang Jembatan"]
    assert ask("PATCH", f"{CITY}/opd/{below}", json={"parent_id": None}).json["parent_id"] is None
    assert ask("DELETE", f"{CITY}/opd/{top}").status_code == 204


def test_strangers_learn_and_do_nothing(bearer):
    ask = bearer(STRANGER)
    for method, path in (("GET", "people"), ("POST", "people"), ("GET", "invitations"), ("GET", "opd"),
                         ("GET", "appointments"), ("POST", "people/2/hand-over"), ("DELETE", "people/2")):  # fmt: skip
        body = {"email": NEW, "role": "auditor"} if path == "people" else {}
        answer = ask(method, f"{CITY}/{path}", **({"json": body} if method == "POST" else {}))
        assert answer.status_code == 404, path


def test_maintainers_need_the_scope_of_the_programme(bearer):
    invite = {"email": NEW}
    assert bearer(MAINTAINER)("POST", "/api/v1/programme/people", json=invite).status_code == 403
    ask = bearer(MAINTAINER, "programme")
    made = ask("POST", "/api/v1/programme/people", json=invite)
    assert made.status_code == 201 and made.json["role"] == "maintainer"
    assert [one["email"] for one in ask("GET", "/api/v1/programme/people").json["items"]] == [MAINTAINER]
    assert ask("DELETE", f"/api/v1/programme/people/invitations/{made.json['id']}").status_code == 204


def test_a_token_of_somebody_who_left_opens_nothing(bearer, within):
    ask = bearer(OPERATOR)
    with within():
        mine = accounts.find_by_email(OPERATOR).id
    assert ask("POST", f"{CITY}/people/{mine}/hand-over", json={}).status_code == 200
    assert ask("GET", f"{CITY}/people/{mine}/hand-over").status_code == 401
