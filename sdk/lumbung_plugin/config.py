"""The city's settings: what its administrator chose, over the defaults the bundle declares."""

import json
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from flask import current_app, has_app_context

SCHEMA_NAME = "config.schema.json"


def settings(bundle: Path | None = None) -> Mapping[str, Any]:
    """The values of `CONFIG_FILE` over the `default`s of the bundle's `config.schema.json`.

    `bundle` is the folder that holds the schema; inside an application it is found beside (or in) the
    application's package. Outside one, without `bundle`, only `CONFIG_FILE` counts.
    """
    if bundle is None and has_app_context():
        bundle = bundle_of(Path(current_app.root_path))
    schema = bundle / SCHEMA_NAME if bundle else None
    chosen = os.environ.get("CONFIG_FILE")
    return _merged(schema, Path(chosen) if chosen else None)


def bundle_of(root: Path) -> Path | None:
    """The folder with the settings schema: the package's own, else its parent."""
    return next((folder for folder in (root, root.parent) if (folder / SCHEMA_NAME).is_file()), None)


@lru_cache(maxsize=16)
def _merged(schema: Path | None, chosen: Path | None) -> Mapping[str, Any]:
    # Cached for the life of the process: new settings are a new revision, which is a new process.
    values: dict[str, Any] = {}
    if schema is not None:
        properties = _read(schema).get("properties", {})
        values.update({name: rule["default"] for name, rule in properties.items() if "default" in rule})
    if chosen is not None and chosen.is_file():
        values.update(_read(chosen))
    return MappingProxyType(values)


def _read(path: Path) -> dict[str, Any]:
    loaded = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(loaded, dict):
        raise ValueError(f"{path} must hold a JSON object")
    return loaded
