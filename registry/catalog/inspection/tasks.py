"""``[[task]]`` of lumbung.toml: what a plugin does by the clock."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask_babel import gettext as _

from registry.core import cron
from registry.core.errors import Finding
from registry.hosting.plain import Task

MAX_TASKS = 10
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)
MAX_NAME = 40
KEYS = ("name", "call", "cron")


def read(value: object, is_call: Callable[[str], object], path: str) -> tuple[tuple[Task, ...], list[Finding]]:
    """The tasks of a bundle, and what is wrong; ``is_call`` says whether a text reads ``module:function``."""
    if not isinstance(value, list) or len(value) > MAX_TASKS or not all(isinstance(one, dict) for one in value):
        return (), [
            Finding(path, _("Write each task as [[task]] with name, call and cron; at most %(n)d.", n=MAX_TASKS))
        ]
    tasks, findings = [], []
    for number, entry in enumerate(value, 1):
        found = list(_problems(entry, is_call))
        findings += [Finding(f"{path}[{number}].{key[:80]}", problem) for key, problem in found]
        if not found:
            tasks.append(Task(**entry))
    names = [task.name for task in tasks]
    for name in sorted({name for name in names if names.count(name) > 1}):
        findings.append(Finding(path, _("Two tasks are named %(name)s: give each its own name.", name=name)))
    return tuple(tasks), findings


def _problems(entry: dict[str, object], is_call: Callable[[str], object]) -> list[tuple[str, str]]:
    """What is wrong with one task, by key."""
    known = ", ".join(KEYS)
    found = [(key, _("Unknown key %(key)s: known are %(keys)s.", key=key[:80], keys=known)) for key in entry
             if key not in KEYS]  # fmt: skip
    texts = {key: str(entry[key]) if isinstance(entry.get(key), str) else "" for key in KEYS}
    if not NAME.fullmatch(texts["name"]) or len(texts["name"]) > MAX_NAME:
        found.append(("name", _("Use small letters, digits and hyphens, such as remind-operators.")))
    if len(texts["call"]) > 200 or not is_call(texts["call"]):
        found.append(("call", _("Must read module:function, such as lapor.tasks:remind.")))
    if problem := cron.problem(texts["cron"]):
        found.append(("cron", _cron_text(problem)))
    return found


def _cron_text(problem: str) -> str:
    return {
        "fields": _("Must be five fields: minute hour day month weekday, such as 0 6 * * * for six every morning."),
        "never": _("This day never comes: check day and month."),
        "often": _("A task runs at most every %(n)d minutes.", n=cron.SHORTEST_GAP),
    }[problem]
