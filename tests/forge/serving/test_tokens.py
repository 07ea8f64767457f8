"""A deploy token opens one repository, reads or writes it, and can do nothing else."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from registry.core import scope
from registry.core.audit import AuditEntry
from registry.core.clock import now
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.forge.serving.models import DeployToken
from tests.forge.conftest import World, commit, git, user

FORK, APP = "/api/v1/forks/bontang/lapor/deploy-tokens", "/api/v1/apps/lapor/deploy-tokens"


def asked(world: World, method: str, path: str, token: str, **given: Any) -> Any:
    with world.app.test_client() as client:
        return client.open(path, method=method, headers={"Authorization": f"Bearer {token}"}, **given)


def made(world: World, path: str = FORK, by: str = "", **wanted: Any) -> str:
    answer = asked(world, "POST", path, by or world.admin, json={"name": "robot", **wanted})
    assert answer.status_code == 201, answer.text
    return str(answer.json["token"])


def basic(token: str) -> str:
    """What git sends when it was asked for a password; reading never asks."""
    return f"Authorization: Basic {b64encode(f'x:{token}'.encode()).decode()}"


def change(world: World, **values: Any) -> None:
    with world.app.app_context():
        scope.enter_programme()
        with unit_of_work():
            token = db.session.scalars(select(DeployToken)).one()
            for name, value in values.items():
                setattr(token, name, value)
        db.session.remove()


def test_a_token_for_writing_pushes(world: World, fork: Path) -> None:
    commit(fork)
    git("push", "-q", "origin", "HEAD:main", cwd=fork, token=made(world, write=True))


def test_who_pushed_with_a_token_is_in_the_audit_log(world: World, fork: Path) -> None:
    token = made(world, write=True)
    commit(fork)
    git("push", "-q", "origin", "HEAD:main", cwd=fork, token=token)
    with world.app.app_context():
        scope.enter_programme()
        told = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        pushed = next(one for one in told if one.action == "git.push")
        assert (pushed.actor_id, "robot" in pushed.actor, pushed.subject) == (None, True, "bontang/lapor")
        assert any(one.action == "deploy-token.create" and one.actor == "b" for one in told)


def test_a_token_for_reading_reads_and_does_not_push(world: World, fork: Path, tmp_path: Path) -> None:
    token = made(world)
    address = f"{world.origin}/git/bontang/lapor.git"
    git("-c", f"http.extraHeader={basic(token)}", "clone", "-q", address, tmp_path / "c")
    commit(fork)
    told = git("push", "origin", "HEAD:main", cwd=fork, token=token, fails=True)
    assert "403" in told and "bontang/lapor" in told


def test_a_fork_s_token_opens_no_other_repository(world: World, upstream: Path) -> None:
    token = made(world, write=True)
    commit(upstream)
    told = git("push", "origin", "HEAD:main", cwd=upstream, token=token, fails=True)
    assert "Authentication failed" in told


def test_an_upstream_s_token_is_the_maintainers_to_make(world: World, upstream: Path, fork: Path) -> None:
    assert asked(world, "POST", APP, world.admin, json={"name": "robot"}).status_code == 403
    token = made(world, APP, world.maintainer, write=True)
    commit(upstream)
    git("push", "-q", "origin", "HEAD:main", cwd=upstream, token=token)
    commit(fork)
    assert "Authentication failed" in git("push", "origin", "HEAD:main", cwd=fork, token=token, fails=True)


@pytest.mark.parametrize("path", ["/api/v1/tokens", "/api/v1/forks?city=bontang", FORK, "/api/v1/forks/bontang/lapor"])
def test_a_deploy_token_is_nobody_to_the_api(world: World, path: str) -> None:
    assert asked(world, "GET", path, made(world, write=True)).status_code == 401
    with world.app.test_client() as client:
        assert client.get(path, auth=("x", made(world, write=True))).status_code == 401


def test_a_protected_main_is_protected_from_machines_too(world: World, fork: Path) -> None:
    git("commit", "-q", "--amend", "-m", "rewritten", cwd=fork)
    told = git("push", "-f", "origin", "HEAD:main", cwd=fork, token=made(world, write=True), fails=True)
    assert "pre-receive hook declined" in told


@pytest.mark.parametrize("ended", ["expired", "revoked"])
def test_an_ended_token_opens_nothing(world: World, fork: Path, ended: str) -> None:
    token = made(world, write=True)
    change(world, **({"expires_at": now() - timedelta(1)} if ended == "expired" else {"revoked_at": now()}))
    commit(fork)
    assert "Authentication failed" in git("push", "origin", "HEAD:main", cwd=fork, token=token, fails=True)
    assert asked(world, "GET", FORK, world.admin).json["items"] == []


def test_it_tells_when_it_was_last_used(world: World) -> None:
    token = made(world)
    assert asked(world, "GET", FORK, world.admin).json["items"][0]["used_at"] is None
    git("-c", f"http.extraHeader={basic(token)}", "ls-remote", f"{world.origin}/git/bontang/lapor.git")
    assert asked(world, "GET", FORK, world.admin).json["items"][0]["used_at"] is not None


def test_its_text_is_told_once_and_only_a_digest_is_kept(world: World) -> None:
    text = made(world)
    assert text not in asked(world, "GET", FORK, world.admin).text
    with world.app.app_context():
        scope.enter_programme()
        token = db.session.scalars(select(DeployToken)).one()
        assert text not in str(vars(token))


def test_a_revoked_token_is_gone_and_a_stranger_revokes_none(world: World) -> None:
    made(world)
    number = asked(world, "GET", FORK, world.admin).json["items"][0]["id"]
    assert asked(world, "DELETE", f"{FORK}/{number}", world.stranger).status_code == 404
    assert asked(world, "DELETE", f"{APP}/{number}", world.maintainer).status_code == 404
    assert asked(world, "DELETE", f"{FORK}/{number}", world.admin).status_code == 204
    assert asked(world, "GET", FORK, world.admin).json["items"] == []


def test_a_repository_has_a_bounded_number_of_tokens(world: World) -> None:
    for _ in range(20):
        made(world)
    assert asked(world, "POST", FORK, world.admin, json={"name": "one more"}).status_code == 409


@pytest.mark.parametrize("given", [{}, {"name": ""}, {"name": "x", "days": 0}, {"name": "x", "days": 9999}])
def test_a_bad_wish_is_refused(world: World, given: dict[str, Any]) -> None:
    assert asked(world, "POST", FORK, world.admin, json=given).status_code == 422


def test_the_protection_of_a_fork_is_asked_and_decided_by_its_city(world: World) -> None:
    path = "/api/v1/forks/bontang/lapor/protection"
    assert asked(world, "GET", path, world.admin).json == {"rewrite_main": False, "move_release_tags": False}
    wanted = {"rewrite_main": True, "move_release_tags": False}
    assert asked(world, "PUT", path, world.stranger, json=wanted).status_code == 404
    assert asked(world, "PUT", path, world.admin, json=wanted).json == wanted
    assert asked(world, "GET", path, world.admin).json == wanted


def test_who_pushed_what_is_listed_for_the_city_alone(world: World, fork: Path) -> None:
    made = commit(fork)
    git("push", "-q", "origin", "HEAD:main", "HEAD:refs/heads/topic", cwd=fork, token=world.admin)
    path = "/api/v1/forks/bontang/lapor/pushes"
    told = asked(world, "GET", path, world.admin).json["items"][0]
    assert (told["by"], told["count"], {one["new"] for one in told["refs"]}) == ("b", 2, {made})
    assert asked(world, "GET", path, world.stranger).status_code == 404


@pytest.fixture
def admin(world: World) -> FlaskClient:
    return signed_in(world, "b@example.id")


def signed_in(world: World, email: str) -> FlaskClient:
    client = world.app.test_client()
    with world.app.app_context():
        identity = user(email).get_id()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = identity, True
    return client


def test_the_page_makes_shows_and_revokes_a_token(world: World, admin: FlaskClient, fork: Path) -> None:
    page = "/console/bontang/forks/lapor/access"
    shown = admin.post(f"{page}/tokens", data={"name": "Robot", "days": "7", "access": "write"})
    assert shown.status_code == 201
    text = shown.text.split("lmd_")[1].split("<")[0]
    commit(fork)
    git("push", "-q", "origin", "HEAD:main", cwd=fork, token=f"lmd_{text}")
    again = admin.get(page).text
    assert "Cabut Robot" in again and text not in again
    with world.app.app_context():
        scope.enter_programme()
        number = db.session.scalars(select(DeployToken)).one().id
    assert admin.post(f"{page}/tokens/{number}/revoke", follow_redirects=True).status_code == 200
    assert "Cabut Robot" not in admin.get(page).text


def test_the_page_decides_the_protection_and_tells_who_pushed(world: World, admin: FlaskClient, fork: Path) -> None:
    page = "/console/bontang/forks/lapor/access"
    assert admin.post(f"{page}/protection", data={"rewrite_main": "y"}).status_code == 303
    assert "checked" in admin.get(page).text
    git("commit", "-q", "--amend", "-m", "rewritten", cwd=fork)
    git("push", "-q", "-f", "origin", "HEAD:main", cwd=fork, token=world.admin)
    assert "Last pushed by b" in admin.get(f"{page}?lang=en").text


def test_a_form_that_is_not_right_says_so(world: World, admin: FlaskClient) -> None:
    answer = admin.post("/console/bontang/forks/lapor/access/tokens", data={"name": "", "days": "7", "access": "read"})
    assert answer.status_code == 422 and "field-error" in answer.text


def test_the_upstream_s_page_is_for_maintainers(world: World, admin: FlaskClient) -> None:
    maintainer = signed_in(world, "a@example.id")
    page = "/programme/apps/lapor/access"
    assert admin.get(page).status_code == 403
    made = maintainer.post(f"{page}/tokens", data={"name": "Robot", "days": "7", "access": "read"})
    assert made.status_code == 201 and "lmd_" in made.text
