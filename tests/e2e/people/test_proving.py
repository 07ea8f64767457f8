"""A maintainer's bundle brings tests: they run in the sandbox before it is out, and hold it up when they fail."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.pages import look, person

from .. import bundles
from ..stack import Stack
from .desk import MAINTAINER, press, sign_in

pytestmark = pytest.mark.sandbox
PATIENCE = 120_000
"""Milliseconds: what tests run in is built once, from the network."""

GOOD = "import catatan\n\n\ndef test_its_name():\n    assert catatan.NAME == 'Catatan'\n"
BAD = "def test_nothing():\n    assert False, 'this is still wrong'\n"
APP = "NAME = 'Catatan'\n\n\ndef app(environ, start_response):\n    start_response('200 OK', [])\n    return [b'ok']\n"


def packed(place: Path, name: str, test: str) -> Path:
    """An archive of the bundle with this test."""
    folder = place / "proving" / name / "catatan"
    bundles.write(folder, APP)
    (folder / "tests").mkdir()
    (folder / "tests" / "test_catatan.py").write_text(test)
    with tarfile.open(folder.parent / "catatan.tar.gz", "w:gz") as archive:
        archive.add(folder, "catatan")
    return folder.parent / "catatan.tar.gz"


def test_a_candidates_tests_run_in_the_sandbox_and_decide(
    browser: Browser, stack: Stack, place: Path, neighbours_answer: None
) -> None:
    with person(browser, "en") as page:
        page.goto(f"{stack.origin}/sign-in?lang=en&next=/programme/publish")
        sign_in(page, MAINTAINER, stack.password)
        page.set_input_files("[name=archive]", packed(place, "bad", BAD))
        press(page, "Look it over first")
        press(page, "Run its tests in the sandbox")
        expect(page.get_by_text("Its own tests say: 1 failed, 0 passed.")).to_be_visible(timeout=PATIENCE)
        expect(page.locator("pre.log")).to_contain_text("this is still wrong")
        look(page, "tests-failed")
        page.get_by_role("link", name="Go on with the checklist").click()
        expect(page.get_by_text("It cannot be released as it is.")).to_be_visible()
        expect(page.get_by_role("button", name="Release 1.0.0")).to_have_count(0)
        look(page, "look-tests-failed")

        page.goto(f"{stack.origin}/programme/publish")
        page.set_input_files("[name=archive]", packed(place, "good", GOOD))
        press(page, "Upload and publish")
        press(page, "Run its tests in the sandbox")
        expect(page.get_by_text("Its own tests say: 1 passed")).to_be_visible(timeout=PATIENCE)
        page.get_by_role("link", name="Go on with the checklist").click()
        press(page, "Release 1.0.0")
        expect(page.locator("h1")).to_contain_text("Catatan")
        page.get_by_role("link", name="Tests and their log").first.click()
        expect(page.get_by_text("Its own tests say: 1 passed")).to_be_visible()
        look(page, "tests-passed")


def test_the_tests_of_an_app_that_is_out_pass_in_the_sandbox(stack: Stack) -> None:
    maintainer = stack.person("maintainer@bandung.example")
    version = stack.anyone.get("/api/v1/apps/antrian/releases").json["items"][0]["version"]
    address = f"/api/v1/apps/antrian/releases/{version}/tests"
    asked = maintainer.post(address, {})
    assert asked.status == 202, asked.text
    job = maintainer.wait_job({"url": f"/api/v1/jobs/{asked.json['job']}"}, 240)
    told = stack.anyone.get(address).json
    assert (job["state"], told["state"]) == ("done", "passed"), told["log"]
    assert told["passed"] > 100 and told["failed"] == 0
