"""Figures for the city and its command centre: counts only, nobody's words."""

import sqlite3

from lumbung_plugin.kpi import Figure

from penilaian import results, store

LEAST_GOOD = "B"


def count(db: sqlite3.Connection) -> list[Figure]:
    """The present state; the index appears only from the minimum number of respondents on."""
    offices = results.by_office(store.targets(db), results.tallies(db, results.present()), results.stars(db, 30))
    tally, rated = results.together(offices)
    told = [
        Figure("penilaian.penilaian", rated.total, "penilaian", "Penilaian 30 hari", "Ratings in 30 days", good="up"),
        Figure("penilaian.responden", tally.respondents, "orang", "Responden survei periode ini",
               "Survey respondents this period", good="up"),
        Figure("penilaian.komentar", _one(db, "SELECT count(*) FROM comment WHERE state = 'waiting'"), "komentar",
               "Komentar menunggu diperiksa", "Comments waiting for a check", good="down"),
        Figure("penilaian.lonjakan", _one(db, "SELECT count(*) FROM burst WHERE state = 'waiting'"), "lonjakan",
               "Lonjakan menunggu diperiksa", "Bursts waiting for a check", good="down"),
        Figure("penilaian.di-bawah-baik", sum(_is_below(one) for one in offices), "unit",
               "Unit dengan mutu di bawah B", "Units graded below B", good="down"),
    ]  # fmt: skip
    if rated.total >= results.minimum():
        told.insert(0, Figure("penilaian.puas", rated.satisfied, "%", "Puas atau sangat puas, 30 hari",
                              "Satisfied or very satisfied, 30 days", good="up"))  # fmt: skip
    index = tally.index()
    if index and index.respondents >= results.minimum():
        told.insert(0, Figure("penilaian.ikm", float(index.value), "", "Indeks kepuasan masyarakat",
                              "Satisfaction index", good="up"))  # fmt: skip
    return told


def _is_below(office: results.Office) -> bool:
    index = office.tally.index()
    return index is not None and index.respondents >= results.minimum() and index.grade.letter > LEAST_GOOD


def _one(db: sqlite3.Connection, query: str) -> int:
    return int(db.execute(query).fetchone()[0])
