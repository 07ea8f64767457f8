import base64

import pytest
from sqlalchemy import select

from registry.core import scope
from registry.core.db import db
from registry.core.errors import AgreementNeededError, ConflictError, InvalidError
from registry.core.jobs import Job
from registry.core.uow import unit_of_work
from registry.forge.service import fork_of
from registry.hosting import building, reading, service
from registry.hosting import jobs as work
from registry.hosting.models import Build, Revision, Switch
from registry.tenants.agreements.models import Agreement
from tests.hosting.conftest import find


@pytest.fixture
def bontang(world, app):
    with app.app_context():
        city = find("bontang")
        scope.enter_city(city.id)
        yield city


def deploy(city, config=None):
    with unit_of_work():
        return service.deploy(city, fork_of(city, "papan"), "papan", config or {"title": "Papan"})


def build(city, number=1) -> Revision:
    """What worker and host would have done: a revision that serves."""
    deployment = reading.get_deployment(city, "papan")
    with unit_of_work() as session:
        made = Build(tree=f"{number:040x}", lock="", runtime="python-wsgi/1", code_path="x", env_path="y", size_bytes=1,
                     manifest={"entrypoint": "papan:app"}, config_schema=service.candidate(city, reading.app_of(deployment)).schema)  # fmt: skip  # noqa: E501
        session.add(made)
        session.flush()
        config = reading.vault().seal({"title": "Papan", "key": "rahasia"})
        revision = service.add_revision(deployment, made, "0" * 39 + str(number), "1.0.0", config, None)
        deployment.serving_revision_id = revision.id
    end_jobs()
    return revision


def end_jobs() -> None:
    with unit_of_work():
        for job in db.session.scalars(select(Job)):
            job.finished_at = job.created_at


def test_deploying_asks_the_worker_and_keeps_the_config_sealed(bontang):
    job = deploy(bontang, {"title": "Rahasia umum", "key": "sangat-rahasia"})
    assert (job.kind, job.subject, job.state) == ("deploy", "papan.bontang", "queued")
    asked = "select args::text from procrastinate_jobs where task_name = 'hosting.deploy'"
    row = db.session.connection().exec_driver_sql(asked).scalar_one()
    assert "sangat-rahasia" not in row


def test_without_a_pks_nothing_is_deployed(bontang):
    with unit_of_work() as session:
        for agreement in session.scalars(select(Agreement)):
            agreement.state = "terminated"
    with pytest.raises(AgreementNeededError):
        deploy(bontang)


def test_a_config_that_breaks_the_schema_is_refused_by_path(bontang):
    with pytest.raises(InvalidError) as refused:
        deploy(bontang, {"title": "A", "days": 99})
    assert [finding.path for finding in refused.value.findings] == ["days"]


def test_a_name_is_taken_once(bontang):
    deploy(bontang)
    with pytest.raises(ConflictError, match="papan"):
        deploy(bontang)


def test_two_changes_at_once_are_refused(bontang):
    deploy(bontang)
    build(bontang)
    deployment = reading.get_deployment(bontang, "papan")
    with unit_of_work():
        service.configure(bontang, deployment, {"title": "B"})
    with pytest.raises(ConflictError), unit_of_work():
        service.configure(bontang, deployment, {"title": "C"})


def test_the_config_of_now_survives_an_upgrade_and_its_secret_too(bontang):
    deploy(bontang)
    build(bontang)
    with unit_of_work():
        service.upgrade(bontang, reading.get_deployment(bontang, "papan"))
    args = db.session.connection().exec_driver_sql("select args from procrastinate_jobs order by id desc").first()[0]
    assert reading.vault().open(base64.b64decode(args["config"])) == {"title": "Papan", "key": "rahasia"}


def test_rolling_back_with_data_needs_its_snapshot(bontang):
    deploy(bontang)
    first = build(bontang, 1)
    build(bontang, 2)
    deployment = reading.get_deployment(bontang, "papan")
    with pytest.raises(ConflictError):
        service.rollback(bontang, deployment, first.number, with_data=True)
    with unit_of_work():
        service.rollback(bontang, deployment, first.number, with_data=False)
    switch = db.session.scalars(select(Switch)).one()
    assert (switch.to_revision_id, switch.data_source) == (first.id, None)


def test_off_and_on_are_told_to_the_database_only(bontang):
    deploy(bontang)
    deployment = reading.get_deployment(bontang, "papan")
    with unit_of_work():
        service.set_enabled(bontang, deployment, False)
    assert reading.plugin_state(bontang, "papan") == ("off", "")


def test_the_catalog_learns_who_runs_what_from_the_deployment_itself(bontang):
    deploy(bontang)
    build(bontang)
    row = db.session.connection().exec_driver_sql("select version, running from adoptions").one()
    assert tuple(row) == ("1.0.0", True)
    with unit_of_work():
        service.set_enabled(bontang, reading.get_deployment(bontang, "papan"), False)
    assert db.session.connection().exec_driver_sql("select running from adoptions").scalar_one() is False


def test_a_job_run_twice_opens_one_switch(bontang, monkeypatch):
    job = deploy(bontang)
    deployment = reading.get_deployment(bontang, "papan")
    paths = {"code_path": "x", "env_path": "y"}
    made = Build(tree="1" * 40, lock="", runtime="r", size_bytes=1, manifest={"entrypoint": "a:b"}, **paths)
    monkeypatch.setattr(work, "_build", lambda *_: db.session.merge(made))
    with unit_of_work() as session:
        session.add(made)
    arguments = {
        "job_id": str(job.id), "tenant_id": bontang.id, "deployment_id": deployment.id, "commit": "0" * 40,
        "version": "1.0.0", "config": base64.b64encode(reading.vault().seal({"title": "A"})).decode(),
    }  # fmt: skip
    work.deploy(**arguments)
    work.deploy(**arguments)
    assert len(db.session.scalars(select(Switch)).all()) == 1


def test_a_build_on_record_learns_where_its_environment_lies_now(bontang, settings, monkeypatch):
    deploy(bontang)
    app = reading.app_of(reading.get_deployment(bontang, "papan"))
    repository, wanted = reading.repository_of(bontang, app), service.candidate(bontang, app)
    inspection = service.inspect_commit(repository, wanted.tree)
    monkeypatch.setattr(building, "ensure_code", lambda *_: settings.data / "builds" / "code" / wanted.tree)
    for key in ("old", "new"):
        monkeypatch.setattr(building, "ensure_environment", lambda *_, key=key: settings.data / "builds" / "env" / key)
        with unit_of_work():
            build = building.make(settings, repository, wanted.tree, inspection)
    assert build.env_path == "builds/env/new"
    assert len(db.session.scalars(select(Build)).all()) == 1
