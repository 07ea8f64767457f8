"""What the city and siblings see of the evaluation."""

import sqlite3

from lumbung_plugin import kpi

from spbe import rules, store


def figures(db: sqlite3.Connection) -> list[kpi.Figure]:
    """The index of the last final year, and how far the present one has come."""
    found: list[kpi.Figure] = []
    final, present = next(iter(store.years(db, final=True)), None), store.present(db)
    if final is not None:
        chosen, levels = store.instrument(final), store.levels(db, final["id"])
        exact = rules.score(chosen, chosen, levels).exact
        better = rules.next_predicate(chosen, exact)
        missing = float(rules.shown(better.least - exact)) if better else 0.0
        found.append(
            _figure("index", float(rules.shown(exact)), "", "Indeks SPBE terakhir", "Latest e-government index", "up")
        )
        found.append(
            _figure("missing", missing, "", "Kurang ke predikat berikut", "Missing to the next predicate", "down")
        )
    if present is not None:
        found += _progress(db, present)
    return found


def _progress(db: sqlite3.Connection, year: sqlite3.Row) -> list[kpi.Figure]:
    rows = store.answers(db, year["id"]).values()
    total = len(rows) or 1
    answered = round(sum(row["level"] is not None for row in rows) / total * 100, 1)
    reviewed = round(sum(row["reviewed"] is not None for row in rows) / total * 100, 1)
    bare = sum(row["level"] is not None and not row["evidence"] for row in rows)
    chosen = store.instrument(year)
    now = float(rules.shown(rules.score(chosen, chosen, store.levels(db, year["id"])).exact))
    return [
        _figure("answered", answered, "%", "Indikator terisi tahun ini", "Indicators answered this year", "up"),
        _figure("reviewed", reviewed, "%", "Indikator dinilai asesor", "Indicators reviewed", "up"),
        _figure("bare", bare, "indikator", "Terisi tanpa bukti", "Answered without evidence", "down"),
        _figure("interim", now, "", "Indeks sementara tahun ini", "Interim index of this year", "up"),
    ]


def _figure(name: str, value: float, unit: str, label: str, label_en: str, good: kpi.Good) -> kpi.Figure:
    return kpi.Figure(f"spbe.{name}", value, unit, label, label_en, good=good)
