"""A city takes everything along: what is in the archive, what stays out, who may have it, that it runs alone."""

# ruff: noqa: F811 (pytest fixtures shared by name)

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import time
import urllib.request
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from registry.accounts import service as accounts
from registry.backups import asking, export_archive, export_packing, export_service
from registry.backups.export_format import MANIFEST
from registry.core import audit, clock, jobs, scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.hosting import building
from tests.apart import free_port
from tests.hosting.conftest import bundle, find, world  # noqa: F401 fixtures

from .leaving import SECRET, copied, made, packed, plugin, unpacked  # noqa: F401 fixtures


@pytest.fixture
def archive(packed, tmp_path) -> Path:
    """The city's archive, unpacked."""
    return unpacked(packed, tmp_path / "isi")


def test_every_file_is_in_the_manifest_with_its_sum(archive):
    manifest = json.loads((archive / MANIFEST).read_text())
    told = {one["path"]: one["sha256"] for one in manifest["files"]}
    found = {os.path.relpath(path, archive) for path in archive.rglob("*") if path.is_file()} - {MANIFEST}
    assert set(told) == found
    for path, digest in told.items():
        assert hashlib.sha256((archive / path).read_bytes()).hexdigest() == digest, path


def test_the_records_of_the_city_are_there_for_programs_and_for_people(archive):
    assert json.loads((archive / "city.json").read_text())["code"] == "64.74"
    people = json.loads((archive / "people.json").read_text())
    assert {one["email"] for one in people} == {"admin@bontang.example", "operator@bontang.example"}
    assert "admin@bontang.example" in (archive / "people.csv").read_text()
    assert json.loads((archive / "agreements.json").read_text())[0]["state"] == "active"
    assert any(one["action"] == "deployment.create" for one in json.loads((archive / "audit.json").read_text()))


def test_the_handover_of_each_fork_is_there_as_facts_and_as_its_document(archive):
    [one] = json.loads((archive / "handovers.json").read_text())
    assert (one["app"], one["state"], one["publisher"]) == ("papan", "drawn", "bandung")
    [document] = (archive / "handovers").glob("*-001-papan/document.pdf")
    assert document.read_bytes().startswith(b"%PDF-1.7")


def test_no_password_and_no_other_city_is_in_it(archive):
    text = b"".join(path.read_bytes() for path in archive.rglob("*") if path.suffix in (".json", ".csv", ".md"))
    assert b"argon2" not in text and b"admin@tegal.example" not in text and b"33.76" not in text


def test_secret_settings_stay_out_and_are_named(archive):
    assert json.loads((archive / "plugins/papan/config.json").read_text()) == {"title": "Etam"}
    assert json.loads((archive / "plugins/papan/plugin.json").read_text())["settings_left_out"] == ["key"]


def test_the_operator_may_take_them_along(app, plugin, tmp_path):
    made(app, tmp_path / "b.tar.gz", with_secrets=True)
    folder = unpacked(tmp_path / "b.tar.gz", tmp_path / "isi")
    assert json.loads((folder / "plugins/papan/config.json").read_text())["key"] == SECRET


def test_the_fork_can_be_cloned_from_its_bundle(archive, tmp_path):
    bundle_file = archive / "forks/papan/repository.bundle"
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    subprocess.run(["git", "clone", "-q", bundle_file, tmp_path / "klon"], env=env, check=True)
    assert (tmp_path / "klon" / "papan.py").read_text() == (archive / "plugins/papan/code/papan.py").read_text()


def test_data_comes_along_and_traps_in_it_do_not(archive):
    data = archive / "plugins/papan/data"
    with sqlite3.connect(data / "data.sqlite3") as connection:
        assert connection.execute("select teks from isi").fetchone() == ("jalan rusak",)
    connection.close()
    assert not any(os.path.lexists(data / name) for name in ("sandi", "pipa", "lubang"))
    manifest = json.loads((archive / MANIFEST).read_text())
    assert manifest["links"] == {"plugins/papan/data/foto/terbaru": "../data.sqlite3"}
    assert len(manifest["left_out"]) == 2


def test_one_plugin_that_cannot_be_copied_is_named(app, plugin, tmp_path, monkeypatch):
    def broken(*_given: object) -> int:
        raise OSError("Input/output error")

    monkeypatch.setattr(asking, "copied", broken)
    assert made(app, tmp_path / "c.tar.gz", False).left_out == ("plugins/papan: Input/output error",)


def test_a_formula_in_a_name_is_text_in_the_table(tmp_path):
    with export_packing.packing(tmp_path / "x.tar.gz", "x") as packer:
        packer.table("people", [{"name": '=HYPERLINK("http://jahat.example")'}], ["name"])
    with tarfile.open(tmp_path / "x.tar.gz") as tar:
        table = tar.extractfile("x/people.csv").read().decode("utf-8-sig")
    assert table.splitlines()[1].startswith("\"'=HYPERLINK")


def test_a_stopped_export_leaves_no_half_archive(tmp_path):
    with pytest.raises(RuntimeError), export_packing.packing(tmp_path / "x.tar.gz", "x") as packer:
        packer.text("a", "b")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def sign_in(app, client, email: str) -> None:
    with app.app_context():
        user = accounts.find_by_email(email)
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = user.get_id(), True


@pytest.fixture
def ready(app, plugin, packed) -> uuid.UUID:
    """An export asked for by the console; the worker put the archive there."""
    with app.app_context():
        city = find("bontang")
        scope.enter_city(city.id)
        with unit_of_work():
            job = export_service.ask(city)
        place = export_service.path_of(city, job.id)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(packed, place)
        jobs.finish(str(job.id), "1 plugin")
        return job.id


def test_an_admin_of_the_city_fetches_it(app, client, ready):
    sign_in(app, client, "admin@bontang.example")
    assert str(ready) in client.get("/console/bontang/export").text
    answer = client.get(f"/console/bontang/export/{ready}")
    assert answer.status_code == 200 and answer.data[:2] == b"\x1f\x8b"
    with app.app_context():
        scope.enter_programme()
        assert db.session.scalar(select(audit.AuditEntry).where(audit.AuditEntry.action == "city.export_taken"))


@pytest.mark.parametrize(
    ("email", "city"),
    [("operator@bontang.example", "bontang"), ("admin@tegal.example", "bontang"), ("admin@tegal.example", "tegal")],
)
def test_nobody_else_does(app, client, ready, email, city):
    sign_in(app, client, email)
    assert client.get(f"/console/{city}/export/{ready}").status_code in (403, 404)


def test_after_a_week_it_is_gone(app, client, ready, monkeypatch):
    sign_in(app, client, "admin@bontang.example")
    later = clock.now() + timedelta(days=7, minutes=1)
    monkeypatch.setattr(export_service.clock, "now", lambda: later)
    assert client.get(f"/console/bontang/export/{ready}").status_code == 404
    with app.app_context():
        export_service.remove_old()
        city = find("bontang")
        assert not export_service.path_of(city, ready).exists()


def test_what_a_killed_import_left_goes_too_and_holds_up_nothing(app, world, settings):
    left = settings.data / "exports" / "import-x" / "city"
    left.mkdir(parents=True)
    (left / "people.json").write_text("[]")
    os.utime(left, (0, 0))
    with app.app_context():
        export_service.remove_old()
    assert not left.exists()


def test_two_at_once_are_refused(app, client, plugin):
    sign_in(app, client, "admin@bontang.example")
    assert client.post("/console/bontang/export").status_code == 303
    assert client.post("/console/bontang/export").status_code == 409


def test_by_the_api_too(app, client, ready):
    with app.app_context(), unit_of_work():
        _token, text = accounts.create_token(accounts.find_by_email("admin@bontang.example"), "x")
    headers = {"Authorization": f"Bearer {text}"}
    (item,) = client.get("/api/v1/exports?city=bontang", headers=headers).json["items"]
    assert item["state"] == "done"
    assert client.get(item["download"], headers=headers).data[:2] == b"\x1f\x8b"
    assert client.post("/api/v1/exports", json={"city": "bontang"}, headers=headers).status_code == 202


def test_a_plugin_of_the_archive_runs_alone(app, world, monkeypatch, tmp_path):
    """Lapor as Bandung wrote it, by its own script: a venv, pip, flask run; nothing of Lumbung's is asked."""
    monkeypatch.setattr(asking, "require_host", lambda: None)
    monkeypatch.setattr(asking, "copied", copied)
    folder = _lapor(app, tmp_path)
    port = free_port()
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PORT": str(port), "LANG": "C.UTF-8"}
    env |= {name: os.environ[name] for name in ("PIP_INDEX_URL", "HTTPS_PROXY", "SSL_CERT_FILE", "PIP_CERT")
            if name in os.environ}  # fmt: skip
    with (tmp_path / "out").open("w") as output:
        process = subprocess.Popen([folder / "run.sh"], env=env, stdout=output, stderr=output)
    try:
        assert "Etam Lapor" in _page(f"http://127.0.0.1:{port}/", process), (tmp_path / "out").read_text()
    finally:
        process.terminate()
        process.wait()


def _lapor(app, tmp_path: Path) -> Path:
    source = building.REPOSITORY / "plugins" / "lapor"
    with app.app_context():
        scope.enter_city(find("bontang").id)
        with export_packing.packing(tmp_path / "l.tar.gz", "lumbung-bontang") as packer:
            packer.folder("plugins/lapor/code", source)
            packer.json("plugins/lapor/config.json", {"title": "Etam Lapor"})
            facts = {"name": "lapor", "version": "1.0.0", "runtime": "python-wsgi/1",
                     "manifest": {"entrypoint": "lapor:create_app", "migrate": "lapor.migrations:upgrade"}}  # fmt: skip
            packer.text("plugins/lapor/run.sh", export_archive.script(find("bontang"), facts), mode=0o755)
            export_archive.shared(packer, find("bontang"), ["lapor"])
    return unpacked(tmp_path / "l.tar.gz", tmp_path / "isi") / "plugins" / "lapor"


def _page(url: str, process: subprocess.Popen[bytes]) -> str:
    end = time.monotonic() + 240
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            time.sleep(0.3)
    return ""


@pytest.fixture(autouse=True)
def no_archive_stays(settings):
    yield
    shutil.rmtree(settings.data / "exports", ignore_errors=True)
