"""How a city came in travels with it, and a city is known by its former code, too."""

# ruff: noqa: F811 (pytest fixtures shared by name)

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete

from registry.backups import export_joining, import_joining, import_records
from registry.backups.export_format import FormatError, Manifest
from registry.backups.export_packing import packing
from registry.backups.import_reading import unpack
from registry.core import scope
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError
from registry.core.uow import unit_of_work
from registry.tenants.documents import files
from registry.tenants.joining import service
from registry.tenants.joining.models import ApplicationNote, CityApplication, FormerCode, Region
from registry.tenants.models import City
from tests.hosting.conftest import bundle, find, world  # noqa: F401 fixtures

LETTER = b"%PDF-1.7\n%%EOF\n"
TOLD = Manifest({"code": "64.74", "slug": "bontang", "name": "Kota Bontang"}, "", "", False)


@pytest.fixture
def folder(app, world, tmp_path) -> Path:
    """Bontang was asked back once; before that somebody else had applied for it."""
    with app.app_context():
        city = find("bontang")
        scope.enter_city(city.id)
        with unit_of_work():
            kept = files.put(city, "surat.pdf", LETTER)
            db.session.add(
                CityApplication(
                    tenant_id=city.id, round=2, state="admitted", head="Kepala Dinas", mail="kominfo@bontang.example",
                    phone="0548-000", proof="letter", proven_at=now(), proven_by="Pemelihara", letter_kind=kept.kind,
                    letter_digest=kept.digest, letter_name=kept.name, letter_size=kept.size,
                )
            )  # fmt: skip
            for number, kind, text in ((1, "asked", "Bukan Anda?"), (2, "asked", "Surat?"), (2, "answered", "Ini.")):
                db.session.add(ApplicationNote(tenant_id=city.id, round=number, actor="A", kind=kind, text=text))
        with packing(tmp_path / "a.tar.gz", "lumbung-bontang") as packer:
            export_joining.pack(packer, city)
            packer.finish(replace(TOLD, files=tuple(packer.files)))
    unpack(tmp_path / "a.tar.gz", tmp_path / "isi")
    return tmp_path / "isi"


def elsewhere(app, work: Callable[[City], int]) -> int:
    """What ``work`` counts in a city that was let in by the import and never filled in the form."""
    with app.app_context():
        scope.enter_programme()
        with unit_of_work():
            city = find("tegal")
            if service.application_of(city) is None:
                db.session.add(CityApplication(tenant_id=city.id, state="admitted"))
                db.session.flush()
            return work(city)


def notes(city: City) -> int:
    return len(service.notes_of(city))


def test_the_application_its_conversation_and_its_letter_arrive(app, folder):
    elsewhere(app, lambda city: import_joining.add(folder, city))
    with app.app_context():
        scope.enter_programme()
        city = find("tegal")
        found = service.application_of(city)
        assert (found.head, found.proof, found.proven_by) == ("Kepala Dinas", "letter", "Pemelihara")
        assert [(one.kind, one.text) for one in service.notes_of(city)] == [("asked", "Surat?"), ("answered", "Ini.")]
        with files.open_kept(city, found.letter_digest) as letter:
            assert letter.read() == LETTER


def test_what_an_earlier_applicant_wrote_does_not_leave(folder):
    assert "Bukan Anda?" not in (folder / "application_notes.json").read_text()


def test_a_second_time_adds_nothing(app, folder):
    new = [elsewhere(app, lambda city: import_joining.add(folder, city)) for _twice in range(2)]
    assert new == [2, 0] and elsewhere(app, notes) == 2


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "application_notes.json").write_text('[{"kind": "crowned", "at": "2026-01-01"}]'),
        lambda folder: (folder / "application_notes.json").write_text('[{"kind": "asked", "at": "then"}]'),
        lambda folder: (folder / "application.json").write_text('{"sent_at": 5}'),
        lambda folder: (folder / "application" / "letter.pdf").write_bytes(b"another"),
    ],
)
def test_what_is_spoilt_is_refused_and_leaves_nothing(app, folder, spoil):
    spoil(folder)
    with pytest.raises(FormatError):
        elsewhere(app, lambda city: import_joining.add(folder, city))
    assert elsewhere(app, notes) == 0


def test_an_archive_of_before_is_read(app, folder):
    (folder / "application.json").unlink()
    assert elsewhere(app, lambda city: import_joining.add(folder, city)) == 0 and elsewhere(app, notes) == 0


@pytest.fixture
def renumbered(app, world):
    """The region of 64.99 is 64.74 today."""
    with app.app_context(), unit_of_work() as session:
        session.execute(delete(Region))
        region = Region(code="64.74", name="Kota Bontang", province="Kalimantan Timur", kind="kota", words="bontang")
        session.add(region)
        session.flush()
        session.add(FormerCode(code="64.99", region_id=region.id))
    yield
    with app.app_context(), unit_of_work() as session:
        session.execute(delete(Region))


def test_an_archive_made_before_a_renumbering_is_of_the_same_city(app, renumbered):
    old = replace(TOLD, city={**TOLD.city, "code": "64.99"})
    with app.app_context():
        scope.enter_programme()
        for here in ("64.74", "64.99"):
            find("bontang").code = here
            db.session.flush()
            assert {import_records.find_city(one).slug for one in (old, TOLD)} == {"bontang"}
        with pytest.raises(ConflictError):
            import_records.find_city(replace(TOLD, city={**TOLD.city, "code": "64.98"}))


def test_a_city_made_from_such_an_archive_has_the_code_of_today(app, renumbered, tmp_path):
    facts = {"code": "64.99", "slug": "bontang-baru", "name": "Kota Bontang Baru", "timezone": "Asia/Makassar",
             "color": "#0b5c4a"}  # fmt: skip
    (tmp_path / "city.json").write_text(json.dumps(facts))
    old = replace(TOLD, city={"code": "64.99", "slug": "bontang-baru", "name": "Kota Bontang Baru"})
    with app.app_context(), unit_of_work():
        scope.enter_programme()
        find("bontang").code = "64.70"
        db.session.flush()
        assert import_records.make_city(tmp_path, old).code == "64.74"
        with pytest.raises(FormatError):
            import_records.make_city(tmp_path, TOLD)
