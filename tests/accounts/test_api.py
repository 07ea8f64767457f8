from tests.accounts.conftest import EMAIL, PASSWORD


def new_token(client, **body) -> dict:
    answer = client.post("/api/v1/tokens", json=body, auth=(EMAIL, PASSWORD))
    assert answer.status_code == 201, answer.text
    return answer.json


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_program_gets_its_token_by_e_mail_and_password(client, user):
    made = new_token(client, name="ci", days=7)
    assert made["token"].startswith("lmb_") and made["expires_at"]
    listed = client.get("/api/v1/tokens", headers=bearer(made["token"])).json["items"]
    assert [token["name"] for token in listed] == ["ci"]
    assert "token" not in listed[0]


def test_name_and_days_may_be_left_out(client, user):
    assert client.post("/api/v1/tokens", auth=(EMAIL, PASSWORD)).status_code == 201


def test_a_wrong_password_is_a_problem_document(client, user):
    answer = client.post("/api/v1/tokens", auth=(EMAIL, "wrong wrong wrong"))
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert answer.json["code"] == "sign-in-needed"
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_a_bad_field_is_named(client, user):
    answer = client.post("/api/v1/tokens", json={"days": 9999}, auth=(EMAIL, PASSWORD))
    assert answer.status_code == 422
    assert [finding["path"] for finding in answer.json["findings"]] == ["days"]


def test_a_revoked_token_opens_nothing(client, user):
    made = new_token(client)
    assert client.delete(f"/api/v1/tokens/{made['id']}", headers=bearer(made["token"])).status_code == 204
    assert client.get("/api/v1/tokens", headers=bearer(made["token"])).status_code == 401


def test_the_browsers_session_is_no_key_to_the_api(client, sign_in):
    sign_in(client)
    assert client.get("/api/v1/tokens").status_code == 401
