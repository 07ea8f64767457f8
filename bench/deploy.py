"""Deploying, upgrading and rolling back lapor, built already: from the call of the API to `committed`.

That is: inspected, queued, drained, copied, migrated in a sandbox and probed in another, so two cold starts are the
least it can take. While it lasts, requests wait in the socket's backlog. A rollback migrates nothing.
"""

from __future__ import annotations

import itertools

from bench.harness import Row, Way, ratio, rounds, seconds, spread
from bench.house import House
from bench.load import once
from bench.stack import CITY, Stack

ROUNDS = 5
APP = "lapor"
PEER = "two first requests to a sleeping one"


def run(house: House) -> list[Row]:
    name, stack = house.plugin(APP), house.stack
    base = stack.api("GET", f"/forks/{CITY}/{APP}")["base_version"]
    refs = itertools.cycle([_tag(stack, base), "main"])
    _upgrade(stack, name, next(refs))
    _upgrade(stack, name, next(refs))
    numbers = itertools.count(1)
    found = rounds(
        ROUNDS,
        deploy=seconds(lambda: stack.deploy(APP, f"{APP}-{next(numbers)}")),
        upgrade=seconds(lambda: _upgrade(stack, name, next(refs))),
        rollback=_rolled_back(stack, name),
        wake=_woken_twice(stack, name),
    )
    rows = []
    for what in ("deploy", "upgrade", "rollback"):
        rows.append(Row("deploy", f"{what} of lapor, built before", PEER, ratio(found[what], found["wake"]), 3))
        rows.append(Row("deploy", f"{what} of lapor, built before", "", spread(found[what]), 2, unit="s"))
    return rows


def _tag(stack: Stack, version: str) -> str:
    release = next(one for one in stack.api("GET", f"/apps/{APP}/releases")["items"] if one["version"] == version)
    return str(release["tag"])


def _upgrade(stack: Stack, name: str, ref: str) -> None:
    stack.done(stack.api("POST", f"/deployments/{name}.{CITY}/upgrade", {"ref": ref}))


def _rolled_back(stack: Stack, name: str) -> Way:
    """To a revision of other code and, uncounted, forth again."""
    path = f"/deployments/{name}.{CITY}"

    def rolled_back() -> float:
        serving = stack.api("GET", path)["serving"]
        older = next(
            one for one in stack.api("GET", f"{path}/revisions")["items"] if one["commit"] != serving["commit"]
        )
        back = {"revision": older["number"], "with_data": False}
        taken = seconds(lambda: stack.done(stack.api("POST", f"{path}/rollback", back)))()
        stack.done(stack.api("POST", f"{path}/rollback", {"revision": serving["number"], "with_data": False}))
        return taken

    return rolled_back


def _woken_twice(stack: Stack, name: str) -> Way:
    def woken_twice() -> float:
        taken = 0.0
        for _ in range(2):
            stack.sleep(name)
            taken += once(stack.inside(name))
        return taken

    return woken_twice
