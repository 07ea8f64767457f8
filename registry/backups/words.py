"""How backups are told to people, in the language of who reads."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import url_for
from flask_babel import format_timedelta
from flask_babel import gettext as _

from registry.backups import rules
from registry.backups.models import BEFORE_REMOVAL, FAILED, KEPT, MAKING, MANUAL, SCHEDULED, Backup
from registry.backups.reading import BackupFacts
from registry.catalog import labels
from registry.core.clock import now
from registry.hosting.glance import Cell
from registry.tenants.models import City

TONES = {KEPT: "ok", MAKING: "info", FAILED: "bad"}


def ago(moment: datetime | None) -> str:
    """``3 hours ago``, ``in 2 days``; a dash for none."""
    if moment is None:
        return "–"
    return format_timedelta(moment - now() or timedelta(seconds=-1), add_direction=True)


def reason(name: str) -> str:
    return {
        SCHEDULED: _("by the clock"),
        MANUAL: _("made by hand"),
        BEFORE_REMOVAL: _("before the removal"),
    }[name]


def state(name: str) -> str:
    return {KEPT: _("kept"), MAKING: _("being made"), FAILED: _("failed")}.get(name, name)


def every(policy: rules.Policy) -> str:
    """The policy in one line."""
    hour = f"{policy.hour:02d}.00"
    return {
        rules.HOURLY: _("every hour"),
        rules.DAILY: _("every day after %(hour)s", hour=hour),
        rules.WEEKLY: _("every Sunday after %(hour)s", hour=hour),
        rules.OFF: _("never by itself"),
    }[policy.every]


def drill(backup: Backup | None) -> str:
    """What the last trial of putting a backup back gave."""
    if backup is None or backup.drilled_at is None:
        return _("not tried yet")
    if backup.drilled_well:
        return _("whole and answering, %(when)s", when=ago(backup.drilled_at))
    if backup.drill.get("integrity") != "ok":
        return _("damaged: %(what)s", what=str(backup.drill.get("integrity"))[:200])
    return _("put back, but the plugin did not answer")


def cell(city: City, facts: BackupFacts) -> Cell:
    """For the list of plugins and the overview of one."""
    url = url_for("backups.backups", city=city.slug, name=facts.deployment.name)
    if facts.deployment.trial_of:
        return Cell(_("Backup"), _("none: a copy for trying"), url=url)
    if facts.last is None:
        tone = "warn" if facts.late or facts.failed else "muted"
        return Cell(_("Backup"), _("none yet"), tone, url, _("failed") if facts.failed else "")
    tone = "ok" if facts.good else "warn"
    return Cell(_("Backup"), ago(facts.last.made_at), tone, url, trouble(facts))


def trouble(facts: BackupFacts) -> str:
    """What is wrong, in a few words; empty when nothing is."""
    if facts.sick:
        return _("the last drill failed")
    if facts.failed:
        return _("the last attempt failed")
    return _("too old") if facts.late else ""


def cells(facts: BackupFacts, place: str, next_one: datetime | None) -> list[Cell]:
    """How one plugin stands, at the top of its page of backups."""
    last = facts.last
    return [
        Cell(
            _("Last good backup"),
            ago(last.made_at) if last else _("none yet"),
            "ok" if facts.good else "warn",
            hint=trouble(facts) or (labels.size(last.bytes) if last else ""),
        ),
        Cell(_("Tried whether it can be put back"), drill(facts.drilled), _drill_tone(facts)),
        Cell(_("Next one"), ago(next_one), hint=every(facts.policy) if next_one else _("not by the clock")),
        Cell(_("Where"), place or _("on this machine only"), "ok" if place else "warn"),
    ]


def _drill_tone(facts: BackupFacts) -> str:
    if facts.sick:
        return "bad"
    return "ok" if facts.drilled else "muted"
