"""A city's agreements travel whole: terms, parties, history and papers."""

# ruff: noqa: F811 (pytest fixtures shared by name)

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from registry.backups import import_agreements
from registry.backups.export_agreements import pack
from registry.backups.export_format import FormatError
from registry.backups.export_packing import packing
from registry.backups.import_reading import unpack
from registry.core import scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.tenants.agreements import changing, history, papers, reading
from registry.tenants.agreements.models import Agreement
from registry.tenants.documents import files
from tests.hosting.conftest import bundle, find, world  # noqa: F401 fixtures


def picture() -> io.BytesIO:
    written = io.BytesIO()
    Image.new("L", (5, 5)).save(written, "PNG")
    return io.BytesIO(written.getvalue())


@pytest.fixture
def folder(app, world, tmp_path) -> Path:
    """Bontang's agreements in an archive, which is then unpacked: a PKS with a scan, and an addendum to it."""
    with app.app_context():
        city = find("bontang")
        scope.enter_city(city.id)
        with unit_of_work():
            one = history.locked(city, db.session.scalars(select(Agreement.id)).one(), None)
            papers.add_scan(city, one, "partner", "pks.png", picture())
            changing.amend(city, one, "partner").number = "A-1"
        with packing(tmp_path / "a.tar.gz", "lumbung-bontang") as packer:
            pack(packer, city)
            files_told = list(packer.files)
            told = {"code": city.code, "slug": city.slug, "name": city.name}
            manifest = {"format": "lumbung-city/1", "city": told, "made_at": "", "lumbung": "", "with_secrets": False,
                        "forks": [], "plugins": [], "left_out": [], "links": {},
                        "files": [vars(one) for one in files_told]}  # fmt: skip
            packer.json("manifest.json", manifest)
    unpack(tmp_path / "a.tar.gz", tmp_path / "isi")
    return tmp_path / "isi"


def test_they_arrive_whole_in_another_city(app, folder):
    with app.app_context():
        scope.enter_programme()
        with unit_of_work():
            tegal = find("tegal")
            assert import_agreements.add(folder, tegal) == 2
            addendum, pks = reading.papers_of(tegal.id)
            assert (addendum.relation, addendum.parent_id, addendum.number) == ("amendment", pks.id, "A-1")
            assert [one.act for one in history.events(pks)][-1] == "import"
            kept = papers.scans(pks)[0]
            with files.open_kept(tegal, kept.digest) as file:
                assert file.read() == picture().getvalue()
        with unit_of_work():
            assert import_agreements.add(folder, find("tegal")) == 0


def test_an_archive_from_before_there_were_terms_is_read(app, folder):
    for name in ("agreement_history", "agreement_papers"):
        (folder / f"{name}.json").unlink()
    old = [{"kind": "pks", "number": "1", "state": "active", "starts_on": "2026-01-01", "ends_on": None}]
    (folder / "agreements.json").write_text(json.dumps(old))
    with app.app_context(), unit_of_work():
        scope.enter_programme()
        assert import_agreements.add(folder, find("tegal")) == 1
        assert reading.own_conditions(reading.papers_of(find("tegal").id)[0]).apps is None


@pytest.mark.parametrize(
    "row", [{"kind": "surat"}, {"state": "rusak"}, {"starts_on": "kemarin"}, {"parties": 3}, {"scope_apps": 3}]
)
def test_what_is_no_agreement_is_refused(app, folder, row):
    (folder / "agreements.json").write_text(json.dumps([{"kind": "pks", "state": "draft", "number": "9", **row}]))
    with app.app_context(), pytest.raises(FormatError), unit_of_work():
        scope.enter_programme()
        import_agreements.add(folder, find("tegal"))


def test_a_paper_that_is_not_what_its_digest_says_is_refused(app, folder):
    next((folder / "documents").iterdir()).write_bytes(b"another")
    with app.app_context(), pytest.raises(FormatError), unit_of_work():
        scope.enter_programme()
        import_agreements.add(folder, find("tegal"))
