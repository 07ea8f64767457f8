"""What a newer version brings and asks for, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _

from registry.forge.following.comparing import Point


def title(point: Point) -> str:
    """The heading over a point's names."""
    return {
        "features-new": _("New for people"),
        "features-gone": _("No longer there"),
        "config-required": _("Settings you must fill in"),
        "config-new": _("New settings"),
        "config-gone": _("Settings that go"),
        "egress-new": _("Wants to reach these hosts on the internet"),
        "egress-gone": _("Does no longer reach these hosts"),
        "mail-new": _("Wants to send mail"),
        "uses-new": _("Wants to ask these other plugins"),
        "uses-gone": _("Does no longer ask these plugins"),
        "provides-new": _("Gives other plugins more"),
        "provides-gone": _("Gives other plugins no longer"),
        "staff-gone": _("These pages are no longer for staff alone"),
        "tasks-new": _("New work by the clock"),
        "tasks-gone": _("Work by the clock that ends"),
        "store": _("Keeps its data elsewhere"),
        "runtime": _("Runs on another base"),
        "limits": _("Asks for more of the machine"),
        "libraries": _("Other libraries"),
        "rating": _("Safety rating"),
    }[point.code]


def names(point: Point) -> tuple[str, ...]:
    """What it is about, as it is shown: most are names that stay as they are."""
    if point.code == "rating":
        before, after = point.names
        return (_("from %(before)s to %(after)s", before=before, after=after),)
    if point.code == "mail-new":
        return (_("Your city allows it or not when the plugin is upgraded."),)
    if point.code == "limits":
        told = {"memory": _("memory"), "cpu": _("processor"), "disk": _("disk"), "processes": _("processes"),
                "files": _("files"), "request": _("time per request"), "answer": _("size of an answer")}  # fmt: skip
        return tuple(told.get(name, name) for name in point.names)
    return point.names
