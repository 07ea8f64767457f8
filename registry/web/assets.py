"""``python -m registry.web.assets``: bring the few third-party files from node_modules to where they are served."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from fontTools.ttLib import woff2

from registry.config import REPOSITORY

FILES = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap.min.css",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "swagger-ui-dist/swagger-ui.css": "swagger-ui.css",
    "swagger-ui-dist/swagger-ui-bundle.js": "swagger-ui.js",
}
ICONS = "bootstrap-icons/icons"
LETTERS = "@fontsource"
FONTS = [
    *(f"source-serif-4/files/source-serif-4-{part}.woff2" for part in
      ("latin-400-normal", "latin-400-italic", "latin-700-normal", "latin-ext-400-normal", "latin-ext-700-normal")),
    "source-code-pro/files/source-code-pro-latin-400-normal.woff2",
]  # fmt: skip
"""What official documents are written in; never sent to a browser."""

QUOTED = re.compile(r"""["']([a-z0-9][a-z0-9-]{1,58})["']""")


class AssetsMissingError(Exception):
    """npm has not installed what package.json names."""


def install(repository: Path) -> int:
    """Copy the style sheet, the script and each icon whose name stands quoted in our code; says how many files.

    Raises AssetsMissingError, which says what to run first.
    """
    modules, vendor = repository / "node_modules", repository / "registry" / "web" / "static" / "vendor"
    missing = [source for source in [*FILES, ICONS, LETTERS] if not (modules / source).exists()]
    if missing:
        raise AssetsMissingError(f"{modules}/{missing[0]} is missing: run 'npm ci --ignore-scripts' first")
    (vendor / "icons").mkdir(parents=True, exist_ok=True)
    for source, target in FILES.items():
        shutil.copyfile(modules / source, vendor / target)
    install_fonts(modules / LETTERS, repository / "registry" / "tenants" / "documents" / "fonts")
    names = used_icons(repository / "registry", modules / ICONS)
    for name in names:
        shutil.copyfile(modules / ICONS / f"{name}.svg", vendor / "icons" / f"{name}.svg")
    return len(FILES) + len(names)


def install_fonts(packages: Path, folder: Path) -> None:
    """The fonts of official documents, unpacked once here and not for each document; each family with its licence."""
    folder.mkdir(parents=True, exist_ok=True)
    for source in FONTS:
        package = source.partition("/")[0]
        woff2.decompress(packages / source, folder / f"{Path(source).stem}.ttf")
        shutil.copyfile(packages / package / "LICENSE", folder / f"{package}.LICENSE")


def used_icons(code: Path, icons: Path) -> list[str]:
    """Names of icons our templates and Python files speak of; a few words too many do no harm."""
    words = {word for text in _sources(code) for word in QUOTED.findall(text)}
    return sorted(words & {path.stem for path in icons.glob("*.svg")})


def _sources(code: Path) -> Iterator[str]:
    for pattern in ("*.html", "*.py"):
        for path in code.rglob(pattern):
            yield path.read_text(encoding="utf-8")


def main() -> int:
    try:
        count = install(REPOSITORY)
    except AssetsMissingError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{count} files for the browser are in registry/web/static/vendor")
    return 0


if __name__ == "__main__":
    sys.exit(main())
