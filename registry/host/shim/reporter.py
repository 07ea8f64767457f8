"""``python reporter.py FD``: runs pytest over the bundle and writes a line of JSON for each test to that descriptor.

A program of its own, in the process of the tests: of the host's side it knows nothing but this descriptor.
"""

import json
import os
import sys

APP, SCRATCH, TOOLS = "/app", "/data", "/env/lib/tests"
ARGUMENTS = (
    "-q", "-ra", "--color=no", "--tb=short", "-p", "no:cacheprovider", "-p", "no:faulthandler",
    f"--basetemp={SCRATCH}/pytest",
)  # fmt: skip


class Reporter:
    """A pytest plugin: each test once, by its worst end; what could not be collected is an error."""

    def __init__(self, descriptor):  # type: ignore[no-untyped-def]
        self._descriptor = descriptor

    def pytest_collectreport(self, report):  # type: ignore[no-untyped-def]
        if report.failed:
            self._tell("errors", report.nodeid)

    def pytest_runtest_logreport(self, report):  # type: ignore[no-untyped-def]
        if report.when == "call":
            self._tell(report.outcome, report.nodeid)
        elif report.failed:
            self._tell("errors", report.nodeid)
        elif report.skipped:
            self._tell("skipped", report.nodeid)

    def pytest_sessionfinish(self, exitstatus):  # type: ignore[no-untyped-def]
        self._tell("end", "", exit=int(exitstatus))

    def _tell(self, outcome, name, **more):  # type: ignore[no-untyped-def]
        line = json.dumps({"outcome": outcome, "name": name[:200], **more}) + "\n"
        os.write(self._descriptor, line.encode())


def main(descriptor):  # type: ignore[no-untyped-def]
    """As ``python -m pytest`` does: the bundle's own folder comes first."""
    os.set_inheritable(descriptor, False)
    sys.path[0] = APP
    sys.path.append(TOOLS)
    import pytest  # noqa: PLC0415 - found in TOOLS only

    return int(pytest.main(list(ARGUMENTS), plugins=[Reporter(descriptor)]))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
