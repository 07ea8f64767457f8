"""What the zygote imports for its children: the shim, the runtime's libraries, and much of the standard library.

Only what every installation of the runtime holds, nothing of a bundle, and nothing that looks at an environment or
starts a thread when it is imported.
"""

from __future__ import annotations

import importlib
import pkgutil
from contextlib import suppress
from types import ModuleType

SHIM = ("main", "server", "gate", "identity")

LIBRARIES = (
    "argparse", "base64", "calendar", "collections.abc", "colorsys", "concurrent.futures", "configparser",
    "contextvars", "copy", "csv", "dataclasses", "datetime", "decimal", "difflib", "email.message",
    "email.mime.multipart",
    "email.mime.text", "email.policy", "email.utils", "encodings.idna", "encodings.latin_1", "enum", "fractions",
    "gettext", "glob", "gzip", "hashlib", "hmac", "html", "html.parser", "http.client", "http.cookies",
    "importlib.metadata", "importlib.resources", "ipaddress", "json", "logging.config", "logging.handlers", "mimetypes",
    "pathlib", "pprint", "random", "secrets", "shutil", "sqlite3", "ssl", "statistics", "string", "subprocess",
    "tempfile", "textwrap", "tomllib", "traceback", "typing", "unicodedata", "urllib.parse", "urllib.request", "uuid",
    "wsgiref.handlers", "xml.etree.ElementTree", "xml.sax.saxutils", "zipfile", "zlib", "zoneinfo",
)  # fmt: skip

RUNTIME = (
    "babel.dates", "babel.messages.mofile", "babel.messages.pofile", "babel.numbers", "babel.support", "blinker",
    "cheroot.wsgi", "click", "cryptography.fernet", "cryptography.hazmat.primitives.asymmetric.ed25519", "flask",
    "flask.cli", "flask.json", "flask.views", "flask_babel", "flask_wtf", "flask_wtf.file", "itsdangerous", "jinja2",
    "joserfc.jwk", "joserfc.jwt", "markupsafe", "segno", "werkzeug.debug", "werkzeug.middleware.proxy_fix",
    "werkzeug.routing", "werkzeug.security", "werkzeug.serving", "werkzeug.test", "wtforms", "wtforms.validators",
)  # fmt: skip

SDK = "lumbung_plugin"


def everything() -> None:
    """What this runtime does not have is left out."""
    for name in (*(f"{__package__}.{name}" for name in SHIM), *LIBRARIES, *RUNTIME):
        _load(name)
    sdk = _load(SDK)
    for module in pkgutil.iter_modules(sdk.__path__ if sdk else []):
        _load(f"{SDK}.{module.name}")


def _load(name: str) -> ModuleType | None:
    with suppress(ImportError):
        return importlib.import_module(name)
    return None
