"""A bundle's own files below `/static`: as with the theme's, the address names the content, so a browser may keep it.

Otherwise each page asks for each of them again, and waits for the answer before it shows anything.
"""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from werkzeug.security import safe_join

YEAR = 365 * 24 * 3600
ENDPOINT = "static"
SENT = (200, 206, 304)


def keep_files(app: Flask) -> None:
    """From now on `url_for("static", …)` says which content is meant (`?v=`, whatever a template says there)."""
    folder = app.static_folder

    def name_content(endpoint: str, values: dict[str, Any]) -> None:
        mark = _mark(folder, values.get("filename")) if endpoint == ENDPOINT else ""
        if mark:
            values["v"] = mark

    def keep(response: Response) -> Response:
        asked = request.args.get("v") if request.endpoint == ENDPOINT and response.status_code in SENT else None
        if asked and asked == _mark(folder, (request.view_args or {}).get("filename")):
            response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        return response

    app.url_defaults(name_content)
    app.after_request(keep)


def _mark(folder: str | None, name: str | None) -> str:
    """The digest of a file's present content; nothing for no file."""
    place = safe_join(folder, name) if folder and name else None
    try:
        return _digest(Path(place), Path(place).stat().st_mtime_ns) if place else ""
    except (OSError, ValueError):  # no path at all, with a zero byte in it
        return ""


@lru_cache(maxsize=256)
def _digest(path: Path, _changed: int) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()[:12]
