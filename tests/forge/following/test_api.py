"""Every act of keeping up, over the API."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from registry.accounts import service as accounts
from registry.core.uow import unit_of_work
from tests.forge import conftest as forge
from tests.forge.following.conftest import House

AT = "/api/v1/forks/bontang/lapor/upstream"
CODE = "lapor/__init__.py"


class Caller:
    """Somebody with a token."""

    def __init__(self, house: House, email: str) -> None:
        with house.app.app_context(), unit_of_work():
            _token, text = accounts.create_token(forge.user(email), "api")
        self.client: FlaskClient = house.app.test_client()
        self.headers = {"Authorization": f"Bearer {text}"}

    def ask(self, method: str, path: str, status: int = 200, **json: object) -> dict:
        given = {"json": json} if method in ("POST", "PUT") else {}
        answer = self.client.open(path, method=method, headers=self.headers, **given)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_json(silent=True) or {}


@pytest.fixture
def admin(house: House) -> Caller:
    return Caller(house, "b@example.id")


def test_what_is_new_is_told_and_brought_in(house, admin):
    house.release("1.1.0", "### Security\n- A hole.\n", files={"new.txt": "x\n"})
    told = admin.ask("GET", AT)
    assert (told["way"], told["behind"], told["label"], told["own"]) == ("renew", 1, "1.1.0", [])
    assert [one["version"] for one in told["releases"]] == ["1.1.0"] and told["releases"][0]["security"] == "- A hole."
    assert {"path": "new.txt", "status": "A", "near": False} in told["files"]
    begun = admin.ask("POST", f"{AT}/sync", 202, head=told["head"], target=told["target"])
    assert begun["job"]
    assert house.work() == ["done"]
    assert admin.ask("GET", AT)["way"] == "current"
    assert admin.ask("GET", "/api/v1/forks/bontang/lapor")["behind"] == 0


def test_conflicts_are_listed_decided_and_finished(house, admin):
    house.change({CODE: "def app(*a):\n    return 1\n"})
    house.release("1.1.0")
    (house.bundle / CODE).write_text("def app(*a):\n    return 2\n")
    (house.bundle / "publiccode.yml").write_text(forge.PUBLICCODE.format(version="1.1.1"))
    (house.bundle / "CHANGELOG.md").write_text("# Changelog\n\n## 1.1.1\n\n- x\n")
    with house.app.app_context():
        forge.publish(house.bundle)
    begun = admin.ask("POST", f"{AT}/sync", 202)
    assert (begun["state"], begun["way"], begun["job"]) == ("open", "conflicts", None)
    (one,) = admin.ask("GET", f"{AT}/sync/conflicts")["items"]
    assert (one["path"], one["kind"], one["decided"], one["may_edit"]) == (CODE, "text", "", True)
    admin.ask("POST", f"{AT}/sync/finish", 409)
    admin.ask("PUT", f"{AT}/sync/resolutions", 422, items=[{"path": CODE, "side": "edited", "content": "<<<<<<< x"}])
    admin.ask("PUT", f"{AT}/sync/resolutions", 404, items=[{"path": "nowhere", "side": "ours"}])
    decided = admin.ask("PUT", f"{AT}/sync/resolutions", items=[{"path": CODE, "side": "theirs"}])
    assert decided["items"][0]["decided"] == "theirs"
    assert admin.ask("POST", f"{AT}/sync/renew")["gone"] == []
    admin.ask("POST", f"{AT}/sync/finish", 202)
    assert house.work() == ["done"] and "return 2" in house.text(CODE)


def test_what_is_under_way_can_be_seen_and_stopped(house, admin):
    admin.ask("GET", f"{AT}/sync", 404)
    house.change({CODE: "def app(*a):\n    return 1\n"})
    house.release("1.1.0")
    admin.ask("POST", f"{AT}/sync", 202)
    assert admin.ask("GET", f"{AT}/sync")["label"] == "1.1.0"
    admin.ask("DELETE", f"{AT}/sync", 409)


def test_settings_are_read_and_changed(admin):
    assert admin.ask("GET", f"{AT}/settings") == {"follows": "releases", "auto": False}
    assert admin.ask("PUT", f"{AT}/settings", follows="releases", auto=True)["auto"]
    admin.ask("PUT", f"{AT}/settings", 422, follows="main", auto=True)
    admin.ask("PUT", f"{AT}/settings", 422, follows="nothing")


def test_discarding_asks_for_the_name(house, admin):
    house.change({"x": "mine\n"})
    admin.ask("POST", f"{AT}/sync", 422, act="discard", confirm="no")
    admin.ask("POST", f"{AT}/sync", 202, act="discard", confirm="lapor")
    assert house.work() == ["done"] and house.distance().unchanged


def test_maintainers_see_followers_and_mark_a_hole(house):
    maintainer = Caller(house, "a@example.id")
    (row,) = maintainer.ask("GET", "/api/v1/apps/lapor/followers")["items"]
    assert (row["city"], row["behind"]) == ("bontang", 0)
    assert maintainer.ask("GET", "/api/v1/apps/lapor/followers?state=unsafe")["items"] == []
    maintainer.ask("PUT", "/api/v1/apps/lapor/releases/1.0.0/security", 204, advice="Renew all passwords.")
    maintainer.ask("PUT", "/api/v1/apps/lapor/releases/9.0.0/security", 404, advice="x")


def test_followers_are_for_maintainers(house, admin):
    admin.ask("GET", "/api/v1/apps/lapor/followers", 403)
    admin.ask("PUT", "/api/v1/apps/lapor/releases/1.0.0/security", 403, advice="x")


def test_the_public_list_of_releases_says_what_hole_one_closes_also_when_that_is_said_later(house):
    house.release("1.0.1", "### Security\n- Uploads are checked.\n")
    house.release("1.1.0")
    client, where = house.app.test_client(), "/api/v1/apps/lapor/releases"
    first = client.get(where)
    told = {one["version"]: one["security"] for one in first.json["items"]}
    assert "Uploads are checked." in told["1.0.1"] and told["1.0.0"] is told["1.1.0"] is None
    maintainer = Caller(house, "a@example.id")
    maintainer.ask("PUT", "/api/v1/apps/lapor/releases/1.1.0/security", 204, advice="Ganti sandi operator.")
    again = client.get(where, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200 and again.json["items"][0]["security"] == "Ganti sandi operator."
