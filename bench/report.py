"""The rows as a table for the terminal, and as docs/performance.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby

import psutil

from bench.harness import Row
from registry.config import REPOSITORY

PAGE = REPOSITORY / "docs" / "performance.md"
HEAD = """\
# Performance

Written by `make bench`, a section by `python -m bench --write SUBJECT`; do not edit.

The machine: {cores} processors ({model}), {memory:.0f} GB of memory, {system}, Python {python}. Each section
says when it was measured, and the machine's load over the quarter of an hour before: other work on it makes the ends of
a range wide.

## How to read it

Every figure is a **ratio to a peer that was measured beside it**: in rounds that take turns, in a changing order, on
the same machine in the same minutes. It is the median of the rounds, with the lowest and the highest behind it. A
ratio of 2 to a peer means twice its time (or memory); where a bound says "at least", it is a rate and more is better.
Lines with a unit instead of × tell the plain figure of this machine: they help to imagine, and prove nothing.

A bound that is not met on a busy machine is looked at again on a quiet one before anything is changed: what matters is
a median that stays on the wrong side of it.
"""


def show(rows: Sequence[Row], seconds: float) -> None:
    lines = [(row.what, row.peer, figure(row), bound(row), verdict(row)) for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    for subject, group in groupby(zip(rows, lines, strict=True), lambda pair: pair[0].subject):
        print(f"\n{subject}")
        for _, line in group:
            print("  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    print(f"\n{seconds:.0f} seconds")


def write(rows: Sequence[Row], notes: Mapping[str, str]) -> None:
    """Rewrite the sections of the subjects that ``rows`` are of, and no others.

    ``notes`` are each subject's own words, in the order of the page.
    """
    facts = machine()
    sections = _sections(PAGE.read_text())
    for subject, group in groupby(rows, lambda row: row.subject):
        measured = f"Measured on {facts['date']}, load {facts['load']}."
        sections[subject] = f"## {subject}\n\n{notes[subject]}\n\n{measured}\n\n{_table(list(group))}"
    PAGE.write_text("\n".join([HEAD.format(**facts), *(sections[name] for name in notes if name in sections)]))


def _sections(page: str) -> dict[str, str]:
    """The page's sections by their subject."""
    found = (f"## {piece}".rstrip() + "\n" for piece in page.split("\n## ")[1:])
    return {section.removeprefix("## ").partition("\n")[0]: section for section in found}


def figure(row: Row) -> str:
    middle, low, high = (_number(one) for one in (row.value.median, row.value.low, row.value.high))
    return f"{middle} ({low}–{high}) {row.unit}"


def bound(row: Row) -> str:
    if row.bound is None:
        return ""
    return f"at {'least' if row.floor else 'most'} {row.bound:g}"


def verdict(row: Row) -> str:
    return {None: "", True: "met", False: "NOT MET"}[row.met]


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    return {
        "date": f"{datetime.now(UTC):%d %B %Y}",
        "cores": os.cpu_count(),
        "model": _model(),
        "memory": psutil.virtual_memory().total / 2**30,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load": f"{os.getloadavg()[2]:.1f}",
    }


def _model() -> str:
    with open("/proc/cpuinfo") as lines:
        return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unnamed")


def _table(rows: Sequence[Row]) -> str:
    lines = ["| what | against | median (lowest–highest) | bound | |", "| --- | --- | --- | --- | --- |"]
    lines += [f"| {row.what} | {row.peer} | {figure(row)} | {bound(row)} | {verdict(row)} |" for row in rows]
    return "\n".join([*lines, ""])


def _number(value: float) -> str:
    """Three digits that count: 0.038, 1.24, 88, 2420."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
