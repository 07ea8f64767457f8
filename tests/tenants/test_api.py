import pytest

from registry.core import clock
from tests.tenants.conftest import PASSWORD


@pytest.fixture
def bearer(client, world):
    def of(email: str) -> dict[str, str]:
        token = client.post("/api/v1/tokens", auth=(email, PASSWORD)).json["token"]
        return {"Authorization": f"Bearer {token}"}

    return of


def test_cities_are_public_and_paged(client, world):
    first = client.get("/api/v1/cities?limit=1").json
    rest = client.get(f"/api/v1/cities?after={first['next']}").json
    assert [city["slug"] for city in first["items"] + rest["items"]] == ["bandung", "bontang"]
    assert rest["next"] is None


def test_a_city_that_only_applied_is_not_shown(client, world):
    assert client.get("/api/v1/cities/bontang").json["code"] == "64.74"
    assert client.get("/api/v1/cities/tegal").status_code == 404


def test_agreements_are_for_their_two_sides(client, agreed, bearer):
    agreed("memorandum", "partner")
    own = client.get("/api/v1/agreements?city=bontang", headers=bearer("admin@bontang.example"))
    assert [(one["city"], one["state"]) for one in own.json["items"]] == [("bontang", "proposed")]
    every = client.get("/api/v1/agreements", headers=bearer("maintainer@bandung.example"))
    assert every.json["items"] == own.json["items"]
    stranger = bearer("admin@tegal.example")
    assert client.get("/api/v1/agreements?city=bontang", headers=stranger).status_code == 404
    assert client.get("/api/v1/agreements", headers=stranger).status_code == 403
    assert client.get("/api/v1/agreements?city=bontang").status_code == 401


def test_both_sides_sign_by_api(client, agreed, bearer):
    one, body = agreed("memorandum"), {"signatory": "Kepala Diskominfo", "signed_on": clock.today().isoformat()}
    where = f"/api/v1/agreements/{one}/sign"
    city = client.post(f"{where}?city=bontang", json=body, headers=bearer("admin@bontang.example"))
    assert city.json["state"] == "proposed" and city.json["partner_signed_on"] == body["signed_on"]
    assert client.post(where, json=body, headers=bearer("maintainer@bandung.example")).json["state"] == "active"


def test_another_citys_agreement_cannot_be_signed(client, agreed, bearer):
    one, body = agreed("memorandum"), {"signatory": "Kepala Diskominfo"}
    where = f"/api/v1/agreements/{one}/sign?city=tegal"
    assert client.post(where, json=body, headers=bearer("admin@tegal.example")).status_code == 404
