"""What an installation is told from outside: one frozen value, read once from the environment."""

from __future__ import annotations

import hashlib
import ipaddress
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

MAX_SOCKET_PATH = 60
"""A unix socket's path may have 107 bytes; ``plugins/{city}/{name}.sock`` needs up to 45 of them."""

MAX_ADDRESS = 107
HOST_NAME = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
"""Small letters, as browsers send them."""

HOST_BOUNDS = ("idle_seconds", "starts_at_once", "awake", "awake_per_city", "proving_seconds")
"""Of `Settings.extra`, by the plugin host: seconds without a visitor before a plugin leaves (0: never), how many may
start at once, be awake in all, and be awake of one city (docs/scaling.md), and seconds a bundle's own tests may take.
"""

OIDC = ("issuer", "client", "secret", "name", "domains")
NUMBERING = re.compile(r"([A-Za-z0-9./_ -]|\{(serial|month|year)\})+")
PORTS = {"http": 80, "https": 443}
REPOSITORY = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Sizes are bytes, times are seconds. Paths below ``data`` are made by whoever writes there first.

    ``edge`` is ``direct`` (browsers talk to it; with https it gets the certificates, and ``http_port`` sends browsers
    on to ``port``) or ``behind`` (a proxy in front ends TLS; only ``trusted_proxies`` are believed about who asks).
    ``tls`` is ``acme`` or ``internal`` (certificates of the edge's own authority: trial and tests).
    """

    data: Path
    port: int = 8000
    registry_host: str = "localhost"
    plugin_domain: str = "localhost"
    scheme: str = "http"
    edge: str = "direct"
    tls: str = "acme"
    http_port: int = 80
    acme_mail: str = ""
    trusted_proxies: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    database_url: str = ""
    owner_url: str = ""
    admin_url: str = ""
    """May make roles and databases, for plugins that keep their data in PostgreSQL. Known to the host alone."""

    languages: tuple[str, ...] = ("id", "en")
    demo: bool = False
    second_factor: str = "offered"
    """``required`` of maintainers and cities' admins, or ``offered`` to everybody."""

    max_bundle: int = 50 * 2**20
    max_bundle_files: int = 5_000
    max_push: int = 50 * 2**20
    fork_quota: int = 2 * 2**30
    """What the forks of a city may weigh together, borrowed objects not counted; 0: any. Maintainers may give a city
    another limit."""

    max_upload: int = 60 * 2**20
    git_packs: int = 8
    build_seconds: int = 300
    import_hosts: tuple[str, ...] = ()
    webhook_hosts: tuple[str, ...] = ()
    """``host`` or ``host:port``: told by webhooks though not on the public internet, or not on the usual port."""
    oidc: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The OpenID provider of the whole installation: ``issuer``, ``client``, ``secret``, ``name`` of its button and
    ``domains`` of mail it is believed about (docs/runbook.md). Empty when there is none."""
    oidc_hosts: tuple[str, ...] = ()
    """``host`` or ``host:port`` of OpenID providers that are not on the public internet, or not on the usual port."""
    handover_number: str = "BAST/{serial}/LMB/{month}/{year}"
    """How handovers are numbered: ``{serial}`` begins anew each year, ``{month}`` is a Roman numeral."""

    log_days: int = 14
    log_bytes: int = 10 * 2**20
    backup_repository: str = field(default="", repr=False)
    """Where backups go, as restic names places (``s3:…``, ``sftp:…``); a folder of the data folder when empty."""

    smtp: str = field(default="", repr=False)
    """Where mail goes (``smtp://user:password@host:587``); without it messages become files in ``data/mail``."""
    mail_from: str = ""
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

    def domain_socket(self, host_name: str) -> Path:
        """A link to a plugin's socket, by its city's own host name; of at most `longest_domain` characters."""
        return self.run / "domains" / f"{host_name}.sock"

    @property
    def longest_domain(self) -> int:
        """The kernel takes socket addresses of `MAX_ADDRESS` bytes, and the link's path is one."""
        return min(253, MAX_ADDRESS - len(str(self.domain_socket(""))))

    @property
    def _port(self) -> str:
        return "" if self.edge == "behind" or self.port == PORTS[self.scheme] else f":{self.port}"


def from_environment(environ: Mapping[str, str] | None = None, **given: object) -> Settings:
    """Settings from ``LUMBUNG_*`` and ``DATABASE_URL``; ``given`` (from the command line) wins.

    Raises ValueError that names the variable and says what it may be.
    """
    env = os.environ if environ is None else environ
    values: dict[str, object] = {
        "data": Path(env.get("LUMBUNG_DATA") or REPOSITORY / "var").resolve(),
        "database_url": env.get("DATABASE_URL", ""),
        "owner_url": env.get("DATABASE_OWNER_URL", ""),
        "admin_url": env.get("DATABASE_ADMIN_URL", ""),
        "demo": env.get("LUMBUNG_DEMO") == "1",
        "second_factor": _second_factor(env),
        "max_push": _number(env, "LUMBUNG_MAX_PUSH", Settings.max_push),
        "fork_quota": _number(env, "LUMBUNG_FORK_QUOTA", Settings.fork_quota),
        "max_bundle": _number(env, "LUMBUNG_MAX_BUNDLE", Settings.max_bundle),
        "handover_number": _numbering(env, "LUMBUNG_HANDOVER_NUMBER"),
        "log_days": _number(env, "LUMBUNG_LOG_DAYS", Settings.log_days),
        "log_bytes": _number(env, "LUMBUNG_LOG_BYTES", Settings.log_bytes),
        "import_hosts": tuple(env.get("LUMBUNG_IMPORT_HOSTS", "").split()),
        "webhook_hosts": tuple(env.get("LUMBUNG_WEBHOOK_HOSTS", "").lower().split()),
        "oidc": _oidc(env),
        "oidc_hosts": tuple(env.get("LUMBUNG_OIDC_HOSTS", "").lower().split()),
        "backup_repository": env.get("LUMBUNG_BACKUP_REPOSITORY", ""),
        "smtp": env.get("LUMBUNG_SMTP", ""),
        "mail_from": env.get("LUMBUNG_MAIL_FROM", ""),
        "extra": {name: str(_number(env, f"LUMBUNG_{name.upper()}", 0)) for name in HOST_BOUNDS if _named(env, name)},
        **_addresses(env),
    }
    values.update({key: value for key, value in given.items() if value is not None})
    return Settings(**values)  # type: ignore[arg-type]


def _named(env: Mapping[str, str], name: str) -> bool:
    return bool(env.get(f"LUMBUNG_{name.upper()}"))


def _second_factor(env: Mapping[str, str]) -> str:
    """A demo's people have no phones: there it is offered, unless it is asked for."""
    first, other = ("offered", "required") if env.get("LUMBUNG_DEMO") == "1" else ("required", "offered")
    return _one_of(env, "LUMBUNG_SECOND_FACTOR", first, other)


def _addresses(env: Mapping[str, str]) -> dict[str, object]:
    """Where the registry is met, and by what edge."""
    scheme = _one_of(env, "LUMBUNG_SCHEME", "http", "https")
    edge = _one_of(env, "LUMBUNG_EDGE", "direct", "behind")
    alone = scheme == "https" and edge == "direct"
    return {
        "scheme": scheme,
        "edge": edge,
        "tls": _one_of(env, "LUMBUNG_TLS", "acme", "internal"),
        "port": _number(env, "LUMBUNG_PORT", PORTS["https"] if alone else Settings.port),
        "http_port": _number(env, "LUMBUNG_HTTP_PORT", Settings.http_port),
        "registry_host": _host(env, "LUMBUNG_HOST"),
        "plugin_domain": _host(env, "LUMBUNG_PLUGIN_DOMAIN"),
        "acme_mail": _mail(env, "LUMBUNG_ACME_MAIL"),
        "trusted_proxies": _networks(env, "LUMBUNG_TRUSTED_PROXIES") or Settings.trusted_proxies,
    }


def _oidc(env: Mapping[str, str]) -> dict[str, str]:
    """Nothing, or all that signing in needs. A variable that is missing is named."""
    given = {name: env.get(f"LUMBUNG_OIDC_{name.upper()}", "") for name in OIDC}
    if not given["issuer"]:
        return {}
    for name in ("client", "secret"):
        if not given[name]:
            raise ValueError(f"LUMBUNG_OIDC_ISSUER is set, so LUMBUNG_OIDC_{name.upper()} must be, too")
    return given


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name)
    if not text:
        return default
    if not text.isdigit():
        raise ValueError(f"{name} must be a whole number, not {text!r}")
    return int(text)


def _numbering(env: Mapping[str, str], name: str) -> str:
    text = env.get(name) or Settings.handover_number
    if len(text) > 60 or not NUMBERING.fullmatch(text) or "{serial}" not in text or "{year}" not in text:
        raise ValueError(f"{name} must be like {Settings.handover_number}, with serial and year, not {text!r}")
    return text


def _one_of(env: Mapping[str, str], name: str, default: str, *others: str) -> str:
    text = env.get(name) or default
    if text not in (default, *others):
        raise ValueError(f"{name} must be {default} or {' or '.join(others)}, not {text!r}")
    return text


def _host(env: Mapping[str, str], name: str) -> str:
    text = env.get(name) or "localhost"
    if len(text) > 200 or not HOST_NAME.fullmatch(text):
        raise ValueError(f"{name} must be a host name in small letters without a port, not {text!r}")
    return text


def _mail(env: Mapping[str, str], name: str) -> str:
    text = env.get(name) or ""
    if text and not re.fullmatch(r"[^@\s{}\"]+@[^@\s{}\"]+", text):
        raise ValueError(f"{name} must be an e-mail address, not {text!r}")
    return text


def _networks(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    try:
        return tuple(str(ipaddress.ip_network(word)) for word in env.get(name, "").split())
    except ValueError as error:
        raise ValueError(f"{name} must be networks like 10.0.0.0/8 with spaces between: {error}") from None
