"""What a plugin is told: environment variables, its configuration, and the shim's own settings. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from registry.hosting.plain import RunSpec

CONFIG_FILE = "/etc/lumbung/config.json"
SHIM_FILE = "/etc/lumbung/shim.json"
KEY_FILE = "/etc/lumbung/public.pem"

_USERS = "plugin:x:1000:1000:plugin:/tmp:/usr/sbin/nologin\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n"
_GROUP = "plugin:x:1000:\nnogroup:x:65534:\n"
_NSSWITCH = "passwd: files\ngroup: files\nhosts: files\n"
_HOSTS = "127.0.0.1 localhost lumbung\n::1 localhost\n"

_NOT_BY_PROXY = "localhost,127.0.0.1,::1"
_PROXY = {
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "http://127.0.0.1:3128"),
    **dict.fromkeys(("NO_PROXY", "no_proxy"), _NOT_BY_PROXY),
}
"""Where libraries find the forwarder of `registry.host.shim.forward`."""


@dataclass(frozen=True)
class Serving:
    """What every sandbox of this installation shares. ``idle_seconds`` 0 means never leave."""

    public_key: bytes
    idle_seconds: float = 300
    max_body: int = 60 * 2**20


def variables(spec: RunSpec) -> dict[str, str]:
    """The plugin's whole environment (bubblewrap clears its own)."""
    city = spec.city
    return {
        "PATH": "/env/bin:/usr/bin:/bin",
        "HOME": "/tmp",  # noqa: S108 - the sandbox's own sized tmpfs
        "LANG": "C.UTF-8",
        "TZ": city.timezone,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
        "DATA_DIR": "/data",
        "DATABASE_URL": "sqlite:////data/data.sqlite3",
        "CONFIG_FILE": CONFIG_FILE,
        "SECRET_KEY": spec.secret_key,
        "PLUGIN_NAME": spec.name,
        "PLUGIN_VERSION": spec.version,
        "PLUGIN_ORIGIN": spec.origin,
        "LUMBUNG_AUDIENCE": spec.audience,
        "TENANT_CODE": city.code,
        "TENANT_SLUG": city.slug,
        "TENANT_NAME": city.name,
        "TENANT_TIMEZONE": city.timezone,
        "TENANT_LOCALE": city.locale,
        "TENANT_COLOR": city.color,
        "TENANT_LOGO": city.logo,
        "TENANT_PORTAL": city.portal,
        "TENANT_DEMO": "1" if city.demo else "",
        **(_PROXY if _has_egress(spec) else {}),
        **spec.variables,
    }


def files(spec: RunSpec, serving: Serving) -> dict[str, bytes]:
    """Small read-only files of the sandbox, by path."""
    return {
        "/etc/passwd": _USERS.encode(),
        "/etc/group": _GROUP.encode(),
        "/etc/nsswitch.conf": _NSSWITCH.encode(),
        "/etc/hosts": _HOSTS.encode(),
        CONFIG_FILE: json.dumps(dict(spec.config), ensure_ascii=False).encode(),
        SHIM_FILE: json.dumps(_shim(spec, serving)).encode(),
        KEY_FILE: serving.public_key,
    }


def _has_egress(spec: RunSpec) -> bool:
    return bool(spec.manifest.egress) and spec.outside is not None and not spec.trial


def _shim(spec: RunSpec, serving: Serving) -> dict[str, object]:
    return {
        "entrypoint": spec.manifest.entrypoint,
        "migrate": spec.manifest.migrate or "",
        "staff": ["/"] if spec.trial else list(spec.manifest.staff),
        "provides": dict(spec.manifest.provides),
        "health": spec.manifest.health,
        "egress": _has_egress(spec),
        "language": spec.city.locale,
        "audience": spec.audience,
        "revision": spec.revision,
        "scheme": urlsplit(spec.origin).scheme or "http",
        "idle_seconds": 0 if spec.pinned else serving.idle_seconds,
        "max_body": serving.max_body,
        "request": spec.limits.request,
        "answer": spec.limits.answer,
    }
