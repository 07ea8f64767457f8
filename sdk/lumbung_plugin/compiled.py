"""Templates and catalogues compiled once per release, not at every wake, which would spend most of its time with that.

What is kept lies in the data folder, so it may come back from a backup or from elsewhere. Some of it is code; so each
file is signed with the plugin's own secret key, and one that does not match is as good as none.
"""

import hmac
import os
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from lumbung_plugin.storage import data_dir

FOLDER = ".compiled"
MARK_BYTES = 32


class Shelf:
    """Files of `folder`, each a signature and what is kept. `release` is what they depend on besides their source. A
    folder that cannot be written keeps nothing, and is no error.
    """

    def __init__(self, folder: Path, key: bytes, release: str) -> None:
        self._folder = folder
        self._key = key
        self._release = release.encode()

    def get(self, name: str) -> bytes | None:
        """What was kept under this name (letters, digits, `-`); None for nothing to be believed."""
        with suppress(OSError):
            kept = (self._folder / name).read_bytes()
            mark, content = kept[:MARK_BYTES], kept[MARK_BYTES:]
            if hmac.compare_digest(mark, self._mark(name, content)):
                return content
        return None

    def put(self, name: str, content: bytes) -> None:
        draft = self._folder / f"{name}.draft"
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            draft.write_bytes(self._mark(name, content) + content)
            draft.replace(self._folder / name)

    def _mark(self, name: str, content: bytes) -> bytes:
        return hmac.digest(self._key, b"\0".join((self._release, name.encode(), content)), "sha256")


class SignedCache(BytecodeCache):
    """Jinja's bytecode on a shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def load_bytecode(self, bucket: Bucket) -> None:
        code = self._shelf.get(bucket.key)
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._shelf.put(bucket.key, bucket.bytecode_to_string())


def shelf_of(app: Flask) -> Shelf:
    """The shelf of this release of the bundle. Its `SECRET_KEY` must be set."""
    built = os.stat(app.root_path).st_mtime_ns
    release = f"{os.environ.get('PLUGIN_VERSION', '')} {built} {version('jinja2')}"
    return Shelf(data_dir() / FOLDER, str(app.config["SECRET_KEY"]).encode(), release)


def keep_templates(app: Flask, shelf: Shelf) -> None:
    """Let `app` keep its compiled templates."""
    app.jinja_env.bytecode_cache = SignedCache(shelf)
