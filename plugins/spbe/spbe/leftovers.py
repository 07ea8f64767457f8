"""Files of evidence nobody names any more."""

import sqlite3
import time

from lumbung_plugin import attachments

DAY = 24 * 3600


def find(db: sqlite3.Connection) -> list[str]:
    """Names of files older than a day without a row: a younger one may belong to a request that is still running."""
    named = {row["file"] for row in db.execute("SELECT file FROM evidence WHERE file <> ''")}
    before = time.time() - DAY
    paths = [path for path in attachments.folder().iterdir() if path.is_file() and path.stat().st_mtime < before]
    return [path.name for path in paths if path.name not in named]
