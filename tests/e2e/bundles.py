"""Small apps the tests publish: plain WSGI, no sdk, one file of code each."""

from __future__ import annotations

from pathlib import Path

PUBLICCODE = """\
publiccodeYmlVersion: "0.7"
name: NAME
url: https://lumbung.example/git/SLUG.git
softwareVersion: "1.0.0"
platforms: [web]
categories: [communications]
developmentStatus: stable
softwareType: standalone/web
organisation: {uri: "urn:x-kemendagri:32.73", name: Kota Bandung}
description:
  id:
    shortDescription: Aplikasi kecil untuk uji coba.
    longDescription: >
      Aplikasi kecil yang hanya dipakai dalam uji coba: ditulis sesingkat mungkin, tanpa pustaka tambahan, supaya
      pemasangan, perubahan, penghentian dan pemulihannya dapat diperiksa dari luar dengan cepat dan jelas.
    features: [Satu berkas]
legal: {license: MIT}
maintenance: {type: internal, contacts: [{name: Diskominfo (demo)}]}
localisation: {localisationReady: false, availableLanguages: [id]}
"""
MANIFEST = """\
[plugin]
runtime = "python-wsgi/1"
entrypoint = "SLUG:app"
[data]
store = "sqlite"
MIGRATE
[config]
schema = "config.schema.json"
[limits]
memory = "64M"
processes = 24
"""
SCHEMA = """\
{"type": "object", "additionalProperties": false,
 "properties": {"salam": {"type": "string", "title": "Salam", "maxLength": 20, "default": "Halo"}}}
"""

BUKU = '''\
"""A guest book: a line for each visitor who posts one. Says which edition serves and which its data is of."""

import hashlib
import json
import os
import pathlib
import time

EDITION, SLOW, BROKEN = "satu", 0, False
DATA = pathlib.Path(os.environ["DATA_DIR"])


def migrate():
    (DATA / "edition").write_text("half")
    time.sleep(SLOW)
    if BROKEN:
        raise RuntimeError("this edition cannot take the data over")
    (DATA / "edition").write_text(EDITION)


def app(environ, start_response):
    book = DATA / "book"
    if environ["REQUEST_METHOD"] == "POST":
        with book.open("a") as lines:
            lines.write(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode() + "\\n")
            print("a line was written", flush=True)
    told = {
        "edition": EDITION,
        "data": (DATA / "edition").read_text(),
        "digest": hashlib.sha256(b"".join(one.read_bytes() for one in sorted(DATA.glob("*")))).hexdigest(),
        "rows": book.read_text().split() if book.exists() else [],
        "seen": {key: value for key, value in environ.items() if isinstance(value, str)},
        "salam": json.loads(pathlib.Path(os.environ["CONFIG_FILE"]).read_text()).get("salam"),
    }
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(told).encode()]
'''

NAKAL = '''\
"""Runs what is posted to it, as a hostile plugin would run its own; answers with the value of `result`,
and with `status` and `headers`.
"""

import json


def app(environ, start_response):
    if environ["REQUEST_METHOD"] == "GET":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"alive"]
    space = {"result": None, "status": "200 OK", "headers": []}
    try:
        exec(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode(), space)
        answer = space["result"]
    except BaseException as error:
        answer = {"error": type(error).__name__, "text": str(error)}
    start_response(space["status"], [("Content-Type", "application/json"), *space["headers"]])
    return [json.dumps(answer, default=str).encode()]
'''


def write(folder: Path, code: str, migrate: bool = False) -> Path:
    """The bundle of ``code`` in ``folder``, whose name becomes the app's."""
    slug = folder.name
    folder.mkdir(parents=True)
    files = {"publiccode.yml": PUBLICCODE, "lumbung.toml": MANIFEST, "config.schema.json": SCHEMA}
    files |= {f"{slug}.py": code, "LICENSE": "MIT License\n", "README.md": f"# {slug}\n"}
    files["CHANGELOG.md"] = "# Changelog\n\n## 1.0.0\n\n- For trying.\n"
    line = f'migrate = "{slug}:migrate"' if migrate else ""
    for name, text in files.items():
        filled = text.replace("SLUG", slug).replace("MIGRATE", line) if name != f"{slug}.py" else text
        (folder / name).write_text(filled.replace("name: NAME", f"name: {slug.title()}"))
    return folder
