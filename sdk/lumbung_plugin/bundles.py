"""A bundle as its own tests see it: its package, manifest and settings. `lumbung_plugin.fixtures` begins with one."""

import json
import sqlite3
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask


@dataclass(frozen=True)
class Bundle:
    """The bundle under test: the package `name`, and `config`, the settings its city has chosen.

    `fill` adds to the migrated database what every test finds there; it need not commit.
    """

    name: str
    config: Mapping[str, Any] = field(default_factory=dict)
    fill: Callable[[sqlite3.Connection], object] | None = None

    @cached_property
    def package(self) -> Path:
        """The folder of the package."""
        return Path(str(import_module(self.name).__file__)).parent

    @property
    def folder(self) -> Path:
        """The root of the bundle."""
        return self.package.parent

    @cached_property
    def manifest(self) -> dict[str, Any]:
        return tomllib.loads((self.folder / "lumbung.toml").read_text(encoding="utf-8"))

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of its settings."""
        found: dict[str, Any] = json.loads((self.folder / "config.schema.json").read_text(encoding="utf-8"))
        return found

    def create_app(self) -> Flask:
        app: Flask = named(self.manifest["plugin"]["entrypoint"])()
        return app

    def upgrade(self) -> None:
        """Migrate, as the host does before a start."""
        named(self.manifest["data"]["migrate"])()


@dataclass(frozen=True)
class Demonstration:
    """A filled data folder, and the seconds of the processor that filling took."""

    folder: Path
    seconds: float


def named(call: str) -> Callable[[], Any]:
    """What `module:attribute` of a manifest means. Raises ImportError, AttributeError."""
    module, _, attribute = call.partition(":")
    found: Callable[[], Any] = getattr(import_module(module), attribute)
    return found
