"""The theme's files, each at an address that holds the digest of its content: kept for a year, changed at once."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from flask import Blueprint, Response, abort, g, url_for

from lumbung_plugin import charts, colour, maps
from lumbung_plugin.city import city

YEAR = 365 * 24 * 3600
STATIC = Path(__file__).parent / "static"
OWN = ("map.css", "map.js", "tables.css", "tables.js", "wall.css", "wall.js")
LEAFLET = ("leaflet.css", "leaflet.js")
KINDS = {".css": "text/css", ".js": "text/javascript"}


@dataclass(frozen=True)
class MapFiles:
    """Addresses of what a map needs; `leaflet` and `leaflet_style` are empty where the wheel is not installed."""

    style: str
    script: str
    leaflet: str
    leaflet_style: str


def blueprint() -> Blueprint:
    """The theme: templates, files below `/theme/`, and the functions its macros call."""
    theme = Blueprint("lumbung", __name__, template_folder="templates")
    css = colour.variables(city().color) + (STATIC / "lumbung.css").read_text(encoding="utf-8")

    @theme.get(f"/theme/{_mark(css.encode())}.css", endpoint="stylesheet")
    def stylesheet() -> Response:
        return _kept(css.encode(), "text/css")

    theme.add_url_rule("/theme/<digest>/<name>", "file", _file)
    theme.add_app_template_global(charts.shares, "chart_shares")
    theme.add_app_template_global(charts.line, "chart_line")
    theme.add_app_template_global(charts.stack, "chart_stack")
    theme.add_app_template_global(charts.columns, "chart_columns")
    theme.add_app_template_global(maps.shape, "map_shape")
    theme.add_app_template_global(map_files, "map_files")
    theme.add_app_template_global(address, "theme_file")
    theme.add_app_template_global(_moment, "wall_moment")
    return theme


def address(name: str) -> str:
    """The address of one of the theme's files, or nothing when this installation does not have it."""
    path = _place(name)
    return url_for("lumbung.file", digest=_digest(path), name=name) if path else ""


def map_files() -> MapFiles | None:
    """What the first map of a page must bring along; nothing for the maps after it."""
    if g.get("lumbung_map"):
        return None
    g.lumbung_map = True
    return MapFiles(*(address(name) for name in ("map.css", "map.js", "leaflet.js", "leaflet.css")))


def _moment() -> datetime:
    """When this page was made, for displays that renew themselves."""
    return datetime.now(UTC)


def _file(digest: str, name: str) -> Response:
    path = _place(name)
    if path is None or digest != _digest(path):
        abort(404)
    return _kept(path.read_bytes(), KINDS[path.suffix])


def _kept(content: bytes, kind: str) -> Response:
    response = Response(content, mimetype=kind)
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


def _place(name: str) -> Path | None:
    if name in OWN:
        return STATIC / name
    return _leaflet(name) if name in LEAFLET else None


@lru_cache(maxsize=len(LEAFLET))
def _leaflet(name: str) -> Path | None:
    """Where the wheel XStatic-Leaflet keeps a file; found without importing it, for it may not be installed."""
    spec = find_spec("xstatic")
    folders = spec.submodule_search_locations if spec else None
    paths = (Path(folder) / "pkg" / "leaflet" / "data" / name for folder in folders or ())
    return next((path for path in paths if path.is_file()), None)


@lru_cache(maxsize=16)
def _digest(path: Path) -> str:
    return _mark(path.read_bytes())


def _mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
