"""The wall of the command centre: a page at a time, legible from five metres, turning by itself."""

from flask import Blueprint, render_template
from lumbung_plugin import addresses, clock, database, require_role, settings

from pusatkendali import alerts, board, files, gathering

pages = Blueprint("wall", __name__, url_prefix="/kerja/dinding")


@pages.get("")
@require_role("operator")
def show() -> str:
    """The page whose turn it is: the clock says which, so the same address turns with scripts and without.

    `?hal=2` holds one page.
    """
    db, now = database(), clock.now()
    gathering.gather_when_old(db)
    seconds = max(5, int(settings().get("wall_seconds", 20)))
    listed = board.wall_pages(board.cards(db, now))
    held = addresses.number("hal")
    turn = (held - 1 if held else int(now.timestamp()) // seconds) % len(listed)
    return render_template(
        "pusatkendali/wall.html",
        page=listed[turn],
        turn=turn + 1,
        of=len(listed),
        seconds=seconds,
        standing=alerts.standing(db),
        offices=[row for row in files.by_office(db) if row["late"]],
        tally=files.counts(db, None),
    )
