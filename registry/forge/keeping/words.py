"""What keeping calls things, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _

from registry.forge.keeping.models import BROKEN, FORK, LOST, POOL, REPAIRED, SOUND, UNCHECKED, UPSTREAM


def state(code: str) -> tuple[str, str]:
    """A repository's state and the tone it is shown in."""
    table = {
        UNCHECKED: (_("not checked yet"), "muted"),
        SOUND: (_("sound"), "ok"),
        REPAIRED: (_("repaired"), "info"),
        BROKEN: (_("faults found"), "bad"),
        LOST: (_("something is lost"), "bad"),
    }
    return table.get(code, (code, "muted"))


def kind(code: str) -> str:
    return {UPSTREAM: _("original"), POOL: _("pool"), FORK: _("fork")}.get(code, code)


def acts(codes: str) -> str:
    """What the last upkeep did."""
    table = {
        "refs": _("names packed"),
        "gather": _("small packs joined"),
        "pack": _("packed anew"),
        "forget": _("old leftovers dropped"),
        "graph": _("index of the history written"),
    }
    return ", ".join(table.get(code, code) for code in codes.split())
