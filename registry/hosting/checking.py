"""A config judged by its bundle's schema, in a process of its own with little time and memory.

A JSON Schema is a program of a stranger: a pattern may backtrack for hours, definitions may double at each level or
call themselves. Here it can only end its own judgement, not the registry that serves every city.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from registry.config import REPOSITORY
from registry.core.errors import Finding, InvalidError
from registry.hosting import rules

PATIENCE = 20
"""Seconds by the clock: the machine may be busy with other things."""


def config_findings(schema: Mapping[str, Any], config: Mapping[str, Any]) -> list[Finding]:
    """What `rules.config_findings` says, or one finding when the schema does not come to an end."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "registry.hosting.judging"],
            input=json.dumps([schema, config]).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd=REPOSITORY,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return [_endless()]
    return [_endless()] if done.returncode else [Finding(**found) for found in json.loads(done.stdout)]


def checked_config(schema: Mapping[str, Any], given: Mapping[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """The config to keep. Raises InvalidError with every finding."""
    config = rules.merge_secrets(schema, given, stored)
    if len(str(config)) > rules.MAX_CONFIG_BYTES:
        raise InvalidError(_("This configuration is too large."))
    findings = config_findings(schema, config)
    if findings:
        raise InvalidError(_("Some settings are not right."), findings)
    return config


def _endless() -> Finding:
    return Finding("config", _("The app's config.schema.json cannot be applied: it takes too long or runs in circles."))
