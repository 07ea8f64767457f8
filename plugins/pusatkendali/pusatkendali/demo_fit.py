"""Where a sibling of a demonstration city begins to speak: made-up figures make room for what it tells."""

import sqlite3
from collections.abc import Sequence


def fit(db: sqlite3.Connection, figure_id: int, made_up: float, told: float) -> None:
    """Scale a made-up history so that it leads to the first value told; without a scale it goes."""
    if not made_up or not told or made_up * told < 0:
        db.execute("DELETE FROM history WHERE figure_id = ?", (figure_id,))
        return
    scale = told / made_up
    db.execute(
        "UPDATE history SET value = value * :by, low = low * :by, high = high * :by WHERE figure_id = :id",
        {"by": scale, "id": figure_id},
    )


def hide_untold(db: sqlite3.Connection, app: str, told: Sequence[str]) -> None:
    """Made-up figures of a sibling that is heard and does not know them leave the board."""
    marks = ", ".join("?" * len(told)) or "''"
    db.execute(
        f"UPDATE figure SET hidden = 1 WHERE app = ? AND demo = 1 AND name NOT IN ({marks})",  # noqa: S608 only marks
        (app, *told),
    )
