"""lumbung.toml: what the host needs to know of a bundle. Every key is checked, an unknown one is refused by name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from flask_babel import gettext as _

from registry.catalog.inspection import config_schema as check_schema
from registry.catalog.inspection import law as check_law
from registry.catalog.inspection import needs as check_needs
from registry.catalog.inspection import tasks as check_tasks
from registry.catalog.inspection import values as check_values
from registry.catalog.inspection.files import Files
from registry.core.errors import Finding
from registry.hosting.plain import Limits, Manifest, Needs

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

KEYS: Mapping[str, Mapping[str, Callable[[object], Any]]] = {
    "plugin": {"runtime": check_values.choice(*RUNTIMES), "entrypoint": check_values.name, "health": check_values.path},
    "data": {"store": check_values.choice(*STORES), "migrate": check_values.name},
    "config": {"schema": check_values.schema_path},
    "access": {"staff": check_values.many(check_values.path)},
    "connect": {
        "uses": check_values.many(check_values.use),
        "provides": check_values.provides,
        "egress": check_values.hosts,
        "mail": check_values.flag,
    },
    "limits": {
        "memory": check_values.size(*MEMORY),
        "disk": check_values.size(*DISK),
        "cpu": check_values.number(*CPU, whole=False),
        "processes": check_values.number(*PROCESSES, whole=True),
        "files": check_values.number(*FILES, whole=True),
        "request": check_values.number(*REQUEST, whole=True),
        "answer": check_values.size(*ANSWER),
    },
    "needs": check_needs.KEYS,
    "law": check_law.KEYS,
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
            tasks, wrong = check_tasks.read(content, check_values.NAME.fullmatch, f"{FILE}#task")
            values["task"] = {"tasks": tasks}
            findings.extend(wrong)
        elif table not in KEYS or not isinstance(content, dict):
            findings.append(_unknown(table, KEYS, f"{FILE}#{table[:80]}", lines.get((table, ""))))
        else:
            values[table] = _table(table, content, lines, findings)
    if isinstance(needs := document.get("needs"), dict):
        problems = check_needs.missing(needs)
        findings.extend(Finding(f"{FILE}#needs", problem, line=lines.get(("needs", ""))) for problem in problems)
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
        except check_values.ValueProblemError as problem:
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
        key = re.match(r"\s*\"?([\w-]+)\"?\s*(?:\.\s*[\w-]+\s*)?=", line)
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
        needs=Needs(**values["needs"]) if "needs" in values else None,
        law=values.get("law", {}).get("basis", ()),
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
