"""The rows as a table for the terminal, and as docs/performance.md."""

from __future__ import annotations

import sys
from bench.harness import Row

def show(rows: list[Row], seconds: float) -> None:
    for row in rows:
        print(row.subject, '|', row.what, '|', row.peer, '|', f"{row.value.median:.2f} ({row.value.low:.2f}–{row.value.high:.2f}) {row.unit}", row.bound, row.met)
    print(f"{seconds:.0f} s")

def write(rows): pass
