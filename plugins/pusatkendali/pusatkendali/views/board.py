"""The board of staff: all figures by theme, how each sibling is heard, one figure with its history."""

from collections.abc import Iterator

from flask import Blueprint, abort, render_template
from flask_babel import gettext as _
from lumbung_plugin import addresses, clock, database, require_role, tables
from werkzeug.wrappers import Response

from pusatkendali import alerts, board, files, gathering, history, sources
from pusatkendali.models import Grain
from pusatkendali.shown import app_name, label, unit

pages = Blueprint("board", __name__, url_prefix="/kerja")


@pages.get("")
@require_role("operator")
def show() -> str:
    """The board; siblings are asked first when what they told is older than a minute."""
    db = database()
    gathering.gather_when_old(db)
    return render_template(
        "pusatkendali/board.html",
        themes=board.by_theme(board.cards(db, clock.now())),
        sources=sources.all(db),
        standing=alerts.standing(db),
        offices=files.by_office(db),
        asked_at=db.execute("SELECT at FROM round").fetchone()["at"],
    )


@pages.get("/angka/<int:figure_id>")
@require_role("operator")
def figure(figure_id: int) -> str:
    """One figure: its curve in the chosen closeness, its thresholds and alerts."""
    db, now = database(), clock.now()
    found = board.cards(db, now, f"figure.id = {figure_id}")
    if not found:
        abort(404, _("There is no such figure."))
    grain = Grain(addresses.choice("rentang", set(Grain)) or Grain.DAY)
    rows = board.thin(history.series(db, figure_id, grain, board.grain_since(grain, now)))
    bounds = alerts.thresholds(db, figure_id)
    return render_template(
        "pusatkendali/figure.html",
        card=found[0],
        grain=grain,
        rows=rows,
        plot=board.plot([row["value"] for row in rows], [one["bound"] for one in bounds if one["active"]]),
        thresholds=bounds,
        alerts=alerts.of_figure(db, figure_id),
    )


@pages.get("/angka.csv")
@require_role("operator")
def figures_csv() -> Response:
    """All figures as they are now."""
    headings = [_("App"), _("Figure"), _("Name"), _("Value"), _("Unit"), _("As of"), _("Heard"), _("Theme"), _("Demo")]
    return tables.csv_response(f"angka-{clock.today()}", headings, _lines())


@pages.get("/angka/<int:figure_id>.csv")
@require_role("operator")
def figure_csv(figure_id: int) -> Response:
    """One figure's whole history in the chosen closeness."""
    db = database()
    row = db.execute("SELECT name FROM figure WHERE id = ?", (figure_id,)).fetchone()
    if row is None:
        abort(404, _("There is no such figure."))
    grain = Grain(addresses.choice("rentang", set(Grain)) or Grain.DAY)
    points = history.series(db, figure_id, grain)
    name = f"{row['name']}-{grain}-{clock.today()}"
    return tables.csv_response(
        name, [_("As of"), _("Value"), _("Lowest"), _("Highest")], (tuple(one) for one in points)
    )


def _lines() -> Iterator[tuple[object, ...]]:
    """Asked while it is sent: the request's own connection is closed by then."""
    for row in database().execute("SELECT * FROM figure WHERE hidden = 0 ORDER BY app, name"):
        yield (
            app_name(row["app"]),
            row["name"],
            label(row),
            row["value"],
            unit(row["unit"]),
            row["at"],
            row["seen_at"],
            row["theme"],
            "demo" if row["demo"] else "",
        )
