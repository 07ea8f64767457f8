"""Every file of a release is signed and checksummed, and what older releases lack is added without touching them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from sqlalchemy import event, select, update

from registry.catalog.models import App, Release
from registry.catalog.trust import keys
from registry.catalog.trust.signing import Signature
from registry.core import scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.forge import archives, completed, proofs, publishing
from registry.tenants.models import City
from tests.forge.conftest import World, publish, write_bundle
from tests.pages import need


@pytest.fixture(autouse=True)
def _context(world: World) -> None:
    with world.app.test_request_context(headers={"Accept-Language": "en"}):
        scope.enter_programme()
        yield


def secrets(world: World) -> Path:
    folder: Path = world.app.extensions["lumbung"].secrets
    return folder


def files(world: World) -> list[Path]:
    return [world.storage.archive("lapor", "1.0.0", kind) for kind in archives.KINDS]


def signature(path: Path) -> Signature:
    return Signature.read(archives.signature_of(path).read_text())


def test_every_file_of_a_release_is_signed_as_what_it_is(world: World) -> None:
    key = keys.current(secrets(world)).public
    for path in files(world):
        with path.open("rb") as file:
            signature(path).check(file, key)
        told = signature(path).told
        assert (told["app"], told["version"], told["file"]) == ("lapor", "1.0.0", path.name)
        assert archives.is_whole(path)


def test_minisign_verifies_what_is_downloaded(world: World, tmp_path: Path) -> None:
    need("minisign")
    client = world.app.test_client()
    (tmp_path / "releases.pub").write_bytes(client.get("/apps/releases.pub").data)
    for kind in archives.KINDS:
        for ending in (kind, f"{kind}.minisig"):
            (tmp_path / f"1.0.0.{ending}").write_bytes(client.get(f"/apps/lapor/releases/1.0.0.{ending}").data)
        command = ["minisign", "-Vm", tmp_path / f"1.0.0.{kind}", "-p", tmp_path / "releases.pub"]
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=30)
        assert done.returncode == 0 and "app:lapor\tversion:1.0.0" in done.stdout, done.stderr


def test_the_bill_of_materials_is_valid_and_names_the_published_archive(world: World) -> None:
    answer = world.app.test_client().get("/apps/lapor/releases/1.0.0.cdx.json")
    release = db.session.scalars(select(Release)).one()
    assert answer.mimetype == "application/vnd.cyclonedx+json" and "immutable" in answer.headers["Cache-Control"]
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(answer.text) is None
    root = json.loads(answer.text)["metadata"]["component"]
    assert (root["name"], root["version"], root["licenses"]) == ("lapor", "1.0.0", [{"expression": "MIT"}])
    assert root["hashes"][0]["content"] == release.sha256 and release.commit in root["purl"]
    sums = world.app.test_client().get("/apps/lapor/releases/1.0.0.cdx.json.sha256").text
    assert sums.endswith("  1.0.0.cdx.json\n")


def test_a_failed_publication_leaves_no_file(world: World) -> None:
    write_bundle(world.bundle, "1.1.0")
    publisher = db.session.scalars(select(City).where(City.publisher)).one()
    with pytest.raises(RuntimeError), unit_of_work():
        publishing.publish_folder(publisher, world.bundle, None)
        raise RuntimeError("the database went away")
    assert [path for path in files(world)[0].parent.iterdir() if path.name.startswith("1.1.0")] == []


def forget(world: World) -> dict[Path, bytes]:
    """The release as an installation from before has it: archives and checksums alone."""
    kept = {path: path.read_bytes() for path in files(world)[:-1]}
    for path in files(world):
        archives.signature_of(path).unlink()
    for path in (files(world)[-1], archives.sum_of(files(world)[-1])):
        path.unlink()
    with unit_of_work() as session:
        session.execute(update(Release).values(rating={}))
        session.execute(update(App).values(rating=""))
    db.session.expire_all()
    return kept


def test_an_older_release_gets_what_it_lacks_and_its_archives_stay(world: World) -> None:
    bill = files(world)[-1].read_bytes()
    before = forget(world)
    proofs.complete()
    assert {path: path.read_bytes() for path in before} == before
    assert files(world)[-1].read_bytes() == bill
    key = keys.current(secrets(world)).public
    assert all(signature(path).key == key.id for path in files(world))
    release = db.session.scalars(select(Release)).one()
    assert release.rating["grade"] == release.app.rating != ""


def test_what_is_complete_is_left_alone(world: World) -> None:
    paths = [*files(world), *map(archives.signature_of, files(world))]
    before = [path.stat().st_mtime_ns for path in paths]
    proofs.complete()
    assert [path.stat().st_mtime_ns for path in paths] == before


def test_a_file_that_somebody_changed_is_not_signed(world: World) -> None:
    forget(world)
    path = files(world)[1]
    path.write_bytes(path.read_bytes() + b".")
    proofs.complete()
    assert not archives.signature_of(path).exists()
    assert archives.signature_of(files(world)[0]).exists()


def test_an_archive_that_is_not_the_published_one_is_not_signed_whatever_its_checksum_says(world: World) -> None:
    forget(world)
    path = files(world)[0]
    path.write_bytes(b"another")
    archives._checksum(path)
    proofs.complete()
    assert not archives.signature_of(path).exists()


def test_one_release_that_cannot_be_read_holds_up_no_other(world: World) -> None:
    write_bundle(world.bundle, "1.1.0")
    publish(world.bundle)
    scope.enter_programme()
    forget(world)
    with unit_of_work() as session:
        session.execute(update(Release).where(Release.version == "1.0.0").values(tree="0" * 40))
    proofs.complete()
    rated = {one.version: bool(one.rating) for one in db.session.scalars(select(Release))}
    assert rated == {"1.0.0": False, "1.1.0": True}


def test_after_a_rotation_old_signatures_stay_and_after_a_leak_they_are_made_anew(world: World) -> None:
    path = files(world)[0]
    first = signature(path).key
    keys.rotate(secrets(world))
    proofs.complete()
    assert signature(path).key == first
    for leaked in (True, True):
        keys.rotate(secrets(world), leaked=leaked)
    (secrets(world) / keys.FORMER).write_text((secrets(world) / keys.FORMER).read_text().replace("false", "true"))
    proofs.complete()
    assert signature(path).key == keys.current(secrets(world)).public.id


@pytest.mark.parametrize("name", ["9.9.9.zip.minisig", "1.0.0.exe.minisig", "1.0.0.zip.minisig.sha256", "..%2f"])
def test_other_signatures_are_not_served(world: World, name: str) -> None:
    assert world.app.test_client().get(f"/apps/lapor/releases/{name}").status_code == 404


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is asked of the database and read of files, while it lasts."""
    done: list[str] = []

    def asked(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        done.append("query")

    for owner, name in ((archives, "told_sum"), (archives, "is_whole"), (proofs, "_signer"), (proofs, "inspect")):
        real = getattr(owner, name)
        monkeypatch.setattr(owner, name, lambda *given, real=real, name=name: done.append(name) or real(*given))
    event.listen(db.engine, "before_cursor_execute", asked)
    yield done
    event.remove(db.engine, "before_cursor_execute", asked)


def settled() -> None:
    """What a first pass adds, the second finds complete."""
    proofs.complete()
    proofs.complete()
    db.session.rollback()


def test_where_nothing_is_missing_a_pass_is_one_question_and_reads_no_file(world: World, work: list[str]) -> None:
    settled()
    work.clear()
    proofs.complete()
    assert [one for one in work if one != "query"] == [] and work.count("query") <= 2


def test_only_the_app_whose_files_changed_is_looked_at(world: World, work: list[str]) -> None:
    settled()
    archives.signature_of(files(world)[1]).unlink()
    work.clear()
    proofs.complete()
    assert work.count("_signer") == len(files(world)) and archives.signature_of(files(world)[1]).exists()


def test_what_is_damaged_inside_a_file_is_mended_the_next_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    settled()
    path = archives.signature_of(files(world)[0])
    path.write_text("nothing")
    proofs.complete()
    assert path.read_text() == "nothing"
    monkeypatch.setattr(completed, "today", lambda: date(2999, 1, 1))
    proofs.complete()
    assert signature(files(world)[0]).key == keys.current(secrets(world)).public.id


def test_what_could_not_be_completed_is_tried_again(world: World, work: list[str]) -> None:
    settled()
    forget(world)
    files(world)[1].write_bytes(b"another")
    proofs.complete()
    work.clear()
    proofs.complete()
    assert "is_whole" in work


@pytest.mark.parametrize("told", ["", "[]", "{", '{"under": 1, "times": 2}'])
def test_a_note_that_cannot_be_read_is_no_note(world: World, work: list[str], told: str) -> None:
    settled()
    (world.storage.data / "archives" / completed.NOTE).write_text(told)
    work.clear()
    proofs.complete()
    assert work.count("_signer") == len(files(world))
