"""What an installation is told from outside: one frozen value, read once from the environment."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

MAX_SOCKET_PATH = 60
"""A unix socket's path may have 107 bytes; ``plugins/{city}/{name}.sock`` needs up to 45 of them."""

REPOSITORY = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Sizes are bytes, times are seconds. Paths below ``data`` are made by whoever writes there first."""

    data: Path
    port: int = 8000
    registry_host: str = "localhost"
    plugin_domain: str = "localhost"
    scheme: str = "http"
    database_url: str = ""
    owner_url: str = ""
    languages: tuple[str, ...] = ("id", "en")
    demo: bool = False
    max_bundle: int = 50 * 2**20
    max_bundle_files: int = 5_000
    max_push: int = 50 * 2**20
    max_upload: int = 60 * 2**20
    git_packs: int = 8
    build_seconds: int = 300
    import_hosts: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def run(self) -> Path:
        """Where sockets live: in the data folder, or under a short name when its path is too long for one."""
        inside = self.data / "run"
        if len(str(inside)) <= MAX_SOCKET_PATH:
            return inside
        name = hashlib.sha256(str(self.data).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"lumbung-{os.getuid()}-{name}"

    @property
    def secrets(self) -> Path:
        return self.data / "secrets"

    @property
    def origin(self) -> str:
        """The registry's own origin, no trailing slash."""
        return f"{self.scheme}://{self.registry_host}{self._port}"

    def portal_origin(self, city: str) -> str:
        return f"{self.scheme}://{city}.{self.plugin_domain}{self._port}"

    def plugin_origin(self, city: str, name: str) -> str:
        return f"{self.scheme}://{name}.{city}.{self.plugin_domain}{self._port}"

    def plugin_socket(self, city: str, name: str) -> Path:
        return self.run / "plugins" / city / f"{name}.sock"

    def outside(self, deployment: int) -> Path:
        """The folder of a deployment's own sockets to the host: mounted at ``/run/lumbung`` in its sandbox."""
        return self.run / "outside" / str(deployment)

    @property
    def _port(self) -> str:
        default = {"http": 80, "https": 443}[self.scheme]
        return "" if self.port == default else f":{self.port}"


def from_environment(environ: Mapping[str, str] | None = None, **given: object) -> Settings:
    """Settings from ``LUMBUNG_*`` and ``DATABASE_URL``; ``given`` (from the command line) wins.

    Raises ValueError naming the variable when a number is not one.
    """
    env = os.environ if environ is None else environ
    values: dict[str, object] = {
        "data": Path(env.get("LUMBUNG_DATA") or REPOSITORY / "var").resolve(),
        "port": _number(env, "LUMBUNG_PORT", 8000),
        "registry_host": env.get("LUMBUNG_HOST") or "localhost",
        "plugin_domain": env.get("LUMBUNG_PLUGIN_DOMAIN") or "localhost",
        "scheme": env.get("LUMBUNG_SCHEME") or "http",
        "database_url": env.get("DATABASE_URL", ""),
        "owner_url": env.get("DATABASE_OWNER_URL", ""),
        "demo": env.get("LUMBUNG_DEMO") == "1",
        "max_push": _number(env, "LUMBUNG_MAX_PUSH", Settings.max_push),
        "max_bundle": _number(env, "LUMBUNG_MAX_BUNDLE", Settings.max_bundle),
        "import_hosts": tuple(env.get("LUMBUNG_IMPORT_HOSTS", "").split()),
    }
    values.update({key: value for key, value in given.items() if value is not None})
    return Settings(**values)  # type: ignore[arg-type]


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name)
    if not text:
        return default
    if not text.isdigit():
        raise ValueError(f"{name} must be a whole number, not {text!r}")
    return int(text)
