"""What a token may be used for, how long, and when it ends by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from registry.accounts import scopes, service, tokens
from registry.accounts.models import Token
from registry.core import clock
from registry.core.db import db
from registry.core.errors import InvalidError
from registry.core.uow import unit_of_work
from tests.accounts.conftest import EMAIL, PASSWORD

READING, PLUGINS = "read", "plugins"


@pytest.fixture
def bearer(app, user):
    """A token with these scopes, as headers of a request."""

    def made(*wanted: str, days: int = 90) -> dict[str, str]:
        with app.app_context(), unit_of_work():
            _token, text = service.create_token(service.find_by_email(EMAIL), "x", days, wanted or ("everything",))
        return {"Authorization": f"Bearer {text}"}

    return made


@pytest.fixture
def later():
    yield lambda **by: clock.move(timedelta(**by))
    clock.back()


def told(app) -> list[str]:
    with app.app_context():
        return db.session.connection().exec_driver_sql("select subject from notifications").scalars().all()


def test_what_changes_something_needs_its_scope(client, bearer):
    answer = client.patch("/api/v1/deployments/lapor.bontang", json={"enabled": False}, headers=bearer(READING))
    assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")
    assert answer.json["code"] == "scope-needed" and "plugins" in answer.json["detail"]
    wanted = 'Bearer realm="Lumbung", error="insufficient_scope", scope="plugins"'
    assert answer.headers["WWW-Authenticate"] == wanted


@pytest.mark.parametrize("scope", [PLUGINS, "everything"])
def test_with_the_scope_the_role_decides(client, bearer, scope):
    answer = client.patch("/api/v1/deployments/lapor.bontang", json={"enabled": False}, headers=bearer(scope))
    assert answer.status_code == 404 and answer.json["code"] == "not-found"


def test_reading_needs_read_or_the_scope_of_what_is_read(client, bearer):
    place = "/api/v1/deployments?city=bontang"
    assert client.get(place, headers=bearer("people")).status_code == 403
    for scope in (READING, PLUGINS, "everything"):
        assert client.get(place, headers=bearer(scope)).json["code"] != "scope-needed"


def test_what_everybody_may_read_any_token_may(client, bearer):
    assert client.get("/api/v1/apps", headers=bearer("people")).status_code == 200


def test_the_account_itself_needs_everything(client, bearer):
    every = tuple(scope for scope in scopes.SCOPES if scope != scopes.EVERYTHING)
    for method, path in (("DELETE", "/api/v1/account/sessions"), ("DELETE", "/api/v1/tokens/1"),
                         ("POST", "/api/v1/account/keys"), ("PUT", "/api/v1/cities/bontang/sign-in")):  # fmt: skip
        answer = client.open(path, method=method, json={}, headers=bearer(*every))
        assert answer.json["code"] == "scope-needed", path


def test_a_token_makes_no_token(client, bearer):
    answer = client.post("/api/v1/account/tokens", json={"name": "more"}, headers=bearer("everything"))
    assert answer.status_code == 403


def test_a_token_may_always_end_itself_and_no_other(app, client, bearer):
    ours, other = bearer(READING), bearer("everything")
    listed = client.get("/api/v1/account/tokens", headers=ours).json["items"]
    assert [token["scopes"] for token in listed] == [["everything"], ["read"]]
    newest, oldest = (token["id"] for token in listed)
    assert client.delete(f"/api/v1/account/tokens/{newest}", headers=ours).status_code == 403
    assert client.delete(f"/api/v1/account/tokens/{oldest}", headers=ours).status_code == 204
    assert client.get("/api/v1/account/tokens", headers=ours).status_code == 401
    assert client.get("/api/v1/account/tokens", headers=other).status_code == 200


def test_a_wrong_token_is_told_apart_from_none(client, user):
    without = client.get("/api/v1/account/tokens")
    wrong = client.get("/api/v1/account/tokens", headers={"Authorization": "Bearer lmb_wrong"})
    assert without.status_code == wrong.status_code == 401
    assert without.headers["WWW-Authenticate"] == 'Bearer realm="Lumbung"'
    assert wrong.headers["WWW-Authenticate"] == 'Bearer realm="Lumbung", error="invalid_token"'


def test_a_token_of_before_keeps_everything(app, client, user):
    with app.app_context(), unit_of_work() as session:
        _token, text = service.create_token(service.find_by_email(EMAIL), "old")
        session.connection().exec_driver_sql("update tokens set scopes = default")
    assert client.get("/api/v1/tokens", headers={"Authorization": f"Bearer {text}"}).json["items"][0]["scopes"] == [
        "everything"
    ]


def test_scopes_are_chosen_in_the_api_and_on_the_page(client, sign_in):
    made = client.post("/api/v1/tokens", json={"scopes": ["read", "forks"]}, auth=(EMAIL, PASSWORD))
    assert made.json["scopes"] == ["read", "forks"]
    assert client.post("/api/v1/tokens", json={"scopes": []}, auth=(EMAIL, PASSWORD)).status_code == 422
    assert client.post("/api/v1/tokens", json={"scopes": ["root"]}, auth=(EMAIL, PASSWORD)).status_code == 422
    sign_in(client)
    given = {"name": "laptop", "days": "30"}
    assert client.post("/account/tokens", data=given).status_code == 422
    assert client.post("/account/tokens", data={**given, "scopes": ["root"]}).status_code == 422
    assert client.post("/account/tokens", data={**given, "scopes": ["forks", "plugins"]}).status_code == 201


def test_the_last_use_is_known_to_the_hour(app, client, bearer, later):
    headers = bearer(READING)
    assert client.get("/api/v1/tokens", headers=headers).json["items"][0]["used_at"]
    with app.app_context():
        first = db.session.query(Token).one().used_at
    client.get("/api/v1/tokens", headers=headers)
    with app.app_context():
        assert db.session.query(Token).one().used_at == first
    later(hours=2)
    client.get("/api/v1/tokens", headers=headers)
    with app.app_context():
        assert db.session.query(Token).one().used_at > first


def test_holders_hear_once_a_week_before_the_end(app, bearer, later):
    def warned() -> int:
        with app.app_context(), unit_of_work():
            return tokens.warn()

    bearer(days=30)
    bearer(days=3)
    assert warned() == 0
    later(days=24)
    assert (warned(), warned()) == (1, 0)
    assert len(told(app)) == 1


def test_a_closed_account_leaves_no_token(app, client, bearer):
    headers = bearer()
    with app.app_context(), unit_of_work():
        service.deactivate(service.find_by_email(EMAIL))
    assert client.get("/api/v1/tokens", headers=headers).status_code == 401


def test_nobody_heaps_up_tokens(app, user, monkeypatch):
    monkeypatch.setattr(tokens, "MAX_TOKENS", 2)
    with app.app_context(), unit_of_work():
        person = service.find_by_email(EMAIL)
        for number in range(2):
            service.create_token(person, str(number))
        with pytest.raises(InvalidError):
            service.create_token(person, "too many")


def test_every_part_of_the_api_has_a_scope_or_asks_for_everything(app):
    """A new part that nobody put into the table asks for everything: nothing is open by forgetting."""
    named = {name.partition(".")[0] for name in (*scopes.AREAS, *scopes.PUBLIC)}
    whole = {"api_accounts", "api_factors", "api_sessions", "api_signatures", "api_notices", "api_signing_in",
             "api_exports", "api_webhooks", "api_auditing", "api_second_factors"}  # fmt: skip
    parts = {rule.endpoint.partition(".")[0] for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")}
    forgotten = sorted(part for part in parts if part.startswith("api_") and part not in named | whole)
    assert forgotten == []
    assert scopes.needed("api_of_tomorrow.anything", "POST") == (scopes.EVERYTHING,)


def test_the_table_names_what_is_there(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert [name for name in scopes.AREAS if "." in name and name not in endpoints] == []
    assert set(scopes.AREAS.values()) <= set(scopes.SCOPES)


def test_the_apis_own_document_names_the_scopes(client):
    told = client.get("/api/v1/openapi.json").json
    change = told["paths"]["/api/v1/deployments/{deployment_id}"]["patch"]
    assert change["security"] == [{"bearer": ["plugins"]}, {"bearer": ["everything"]}]
    assert "security" not in told["paths"]["/api/v1/apps"]["get"]
    assert "insufficient_scope" in told["components"]["securitySchemes"]["bearer"]["description"]
