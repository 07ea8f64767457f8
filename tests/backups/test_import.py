"""A city's archive brought into another installation: what comes, what is refused, what hostile archives do not do."""

# ruff: noqa: F811 (pytest fixtures shared by name)

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import tarfile
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from registry.accounts import service as accounts
from registry.backups import import_jobs, import_reading, import_service
from registry.backups.export_format import FORMAT, FormatError, Manifest
from registry.core.db import db
from registry.core.errors import ConflictError
from registry.core.uow import unit_of_work
from registry.forge import publishing
from registry.forge.service import find_fork
from registry.hosting import jobs as hosting_jobs
from registry.hosting import reading
from registry.hosting.models import Build, Deployment, Switch
from registry.hosting.plain import DeploymentPaths
from registry.hosting.plain import Manifest as Plugin
from registry.tenants.agreements import service as agreements
from registry.tenants.models import City
from registry.tenants.people import service as people
from tests.conftest import sweep
from tests.hosting.conftest import bundle, find, world  # noqa: F401 fixtures

from .leaving import packed, plugin  # noqa: F401 fixtures


@pytest.fixture
def archive(packed) -> Path:
    return packed


@pytest.fixture
def elsewhere(app, clean, settings, archive, sweeper) -> Iterator[Path]:
    """Another installation: nothing of Bontang, nothing in the catalog."""
    sweep(sweeper)
    empty(settings.data)
    with app.app_context(), unit_of_work() as session:
        session.add(City(code="31.71", slug="jakarta", name="Kota Jakarta Pusat", province="DKI Jakarta",
                         publisher=True, state="admitted"))  # fmt: skip
    yield archive
    empty(settings.data)


def empty(data: Path) -> None:
    for folder in ("git", "archives", "deployments", "documents"):
        shutil.rmtree(data / folder, ignore_errors=True)


def brought(archive: Path, target: Path) -> import_service.Imported:
    manifest = import_reading.unpack(archive, target)
    import_service.check(target, manifest)
    return import_service.bring(target, manifest)


def test_the_city_is_there_with_its_people_and_agreements(app, elsewhere, tmp_path):
    with app.app_context():
        done = brought(elsewhere, tmp_path / "isi")
        city = find("bontang")
        assert (city.code, city.state, city.name) == ("64.74", "admitted", "Kota Bontang")
        assert {(one.user.email, one.role) for one in people.members(city)} == {
            ("admin@bontang.example", "admin"), ("operator@bontang.example", "operator"),
        }  # fmt: skip
        assert agreements.active_pks(city.id) is not None
        password = done.passwords["admin@bontang.example"]
        assert accounts.authenticate("admin@bontang.example", password, "127.0.0.1") is not None


def test_an_app_nobody_has_here_becomes_the_citys_own(app, elsewhere, tmp_path):
    with app.app_context():
        brought(elsewhere, tmp_path / "isi")
        fork = find_fork(find("bontang"), "papan")
        assert fork is not None and fork.app.publisher.slug == "bontang"


def test_a_fork_hangs_on_the_release_it_began_with(app, elsewhere, bundle, tmp_path):
    with app.app_context(), unit_of_work():
        publishing.publish_folder(find("jakarta"), bundle, None)
    with app.app_context():
        brought(elsewhere, tmp_path / "isi")
        fork = find_fork(find("bontang"), "papan")
        assert fork is not None and fork.app.publisher.slug == "jakarta" and fork.base_release.version == "1.0.0"


def test_another_app_of_the_same_name_is_refused_before_anything_happens(app, elsewhere, bundle, tmp_path):
    (bundle / "papan.py").write_text("def app(environ, start_response): ...\n")
    with app.app_context(), unit_of_work():
        publishing.publish_folder(find("jakarta"), bundle, None)
    with app.app_context():
        with pytest.raises(ConflictError) as refused:
            brought(elsewhere, tmp_path / "isi")
        assert [one.path for one in refused.value.findings] == ["forks/papan"]
        assert db.session.scalar(select(City).where(City.slug == "bontang")) is None


@pytest.mark.parametrize(("code", "slug"), [("64.74", "taman"), ("64.72", "bontang")])
def test_a_name_or_code_of_another_city_is_refused(app, elsewhere, tmp_path, code, slug):
    with app.app_context(), unit_of_work() as session:
        session.add(City(code=code, slug=slug, name="Kota Lain", province="Kalimantan Timur", state="admitted"))
    with app.app_context(), pytest.raises(ConflictError) as refused:
        brought(elsewhere, tmp_path / "isi")
    assert "Kota Lain" in refused.value.findings[0].message


def test_its_plugins_come_off_with_their_data_handed_to_the_host(app, elsewhere, tmp_path, monkeypatch):
    with app.app_context():
        done = brought(elsewhere, tmp_path / "isi")
        deployment = db.session.scalars(select(Deployment)).one()
        assert not deployment.enabled and deployment.serving_revision_id is None
        run_job(monkeypatch, done.jobs["papan"], deployment)
        switch = db.session.scalars(select(Switch)).one()
        source = DeploymentPaths(reading.settings().data, deployment.id).home / str(switch.data_source)
        owner = (source / "data.sqlite3").stat().st_uid
        assert os.getuid() != 0 or owner == 200_000 + deployment.id
        with sqlite3.connect(source / "data.sqlite3") as connection:
            assert connection.execute("select teks from isi").fetchone() == ("jalan rusak",)
        connection.close()
        assert os.readlink(source / "foto" / "terbaru") == "../data.sqlite3"


def run_job(monkeypatch, job_id: uuid.UUID, deployment: Deployment) -> None:
    """The worker's part; building is left out."""

    def build(deployment_id: int, tenant_id: int, commit: str) -> Build:
        made = Build(tree=commit, lock="", runtime="python-wsgi/1", code_path="x", env_path="y",
                     manifest=Plugin("papan:app").to_json(), size_bytes=1)  # fmt: skip
        db.session.add(made)
        db.session.flush()
        return made

    monkeypatch.setattr(hosting_jobs, "_build", build)
    asked = "select args from procrastinate_jobs where task_name = 'backups.import'"
    row = db.session.connection().exec_driver_sql(asked).scalar_one()
    db.session.rollback()
    import_jobs.bring(**row)


def test_a_second_import_changes_nothing(app, elsewhere, tmp_path):
    with app.app_context():
        brought(elsewhere, tmp_path / "satu")
    with app.app_context():
        again = brought(elsewhere, tmp_path / "dua")
        assert (again.jobs, again.passwords, again.agreements) == ({}, {}, 0)
        assert again.already == ("papan",)


def changed(archive: Path, target: Path, **files: bytes | None) -> Path:
    """The archive with files replaced, added or (None) left out."""
    given = {f"lumbung-bontang/{name.replace('__', '/')}": content for name, content in files.items()}
    with tarfile.open(archive) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            content = old.extractfile(member).read()
            content = given.pop(member.name, content)
            if content is not None:
                member.size = len(content)
                new.addfile(member, io.BytesIO(content))
        for name, content in given.items():
            extra = tarfile.TarInfo(name)
            extra.size = len(content or b"")
            new.addfile(extra, io.BytesIO(content or b""))
    return target


@pytest.mark.parametrize(
    "files",
    [{"city.json": b"{}"}, {"plugins__papan__data__baru": b"x"}, {"units.json": None}, {"manifest.json": None},
     {"manifest.json": b"{"}, {"manifest.json": json.dumps({"format": FORMAT}).encode()},
     {"manifest.json": b'{"format": "lumbung-city/9"}'}, {"manifest.json": b"[" * 100_000}],
)  # fmt: skip
def test_an_archive_that_was_changed_is_refused(archive, tmp_path, files):
    with pytest.raises(FormatError):
        import_reading.unpack(changed(archive, tmp_path / "b.tar.gz", **files), tmp_path / "isi")


def hostile(target: Path, *members: tarfile.TarInfo) -> Path:
    with tarfile.open(target, "w:gz") as tar:
        for member in members:
            tar.addfile(member, io.BytesIO(b"x" * member.size))
    return target


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.type, found.linkname, found.size = kind, link, 1 if kind == tarfile.REGTYPE else 0
    return found


@pytest.mark.parametrize(
    "members",
    [
        [member("x/../../luar")], [member("/etc/luar")], [member("x/a/../../b")], [member("x//a")], [member("x/a\0b")],
        [member("x/a"), member("y/b")], [member("x/a"), member("x/a")], [member("x/a"), member("x/a/b")],
        [member("x/tautan", tarfile.SYMTYPE, "/etc")], [member("x/keras", tarfile.LNKTYPE, "x/a")],
        [member("x/pipa", tarfile.FIFOTYPE)], [member("x/alat", tarfile.CHRTYPE)], [member("x/" + "a/" * 200 + "b")],
        [member("x")],
    ],
)  # fmt: skip
def test_nothing_of_a_hostile_archive_lands_outside(tmp_path, members):
    place = tmp_path / "dalam"
    place.mkdir()
    with pytest.raises(FormatError):
        import_reading.unpack(hostile(tmp_path / "h.tar.gz", *members), place / "isi")
    assert [path.name for path in tmp_path.iterdir() if path.name not in ("dalam", "h.tar.gz")] == []
    assert [path.name for path in place.iterdir()] == ["isi"]


@pytest.mark.parametrize("target", ["/etc/passwd", "../../../../../etc/passwd", "../../../../city.json", ""])
def test_a_link_that_leads_out_of_a_plugins_data_is_refused(archive, tmp_path, target):
    with tarfile.open(archive) as tar:
        manifest = json.loads(tar.extractfile("lumbung-bontang/manifest.json").read())
    manifest["links"] = {"plugins/papan/data/foto/terbaru": target}
    bad = changed(archive, tmp_path / "b.tar.gz", **{"manifest.json": json.dumps(manifest).encode()})
    with pytest.raises(FormatError, match="leads out"):
        import_reading.unpack(bad, tmp_path / "isi")


def test_no_link_is_made_through_another_link(archive, tmp_path):
    """Each of the first two stays inside by its words; together they lead out, and the third would be made there."""
    outside = tmp_path / "luar"
    outside.mkdir()
    with tarfile.open(archive) as tar:
        manifest = json.loads(tar.extractfile("lumbung-bontang/manifest.json").read())
    data, deep = "plugins/papan/data", "/".join("abcdefgh")
    up = "../" * len(Path(data).parts)
    manifest["links"] = {
        f"{data}/{deep}/pangkal": "../" * 7 + "..",
        f"{data}/pintu": f"{deep}/pangkal/{up}../luar",
        f"{data}/pintu/jahat": "isi",
    }
    bad = changed(archive, tmp_path / "b.tar.gz", **{"manifest.json": json.dumps(manifest).encode()})
    with pytest.raises(FormatError, match="behind another link"):
        import_reading.unpack(bad, tmp_path / "isi")
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"not a tar", b"\x1f\x8b" + b"x" * 100])
def test_what_is_no_archive_is_refused(tmp_path, content):
    (tmp_path / "a.tar.gz").write_bytes(content)
    with pytest.raises(FormatError):
        import_reading.unpack(tmp_path / "a.tar.gz", tmp_path / "isi")


def test_a_full_disk_is_told_before_it_is_full(archive, tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(import_reading.shutil, "disk_usage", lambda path: usage._replace(free=import_reading.SPARE))
    with pytest.raises(OSError, match="no room"):
        import_reading.unpack(archive, tmp_path / "isi")


def test_nobody_becomes_a_maintainer_by_an_archive(app, elsewhere, tmp_path):
    with app.app_context():
        manifest = import_reading.unpack(elsewhere, tmp_path / "isi")
        person = {"email": "jahat@example.com", "name": "X", "role": "maintainer", "plugin": "", "unit": None}
        (tmp_path / "isi" / "people.json").write_text(json.dumps([person]))
        import_service.bring(tmp_path / "isi", replace(manifest, forks=(), plugins=()))
        assert people.members(find("bontang")) == []


def test_the_manifest_comes_back_as_it_was_told(archive, tmp_path):
    manifest = import_reading.unpack(archive, tmp_path / "isi")
    assert isinstance(manifest, Manifest) and manifest.plugins == ("papan",) and manifest.forks == ("papan",)
    assert manifest.city == {"code": "64.74", "slug": "bontang", "name": "Kota Bontang"}
