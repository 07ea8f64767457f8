"""Templates compiled once per release, not at every wake: compiling is what a woken plugin would spend most time with.

What is kept lies in the data folder, so it may come back from a backup or from elsewhere. It is code; so each file is
signed with the plugin's own secret key, and one that does not match is as good as none.
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


class SignedCache(BytecodeCache):
    """Files of `folder`, one per template, each a signature and Jinja's bytecode. `release` is what they depend on
    besides their source. A folder that cannot be written keeps nothing, and is no error.
    """

    def __init__(self, folder: Path, key: bytes, release: str) -> None:
        self._folder = folder
        self._key = key
        self._release = release.encode()

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            kept = (self._folder / bucket.key).read_bytes()
            mark, code = kept[:MARK_BYTES], kept[MARK_BYTES:]
            if hmac.compare_digest(mark, self._mark(bucket, code)):
                bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        code = bucket.bytecode_to_string()
        draft = self._folder / f"{bucket.key}.draft"
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            draft.write_bytes(self._mark(bucket, code) + code)
            draft.replace(self._folder / bucket.key)

    def _mark(self, bucket: Bucket, code: bytes) -> bytes:
        said = b"\0".join((self._release, bucket.key.encode(), code))
        return hmac.digest(self._key, said, "sha256")


def keep_templates(app: Flask) -> None:
    """Let `app` keep its compiled templates. Its `SECRET_KEY` must be set."""
    built = os.stat(app.root_path).st_mtime_ns
    release = f"{os.environ.get('PLUGIN_VERSION', '')} {built} {version('jinja2')}"
    app.jinja_env.bytecode_cache = SignedCache(data_dir() / FOLDER, str(app.config["SECRET_KEY"]).encode(), release)
