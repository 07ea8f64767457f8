"""``python -m bench [SUBJECT…]``: measure all subjects and rewrite docs/performance.md, or only print some."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from bench import deploy, edge, fork, memory, report, start
from bench.harness import Row
from bench.house import House

SUBJECTS = {"fork": fork.run, "edge": edge.run, "start": start.run, "memory": memory.run, "deploy": deploy.run}


def main(wanted: list[str]) -> int:
    unknown = set(wanted) - SUBJECTS.keys()
    if unknown:
        print(f"python -m bench knows: {' '.join(SUBJECTS)}; not {' '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    began, rows = time.monotonic(), []
    with tempfile.TemporaryDirectory(prefix="lumbung-bench-") as folder:
        house = House(Path(folder))
        try:
            for name in wanted or SUBJECTS:
                print(f"  · {name}", file=sys.stderr, flush=True)
                rows += SUBJECTS[name](house)
        finally:
            house.close()
    report.show(rows, time.monotonic() - began)
    if not wanted:
        report.write(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
