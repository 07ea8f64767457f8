"""What the admin of a city reads about an alert: what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import format_decimal
from flask_babel import gettext as _

from registry.catalog import labels
from registry.monitor import rules


def sentence(kind: str, told: Mapping[str, object]) -> str:
    """In the language that is in force now. ``told`` is what `rules.judge` gave for the kind."""
    amounts = {name: _amount(name, value) for name, value in told.items()}
    return _SENTENCES[kind](amounts)


def title(kind: str) -> str:
    """A few words for lists; of a kind nobody here knows, the kind itself."""
    return {
        rules.CRASHED: _("Stopped after crashes"),
        rules.MEMORY: _("Memory limit passed"),
        rules.PROCESSES: _("Too many processes"),
        rules.STUCK: _("All threads held"),
        rules.DISK_FULL: _("Data read-only: limit reached"),
        rules.DISK_NEARLY: _("Data nearly at its limit"),
        rules.FAILING: _("Many errors"),
        rules.SLUGGISH: _("Slow answers"),
        rules.HOST_SILENT: _("Plugin host silent"),
        "backup_late": _("Backup too old"),
        "drill_failed": _("Restore drill failed"),
    }.get(kind, kind)


def amount(value: float | None, unit: str) -> str:
    """A figure as people say it; a dash for none. Units are those of `registry.monitor.charts.Chart`."""
    if value is None:
        return "–"
    if unit == "bytes":
        return _("%(n)s MB", n=format_decimal(round(value / 2**20, 1 if value < 100 * 2**20 else 0)))
    if unit == "seconds":
        small = value < 1
        return f"{format_decimal(round(value * 1000) if small else round(value, 1))} {'ms' if small else 's'}"
    if unit == "cpu":
        return format_decimal(round(value, 3))
    return format_decimal(round(value, 1) if unit == "percent" else round(value)) + ("%" if unit == "percent" else "")


def _amount(name: str, value: object) -> str:
    if name in ("size", "limit") and isinstance(value, int) and value >= 10_000:
        return labels.size(value)
    return format_decimal(round(value, 1)) if isinstance(value, float | int) else str(value)


_SENTENCES = {
    rules.CRASHED: lambda told: _(
        "It stopped several times in a row and was switched off. Look at its log, then switch it on again or go back "
        "to an earlier revision."
    ),
    rules.MEMORY: lambda told: _(
        "It passed its memory limit of %(limit)s and was started again (%(times)s times within the hour). Raise "
        "[limits] memory in lumbung.toml of your fork and upgrade, or ask its maintainer why it needs so much.",
        **told,
    ),
    rules.PROCESSES: lambda told: _(
        "It uses all of its %(limit)s processes and threads, so parts of it may fail. Raise [limits] processes in "
        "lumbung.toml of your fork and upgrade, or ask its maintainer why it needs so many.",
        **told,
    ),
    rules.STUCK: lambda told: _(
        "All of its threads were held by requests longer than %(seconds)s seconds, so it was started again. Its log "
        "names the slow addresses: tell its maintainer.",
        **told,
    ),
    rules.DISK_FULL: lambda told: _(
        "Its data takes %(size)s of %(limit)s, in %(files)s of %(most)s files. It can only be read for now: citizens "
        "cannot send anything. Raise [limits] disk or files in lumbung.toml of your fork and upgrade, or put back a "
        "smaller backup.",
        **told,
    ),
    rules.DISK_NEARLY: lambda told: _(
        "Its data takes %(size)s of %(limit)s, in %(files)s of %(most)s files. At the limit citizens can no longer "
        "send anything: remove what is not needed, or raise [limits] disk or files in lumbung.toml of your fork and "
        "upgrade.",
        **told,
    ),
    rules.FAILING: lambda told: _(
        "%(errors)s of the last %(requests)s requests failed. Look at its log; if it began with an upgrade, go back "
        "to the revision before.",
        **told,
    ),
    rules.SLUGGISH: lambda told: _(
        "One in twenty requests takes longer than %(seconds)s seconds. Look at its processor and memory figures: it "
        "may need higher limits.",
        **told,
    ),
    rules.HOST_SILENT: lambda told: _(
        "The plugin host has not been heard for %(minutes)s minutes: sleeping plugins do not wake and changes wait. "
        "Look at its service and log on the machine (lumbung doctor).",
        **told,
    ),
}
