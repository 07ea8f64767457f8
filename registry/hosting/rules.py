"""Pure rules of hosting: names, limits, config against its schema, which switch may follow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator
from referencing import Registry

from registry.core.errors import Finding
from registry.hosting.plain import Limits

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
MAX_NAME = 40
MAX_CONFIG_BYTES = 64 * 1024
MAX_LIMITS = Limits(
    memory=1024 * 2**20, cpu=2.0, disk=20 * 2**30, processes=256, files=500_000, request=300, answer=2**30
)

KINDS = ("text", "long", "number", "integer", "flag", "choice", "list", "json")
SECRET_KEPT = "•" * 8
"""What a form shows for a secret that is set; coming back unchanged it keeps the stored one."""


@dataclass(frozen=True)
class Field:
    """One property of a config schema as a form draws it; ``kind`` is one of `KINDS`."""

    name: str
    kind: str
    title: str
    description: str
    required: bool
    secret: bool
    default: Any
    choices: tuple[Any, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    max_length: int | None = None


def name_problem(name: str) -> str | None:
    """A plugin's name becomes a host label."""
    return None if NAME.fullmatch(name) and len(name) <= MAX_NAME else "not-a-label"


def granted(asked: Limits) -> Limits:
    """What a bundle asks for, within what this host gives at most."""
    return Limits(
        memory=min(asked.memory, MAX_LIMITS.memory),
        cpu=min(asked.cpu, MAX_LIMITS.cpu),
        disk=min(asked.disk, MAX_LIMITS.disk),
        processes=min(asked.processes, MAX_LIMITS.processes),
        files=min(asked.files, MAX_LIMITS.files),
        request=min(asked.request, MAX_LIMITS.request),
        answer=min(asked.answer, MAX_LIMITS.answer),
    )


def fields(schema: Mapping[str, Any], language: str) -> list[Field]:
    """The form of a config schema (JSON Schema 2020-12), in its own order; ``x-en`` holds the English words."""
    required = set(schema.get("required", ()))
    return [_field(name, rule, name in required, language) for name, rule in (schema.get("properties") or {}).items()]


def _field(name: str, rule: Mapping[str, Any], required: bool, language: str) -> Field:
    words = {**rule, **(rule.get("x-en") or {})} if language == "en" else rule
    return Field(
        name=name,
        kind=_kind(rule),
        title=str(words.get("title") or name),
        description=str(words.get("description") or ""),
        required=required,
        secret=bool(rule.get("writeOnly")),
        default=rule.get("default"),
        choices=tuple(rule.get("enum") or (rule.get("items") or {}).get("enum") or ()),
        minimum=rule.get("minimum"),
        maximum=rule.get("maximum"),
        max_length=rule.get("maxLength"),
    )


def _kind(rule: Mapping[str, Any]) -> str:
    if "enum" in rule:
        return "choice"
    if rule.get("type") == "string" and (rule.get("maxLength") or 0) > 200:
        return "long"
    kinds = {"boolean": "flag", "integer": "integer", "number": "number", "array": "list", "string": "text"}
    return kinds.get(str(rule.get("type")), "json")


def config_findings(schema: Mapping[str, Any], config: Mapping[str, Any]) -> list[Finding]:
    """What is wrong with a config: unknown keys by name, then what JSON Schema says, by path.

    Nothing is ever fetched for a ``$ref``. A hostile schema takes for ever: `registry.hosting.checking` bounds it.
    """
    known = schema.get("properties") or {}
    unknown = [Finding(key, "The app has no such setting (config.schema.json).") for key in config if key not in known]
    validator: Validator = Draft202012Validator(schema, registry=Registry())
    errors = sorted(validator.iter_errors(dict(config)), key=lambda error: [str(part) for part in error.absolute_path])
    found = [Finding(".".join(map(str, error.absolute_path)) or "config", error.message[:300]) for error in errors]
    return unknown + found


def merge_secrets(schema: Mapping[str, Any], given: Mapping[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """``given`` with each untouched secret taken from ``stored``."""
    merged = dict(given)
    for name, rule in (schema.get("properties") or {}).items():
        if rule.get("writeOnly") and merged.get(name) in (SECRET_KEPT, "", None):
            merged.pop(name, None)
            if name in stored:
                merged[name] = stored[name]
    return merged


def shown_config(schema: Mapping[str, Any], config: Mapping[str, Any]) -> dict[str, Any]:
    """A config for screens and the API: secrets are only said to be set."""
    rules = schema.get("properties") or {}
    return {key: SECRET_KEPT if rules.get(key, {}).get("writeOnly") else value for key, value in config.items()}
