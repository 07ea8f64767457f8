"""A city with an active PKS, an app of one file, and its fork; building and the host are left out here."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta

import pytest

from registry.accounts import service as accounts
from registry.core import clock, scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.forge import forking, publishing
from registry.tenants import rules
from registry.tenants.agreements import rules as agreed
from registry.tenants.agreements.models import Agreement
from registry.tenants.models import City, Membership

PUBLICCODE = """\
publiccodeYmlVersion: "0.7"
name: Papan
url: https://lumbung.example/git/papan.git
softwareVersion: "1.0.0"
platforms: [web]
categories: [communications]
developmentStatus: stable
softwareType: standalone/web
organisation: {uri: "urn:x-kemendagri:32.73", name: Kota Bandung}
description:
  id:
    shortDescription: Papan pengumuman.
    longDescription: >
      Papan pengumuman kota untuk uji coba: satu halaman yang menampilkan kalimat yang dipilih admin kota, dipakai dalam
      pengujian untuk memastikan bahwa bundel dapat dipasang, diatur dan dimatikan.
    features: [Satu halaman]
legal: {license: MIT}
maintenance: {type: internal, contacts: [{name: Diskominfo (demo)}]}
localisation: {localisationReady: false, availableLanguages: [id]}
"""
MANIFEST = """\
[plugin]
runtime = "python-wsgi/1"
entrypoint = "papan:app"
[config]
schema = "config.schema.json"
[access]
staff = ["/kerja"]
"""
SCHEMA = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "title": "Judul", "maxLength": 60, "x-en": {"title": "Title"}},
        "days": {"type": "integer", "title": "Hari", "minimum": 1, "maximum": 30, "default": 5},
        "key": {"type": "string", "title": "Kunci", "writeOnly": True},
    },
    "required": ["title"],
    "additionalProperties": False,
}
CODE = """\
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"papan"]
"""
FOLDERS = ("git", "archives", "builds", "deployments")
"""Of the data folder: what a world leaves there."""


@pytest.fixture
def bundle(tmp_path):
    folder = tmp_path / "papan"
    folder.mkdir()
    files = {"publiccode.yml": PUBLICCODE, "lumbung.toml": MANIFEST, "papan.py": CODE, "LICENSE": "MIT License\n"}
    files["CHANGELOG.md"] = "# Changelog\n\n## 1.0.0\n\n- A release.\n"
    for name, text in {**files, "config.schema.json": json.dumps(SCHEMA)}.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def world(app, clean, bundle, settings, moulds):
    """Bandung publishes papan; Bontang has a PKS, a fork and an admin; Tegal has neither. Yields nothing to keep."""
    moulds.cast(bundle, settings.data, FOLDERS, lambda: make_world(app, bundle))
    yield
    forget_folders(settings.data)


def forget_folders(data) -> None:
    for folder in FOLDERS:
        shutil.rmtree(data / folder, ignore_errors=True)


def make_world(app, bundle) -> None:
    with app.app_context(), unit_of_work() as session:
        bandung = City(code="32.73", slug="bandung", name="Kota Bandung", province="Jawa Barat", publisher=True)
        bontang = City(code="64.74", slug="bontang", name="Kota Bontang", province="Kalimantan Timur")
        tegal = City(code="33.76", slug="tegal", name="Kota Tegal", province="Jawa Tengah")
        for city in (bandung, bontang, tegal):
            city.state = "admitted"
        session.add_all([bandung, bontang, tegal])
        session.flush()
        for slug, city in {"bontang": bontang, "tegal": tegal}.items():
            user = accounts.make_user(f"admin@{slug}.example", f"Admin {slug}", "kata-sandi-panjang")
            session.add(Membership(city_id=city.id, user_id=user.id, role=rules.ADMIN))
        operator = accounts.make_user("operator@bontang.example", "Operator", "kata-sandi-panjang")
        session.add(Membership(city_id=bontang.id, user_id=operator.id, role=rules.OPERATOR, plugin="papan"))
        scope.enter_programme()
        session.add(active_pks(bontang))
    with app.app_context(), unit_of_work():
        app_ = publishing.publish_folder(find("bandung"), bundle, None).release.app
        city = find("bontang")
        scope.enter_city(city.id)
        forking.create_fork(city, app_, None)


def active_pks(city: City) -> Agreement:
    today = clock.today()
    return Agreement(
        tenant_id=city.id,
        kind=agreed.PKS,
        state="active",
        starts_on=today - timedelta(days=1),
        ends_on=today + timedelta(days=365),
        publisher_signed_on=today,
        partner_signed_on=today,
    )


def find(slug: str) -> City:
    return db.session.query(City).filter_by(slug=slug).one()
