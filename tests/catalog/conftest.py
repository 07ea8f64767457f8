"""Bundles in memory, and apps in the database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from registry.catalog.inspection.bundle import FILE, Entry
from registry.catalog.inspection.inspect import Inspection, inspect
from registry.core.uow import unit_of_work
from registry.tenants.models import City

PUBLICCODE = """\
publiccodeYmlVersion: "0.7"
name: Antrian
url: https://lumbung.example/git/antrian.git
platforms: [web]
categories: [appointment-scheduling]
developmentStatus: stable
softwareType: standalone/web
description:
  id:
    localisedName: Antrian Online
    shortDescription: Warga mengambil nomor antrean dari ponsel.
    longDescription: >
      {long}
    features: [Nomor daring, Layar ruang tunggu]
  en:
    localisedName: Online queue
    shortDescription: Citizens take a queue number on their phone.
    longDescription: >
      {long}
    features: [Numbers online, Waiting-room display]
legal: {{license: MIT}}
maintenance:
  type: internal
  contacts: [{{name: Pengelola Antrian (demo)}}]
localisation: {{localisationReady: true, availableLanguages: [id, en]}}
""".format(long="Kantor pelayanan memanggil warga sesuai giliran, tanpa berdesakan. " * 4)

MANIFEST = """\
[plugin]
entrypoint = "antrian:create_app"

[config]
schema = "config.schema.json"

[limits]
memory = "128M"
"""


@dataclass
class MemoryTree:
    """A bundle as a mapping of paths to contents; ``modes`` differ where named."""

    files: dict[str, bytes]
    modes: dict[str, int] = field(default_factory=dict)

    def entries(self) -> Iterator[Entry]:
        for path, content in self.files.items():
            yield Entry(path, self.modes.get(path, FILE), len(content))

    def read(self, path: str, limit: int) -> bytes:
        if path not in self.files:
            raise FileNotFoundError(path)
        return self.files[path][:limit]


def good_files() -> dict[str, bytes]:
    return {
        "publiccode.yml": PUBLICCODE.encode(),
        "lumbung.toml": MANIFEST.encode(),
        "config.schema.json": json.dumps({"type": "object", "properties": {}}).encode(),
        "antrian/__init__.py": b"def create_app():\n    return None\n",
        "LICENSE": b"MIT License\n",
        "README.md": b"# Antrian\n",
        "CHANGELOG.md": b"# Changes\n\n## 1.1.0\n\nFaster.\n\n## 1.0.0\n\nFirst.\n",
    }


@pytest.fixture
def tree() -> MemoryTree:
    return MemoryTree(good_files())


@pytest.fixture
def bundle() -> Callable[..., Inspection]:
    """The good bundle inspected, with files changed, added or (None) removed."""

    def make(**changes: bytes | None) -> Inspection:
        files = good_files() | {path.replace("__slash__", "/"): text for path, text in changes.items()}
        return inspect(MemoryTree({path: text for path, text in files.items() if text is not None}))

    return make


@pytest.fixture
def publisher(context: None) -> City:
    with unit_of_work() as session:
        city = City(code="32.73", slug="bandung", name="Kota Bandung", province="Jawa Barat", publisher=True,
                    state="admitted")  # fmt: skip
        session.add(city)
    return city


@pytest.fixture
def partner(context: None) -> City:
    with unit_of_work() as session:
        city = City(code="64.74", slug="bontang", name="Kota Bontang", province="Kalimantan Timur", state="admitted")
        session.add(city)
    return city
