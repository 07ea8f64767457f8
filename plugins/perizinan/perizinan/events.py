"""The history of an application: every act leaves a line."""

import sqlite3

from lumbung_plugin import now


def tell(
    db: sqlite3.Connection, application_id: int, act: str, actor: str = "", text: str = "", public: bool = True
) -> None:
    """Write a line; `public` ones are read by the applicant too. An actor is a member of staff, never an applicant."""
    db.execute(
        "INSERT INTO event (application_id, at, act, actor, text, public) VALUES (?, ?, ?, ?, ?, ?)",
        (application_id, now().isoformat(), act, actor, text, int(public)),
    )
