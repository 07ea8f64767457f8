"""A bundle's own tests, for programs: have them run in the sandbox, read how they went."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields

from registry.accounts.access import person
from registry.catalog import service as catalog
from registry.catalog.trust import proved_words
from registry.catalog.trust import proving as trust
from registry.catalog.trust.models import Proving
from registry.core.errors import NotFoundError
from registry.core.uow import unit_of_work
from registry.forge import candidates, proving
from registry.forge.looking import look_pushed, look_upload
from registry.forge.schemas import ArchiveSchema, PushedSchema
from registry.tenants.access import enter_programme

PERMISSION = "app.publish"
RELEASE = "/apps/<string:app>/releases/<string:version>/tests"
COUNTS = ("id", "tree", "version", "state", "reason", "passed", "failed", "skipped", "errors", "seconds",
          "failures", "finished_at")  # fmt: skip

blueprint = Blueprint("api_proving", __name__, url_prefix="/api/v1", description="A bundle's own tests in the sandbox")


class ProvingSchema(Schema):
    """One run. What it counts the tests say of themselves. ``text`` says it in the caller's language."""

    id = fields.Integer()
    tree = fields.String(metadata={"description": "git's id of what was tested"})
    version = fields.String()
    state = fields.String(metadata={"description": "wanted, running, passed, failed, or broken: not run to the end"})
    reason = fields.String(metadata={"description": "Why it is broken, a stable code; else empty"})
    text = fields.String()
    passed = fields.Integer()
    failed = fields.Integer()
    skipped = fields.Integer()
    errors = fields.Integer()
    seconds = fields.Float()
    failures = fields.List(fields.String())
    finished_at = fields.AwareDateTime(allow_none=True)
    log = fields.String(metadata={"description": "The end of what they printed"})
    job = fields.UUID(allow_none=True, metadata={"description": "Watch it at /api/v1/jobs/{job}. For maintainers."})


@blueprint.post("/releases/tests")
@blueprint.arguments(ArchiveSchema, location="files")
@blueprint.response(202, ProvingSchema)
def test_archive(given: dict[str, Any]) -> dict[str, Any]:
    """Have the tests run that come in an archive (tar.gz or zip, form field ``archive``). For maintainers.

    When they have passed, the same content may be published.
    """
    publisher, sent = enter_programme(PERMISSION), given["archive"]
    look = look_upload(publisher, sent.stream, sent.filename or "")
    sent.stream.seek(0)
    with unit_of_work():
        name = candidates.keep(sent.stream, sent.filename or "")
        return _told(proving.ask(publisher, look, {"candidate": name}, person().id), with_job=True)


@blueprint.post("/apps/<string:app>/releases/tests")
@blueprint.arguments(PushedSchema)
@blueprint.response(202, ProvingSchema)
def test_pushed(given: dict[str, str], app: str) -> dict[str, Any]:
    """Have the tests of a pushed commit run. For maintainers."""
    publisher = enter_programme(PERMISSION)
    look = look_pushed(catalog.get_app(app), given["ref"])
    with unit_of_work():
        asked = proving.ask(publisher, look, {"app": app, "commit": look.commit}, person().id)
        return _told(asked, with_job=True)


@blueprint.get("/releases/tests/<int:proving_id>")
@blueprint.response(200, ProvingSchema)
def show_run(proving_id: int) -> dict[str, Any]:
    """How far a run is, and how it went. For maintainers."""
    enter_programme(PERMISSION)
    return _told(trust.get(proving_id), with_job=True)


@blueprint.get(RELEASE)
@blueprint.response(200, ProvingSchema)
def show_release_tests(app: str, version: str) -> dict[str, Any]:
    """How a release's own tests went in the sandbox. 404 when nobody has run them."""
    found = trust.newest(catalog.get_release(catalog.get_app(app), version).tree)
    if found is None:
        raise NotFoundError(proved_words.never())
    return _told(found)


@blueprint.post(RELEASE)
@blueprint.response(202, ProvingSchema)
def test_release(app: str, version: str) -> dict[str, Any]:
    """Have the tests of a release run. For maintainers."""
    enter_programme(PERMISSION)
    release = catalog.get_release(catalog.get_app(app), version)
    with unit_of_work():
        return _told(proving.ask_released(release, person().id), with_job=True)


def _told(found: Proving, with_job: bool = False) -> dict[str, Any]:
    text = proved_words.sentence(trust.told(found))
    job = {"job": found.job_id} if with_job else {}
    return {name: getattr(found, name) for name in COUNTS} | {"text": text, "log": found.log} | job
