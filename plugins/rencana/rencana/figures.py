"""What the city and its command centre see of the plan; no person in any of it."""

import sqlite3
from datetime import date

from lumbung_plugin import today
from lumbung_plugin.kpi import Figure

from rencana import plan
from rencana.plan import Wanted
from rencana.rules import Health


def figures(db: sqlite3.Connection) -> list[Figure]:
    """Seven figures; nothing before the first programme."""
    day = today()
    found = plan.programmes(db, Wanted(), day)
    if not found:
        return []
    blocked = plan.blockers(db)
    oldest = max(((day - date.fromisoformat(row["since"])).days for row in blocked), default=0)
    done, quick = sum(one.done for one in found), [one for one in found if one.row["quick"]]
    late = sum(one.late for one in found)
    on_way = sum(1 for one in found if one.health in (Health.ON_WAY, Health.DONE))
    return [
        Figure("rencana.kemajuan", plan.whole(found), "%", "Kemajuan rencana induk", "Progress of the plan", good="up"),
        Figure("rencana.kemajuan_quickwin", plan.whole(quick), "%", "Kemajuan quick win", "Progress of quick wins",
               good="up"),
        Figure("rencana.tonggak_selesai", done, "tonggak", "Tonggak selesai", "Milestones reached", good="up"),
        Figure("rencana.terlambat", late, "tonggak", "Tonggak terlambat", "Milestones late", good="down"),
        Figure("rencana.lancar", on_way, "program", "Program lancar atau selesai", "Programmes on their way or done",
               good="up"),
        Figure("rencana.hambatan", len(blocked), "hambatan", "Hambatan terbuka", "Open blockers", good="down"),
        Figure("rencana.hambatan_tertua", max(oldest, 0), "hari", "Hambatan tertua", "Oldest blocker", good="down"),
    ]  # fmt: skip
