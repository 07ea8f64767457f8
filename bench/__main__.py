"""``python -m bench [--write] [SUBJECT…]``: measure all subjects and rewrite docs/performance.md, or print some.

With ``--write`` the sections of these are rewritten and the others stay.
"""

from __future__ import annotations

import inspect
import sys
import tempfile
import time
from pathlib import Path

from bench import (  # isort: skip
    anggaran, catalog, crowd, deploy, edge, follow, fork, jupyterhub, lapor, memory, neighbour, programme, report, rush,
    serve, start,
)  # fmt: skip
from bench.harness import Row
from bench.house import House

SUBJECTS = {
    "fork": fork,
    "follow": follow,
    "serve": serve,
    "edge": edge,
    "start": start,
    "memory": memory,
    "deploy": deploy,
    "catalog": catalog,
    "programme": programme,
    "neighbour": neighbour,
    "jupyterhub": jupyterhub,
    "crowd": crowd,
    "antrian": rush,
    "lapor": lapor,
    "anggaran": anggaran,
}


def main(wanted: list[str]) -> int:
    """0 when all was measured, whatever the figures say; 2 for a subject nobody knows."""
    kept, wanted = "--write" in wanted or not wanted, [name for name in wanted if name != "--write"]
    unknown = set(wanted) - SUBJECTS.keys()
    if unknown:
        print(f"python -m bench knows: {' '.join(SUBJECTS)}; not {' '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    began = time.monotonic()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="lumbung-bench-") as folder:
        Path(folder).chmod(0o755)  # plugins run as users of their own
        house = House(Path(folder))
        try:
            for name in wanted or SUBJECTS:
                print(f"  · {name}", file=sys.stderr, flush=True)
                rows += SUBJECTS[name].run(house)
        finally:
            house.close()
    report.show(rows, time.monotonic() - began)
    if kept:
        report.write(rows, {name: inspect.getdoc(module) or "" for name, module in SUBJECTS.items()})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
