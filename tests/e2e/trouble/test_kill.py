"""Kill -9 at the worst moment: what serves is the old or the new revision, whole, and no line is lost."""

from __future__ import annotations

import http.client
from typing import Any

import pytest

from ..conftest import Push
from ..stack import Stack, until
from ..web import Client

pytestmark = pytest.mark.sandbox
TAHAN = "/api/v1/deployments/tahan.bontang"
SLOW = 4.0
"""Seconds of a migration: a machine with much to do must not miss it between two looks."""


@pytest.fixture(scope="module")
def plugin(stack: Stack, bontang: Client, fork: str) -> Client:
    """The guest book under a name of its own."""
    asked = bontang.post("/api/v1/deployments", {"city": "bontang", "app": "buku", "name": "tahan"})
    assert bontang.wait_job(asked.json)["state"] == "done"
    return stack.plugin("tahan")


def upgrade(bontang: Client, commit: str) -> dict[str, Any]:
    job = bontang.post(f"{TAHAN}/upgrade", {"ref": commit})
    assert job.status == 202, job.text
    return dict(job.json)


def reaches(client: Client, job: dict[str, Any], step: str) -> None:
    until(lambda: client.get(job["url"]).json["step"] == step, 30, 0.05)


def ended(client: Client, job: dict[str, Any]) -> dict[str, Any]:
    """The job's end, however often the web is away meanwhile."""
    told: dict[str, Any] = {}

    def over() -> bool:
        try:
            answer = client.get(job["url"])
        except (OSError, http.client.HTTPException):
            return False
        if answer.status == 200:
            told.update(answer.json)
        return told.get("state") in ("done", "failed")

    until(over, 60, 0.1)
    return told


def whole(plugin: Client, job: dict[str, Any], old: dict[str, Any], new: str) -> None:
    """Either revision, with data of the same edition and every line written before."""
    told = plugin.get("/").json
    assert told["edition"] == (new if job["state"] == "done" else old["edition"]), job
    assert told["data"] == told["edition"]
    assert told["rows"] == old["rows"]


STEPS = {"host": "migrating", "worker": "building", "web": "migrating"}


@pytest.mark.parametrize("part", STEPS)
def test_a_killed_part_comes_back_and_ends_what_it_did(
    stack: Stack, bontang: Client, plugin: Client, push: Push, part: str
) -> None:
    plugin.post("/", f"before-{part}".encode())
    old, pid = plugin.get("/").json, stack.pids()[part]
    commit = push(f"edisi-{part}", slow=SLOW, modules=100 if part == "worker" else 0)
    job = upgrade(bontang, commit)
    reaches(bontang, job, STEPS[part])
    stack.kill(part)
    until(lambda: stack.pids().get(part, pid) != pid, 30)
    job = ended(bontang, job)
    whole(plugin, job, old, f"edisi-{part}")
    assert stack.plugin("lapor", "bandung").get("/healthz").status == 200
    if part != "host":
        assert job["state"] == "done", "who was not killed goes on"


@pytest.mark.parametrize("how", ["its watch alone", "everything, as by a power cut"])
def test_after_the_death_of_all_it_starts_again_with_everything(
    stack: Stack, bontang: Client, plugin: Client, push: Push, how: str
) -> None:
    plugin.post("/", b"before-the-end")
    old, edition = plugin.get("/").json, f"edisi-{len(how)}"
    job = upgrade(bontang, push(edition, slow=SLOW))
    reaches(bontang, job, "migrating")
    if how == "its watch alone":
        stack.process.kill()
        stack.process.wait()
    else:
        stack.blackout()
    stack.start()
    whole(plugin, ended(bontang, job), old, edition)
    assert stack.plugin("lapor", "bandung").get("/healthz").status == 200
    assert bontang.get("/api/v1/deployments?city=bontang").status == 200
