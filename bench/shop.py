"""What gunicorn serves for the catalog's measurement: the registry, and bytes of memory through the same code.

``BENCH_DATA`` is the installation's data, ``BENCH_PAGE`` a file whose bytes ``/bench-bytes`` answers.
"""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask, Response

from registry.app import create_app
from registry.core import logs
from registry.operate.parts import local_settings


def make() -> Flask:
    logs.configure("web")
    app = create_app(local_settings(Path(os.environ["BENCH_DATA"])))
    page = Path(os.environ["BENCH_PAGE"])

    @app.get("/bench-bytes")
    def bytes_of_memory() -> Response:
        return Response(page.read_bytes(), content_type="text/html; charset=utf-8")

    return app


app = make()
