"""``python -m tests.forge.serve DATA URL MAX_PUSH GIT_PACKS``: the web in a process of its own; prints its port."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from werkzeug.serving import make_server

from registry.app import create_app
from registry.config import Settings


def main(data: str, url: str, max_push: str, git_packs: str) -> None:
    app = create_app(Settings(Path(data), database_url=url, max_push=int(max_push), git_packs=int(git_packs)))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    print(server.port, flush=True)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nobody reads on: the log would fill the pipe and halt us
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
