"""lumbung.toml: what the host needs to know of a bundle. Every key is checked, an unknown one is refused by name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from flask_babel import gettext as _

from registry.catalog import check_schema, check_tasks, egress
from registry.catalog.files import Files
from registry.core.errors import Finding
from registry.hosting.plain import Limits, Manifest

FILE = "lumbung.toml"
MAX_BYTES = 64 * 1024
RUNTIMES = ("python-wsgi/1",)
STORES = ("sqlite", "postgresql")
MEMORY = (32 * 2**20, 2 * 2**30)
DISK = (2**20, 100 * 2**30)
CPU = (0.05, 8.0)
PROCESSES = (1, 512)
FILES = (100, 1_000_000)
REQUEST = (1, 600)
ANSWER = (2**20, 2 * 2**30)
MAX_LIST = 50

SIZE = re.compile(r"([1-9][0-9]{0,8})([KMGT]?)", re.ASCII)
UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*:[A-Za-z_]\w*", re.ASCII)
URL_PATH = re.compile(r"/[A-Za-z0-9._~/-]*", re.ASCII)
CAPABILITY = re.compile(r"[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)*", re.ASCII)
USE = re.compile(r"[a-z][a-z0-9-]*:[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)*", re.ASCII)


class ValueProblemError(ValueError):
    """Why a value is refused, in words for its author."""


def parse_size(text: object) -> int:
    """``"128M"`` in bytes; K, M, G and T are powers of 1024. Raises ValueProblemError."""
    match = SIZE.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueProblemError(_('Must be a size in quotes, such as "128M" or "1G".'))
    return int(match[1]) * UNITS[match[2]]


def _size(least: int, most: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        size = parse_size(value)
        if not least <= size <= most:
            small, large = f"{least // 2**20}M", f"{most // 2**30}G"
            raise ValueProblemError(_("Must lie between %(least)s and %(most)s.", least=small, most=large))
        return size

    return read


def _number(least: float, most: float, whole: bool) -> Callable[[object], float]:
    def read(value: object) -> float:
        fits = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        if not fits or not least <= value <= most:  # type: ignore[operator]
            raise ValueProblemError(_("Must be a number from %(least)s to %(most)s.", least=least, most=most))
        return value  # type: ignore[return-value]

    return read


def _text(pattern: re.Pattern[str], hint: Callable[[], str]) -> Callable[[object], str]:
    def read(value: object) -> str:
        if not isinstance(value, str) or len(value) > 200 or not pattern.fullmatch(value):
            raise ValueProblemError(hint())
        return value

    return read


def _choice(*allowed: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if value not in allowed:
            raise ValueProblemError(_("Must be one of: %(values)s.", values=", ".join(allowed)))
        return str(value)

    return read


def _many(item: Callable[[object], str]) -> Callable[[object], tuple[str, ...]]:
    def read(value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or len(value) > MAX_LIST:
            raise ValueProblemError(_("Must be a list of at most %(n)d texts.", n=MAX_LIST))
        return tuple(item(one) for one in value)

    return read


def _schema_path(value: object) -> str:
    if not isinstance(value, str) or not value.endswith(".json") or len(value) > 200:
        raise ValueProblemError(_("Must be the path of a .json file in the bundle."))
    return value.removeprefix("./")


_path = _text(URL_PATH, lambda: _("Must be a path that begins with /, such as /healthz."))
_name = _text(NAME, lambda: _("Must read module:name, such as lapor:create_app."))
_use = _text(USE, lambda: _("Must read app:capability, such as simtaru:zoning.read."))


def _provides(value: object) -> dict[str, str]:
    if not isinstance(value, dict) or len(value) > MAX_LIST or not all(CAPABILITY.fullmatch(key) for key in value):
        raise ValueProblemError(_('Must map capabilities to paths, such as { "kpi.read" = "/_kpi" }.'))
    return {key: _path(path) for key, path in value.items()}


def _egress(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > egress.MAX_HOSTS:
        raise ValueProblemError(_("Must be a list of at most %(n)d texts.", n=egress.MAX_HOSTS))
    for wish in value:
        if problem := egress.problem(wish if isinstance(wish, str) else ""):
            raise ValueProblemError(problem)
    return tuple(dict.fromkeys(value))


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueProblemError(_("Must be true or false, without quotes."))
    return value


KEYS: Mapping[str, Mapping[str, Callable[[object], Any]]] = {
    "plugin": {"runtime": _choice(*RUNTIMES), "entrypoint": _name, "health": _path},
    "data": {"store": _choice(*STORES), "migrate": _name},
    "config": {"schema": _schema_path},
    "access": {"staff": _many(_path)},
    "connect": {"uses": _many(_use), "provides": _provides, "egress": _egress, "mail": _flag},
    "limits": {
        "memory": _size(*MEMORY),
        "disk": _size(*DISK),
        "cpu": _number(*CPU, whole=False),
        "processes": _number(*PROCESSES, whole=True),
        "files": _number(*FILES, whole=True),
        "request": _number(*REQUEST, whole=True),
        "answer": _size(*ANSWER),
    },
    "task": {},
}


def read(files: Files, findings: list[Finding]) -> tuple[Manifest | None, dict[str, Any] | None]:
    """The manifest and its config schema; None for what has an error, which is noted in ``findings``."""
    if FILE not in files:
        findings.append(Finding(FILE, _("Missing: the host reads there how to run the app. See the plugin guide.")))
        return None, None
    values, found = parse(files.read(FILE))
    findings.extend(found)
    if found:
        return None, None
    manifest = _manifest(values)
    findings.extend(_wishes(manifest))
    schema = None
    if manifest.config_schema:
        schema, problem = check_schema.read(files, manifest.config_schema)
        if problem:
            findings.append(Finding(manifest.config_schema, problem))
    return manifest, schema


def parse(text: bytes) -> tuple[dict[str, dict[str, Any]], list[Finding]]:
    """The checked values by table and key, and what is wrong."""
    if len(text) > MAX_BYTES:
        return {}, [Finding(FILE, _("The file is longer than %(n)d kB: shorten it.", n=MAX_BYTES // 1024))]
    try:
        document = tomllib.loads(text.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        return {}, [Finding(FILE, _("This is not valid TOML: %(problem)s.", problem=str(error)[:200]))]
    lines = _lines(text.decode())
    values: dict[str, dict[str, Any]] = {}
    findings: list[Finding] = []
    for table, content in document.items():
        if table == "task":
            tasks, wrong = check_tasks.read(content, NAME.fullmatch, f"{FILE}#task")
            values["task"] = {"tasks": tasks}
            findings.extend(wrong)
        elif table not in KEYS or not isinstance(content, dict):
            findings.append(_unknown(table, KEYS, f"{FILE}#{table[:80]}", lines.get((table, ""))))
        else:
            values[table] = _table(table, content, lines, findings)
    if not isinstance(plugin := document.get("plugin"), dict) or "entrypoint" not in plugin:
        message = _("plugin.entrypoint is required: name what the host calls, such as lapor:create_app.")
        findings.append(Finding(f"{FILE}#plugin.entrypoint", message, line=lines.get(("plugin", ""))))
    return values, findings


def _table(
    table: str, content: Mapping[str, object], lines: Mapping[tuple[str, str], int], findings: list[Finding]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in content.items():
        path, line = f"{FILE}#{table}.{key[:80]}", lines.get((table, key))
        reader = KEYS[table].get(key)
        if reader is None:
            findings.append(_unknown(key, KEYS[table], path, line))
            continue
        try:
            values[key] = reader(value)
        except ValueProblemError as problem:
            findings.append(Finding(path, str(problem), line=line))
    return values


def _unknown(key: str, known: Mapping[str, object], path: str, line: int | None) -> Finding:
    close = get_close_matches(key[:80], known, n=1)
    hint = _("did you mean %(hint)s?", hint=close[0]) if close else _("known are %(keys)s.", keys=", ".join(known))
    return Finding(path, _("Unknown key %(key)s: %(hint)s", key=key[:80], hint=hint), line=line)


def _lines(text: str) -> dict[tuple[str, str], int]:
    """Where each key of each table stands (``("limits", "memory")``; the table itself under ``""``)."""
    found: dict[tuple[str, str], int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[\s*([\w-]+)\s*\]", line)
        key = re.match(r"\s*\"?([\w-]+)\"?\s*=", line)
        if header:
            table = header[1]
            found.setdefault((table, ""), number)
        elif key:
            found.setdefault((table, key[1]) if table else (key[1], ""), number)
    return found


def _manifest(values: Mapping[str, Mapping[str, Any]]) -> Manifest:
    plugin, connect = values["plugin"], values.get("connect", {})
    return Manifest(
        entrypoint=plugin["entrypoint"],
        runtime=plugin.get("runtime", Manifest.runtime),
        health=plugin.get("health", Manifest.health),
        store=values.get("data", {}).get("store", Manifest.store),
        migrate=values.get("data", {}).get("migrate"),
        config_schema=values.get("config", {}).get("schema"),
        staff=values.get("access", {}).get("staff", ()),
        uses=connect.get("uses", ()),
        provides=connect.get("provides", {}),
        egress=connect.get("egress", ()),
        mail=connect.get("mail", False),
        tasks=values.get("task", {}).get("tasks", ()),
        limits=Limits.from_json(values.get("limits", {})),
    )


def _wishes(manifest: Manifest) -> list[Finding]:
    """What goes out of the city's own data: said before adoption, decided by each city's admin."""
    told = []
    if manifest.egress:
        hosts = ", ".join(manifest.egress)
        told.append(
            _("The app asks to reach %(hosts)s. It reaches none until the city's admin allows it.", hosts=hosts)
        )
    if manifest.mail:
        told.append(_("The app asks to send mail. It sends none until the city's admin allows it."))
    return [Finding(f"{FILE}#connect", text, level="warning") for text in told]
