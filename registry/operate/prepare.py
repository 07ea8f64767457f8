"""``python -m registry.operate.prepare``: what `registry.operate.preparation` asks for.

Answers with one line of JSON: ``accounts`` of the demo, or why it ``refused``. Then it waits for a line that lets it go
on; the end of its input lets it go. Without a demo the application is not loaded: every start waits for this.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict

from registry.config import from_environment
from registry.core import logs
from registry.loading import named
from registry.operate import database

NICER = 10
"""People who look around already come first."""


def main() -> None:
    logs.configure("prepare")
    settings = from_environment()
    database.upgrade(settings)
    if not settings.demo:
        _tell({"accounts": []})
        return
    try:
        app = named("registry.app:create_app")(settings)
        accounts = named("registry.operate.demo:seed")(app)
    except ValueError as error:
        _tell({"refused": str(error)})
        return
    _tell({"accounts": [asdict(account) for account in accounts]})
    if sys.stdin.readline():
        os.nice(NICER)
        named("registry.operate.demo:fill")(app)


def _tell(answer: dict[str, object]) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
