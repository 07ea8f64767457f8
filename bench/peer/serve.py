"""What JupyterHub starts for a user here: the same app as the plugin, served by the same cheroot. ``serve.py APP``."""

import importlib
import os
import signal
import sys
from pathlib import Path
from urllib.parse import urlsplit

from cheroot import wsgi

THREADS = 8


def main(bundle: Path, entrypoint: str) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: os._exit(0))
    address = urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"])
    sys.path.insert(0, str(bundle))
    module, _, attribute = entrypoint.partition(":")
    found = getattr(importlib.import_module(module), attribute)
    application = found() if attribute.startswith("create") else found
    prefix = os.environ["JUPYTERHUB_SERVICE_PREFIX"].rstrip("/")
    routes = wsgi.PathInfoDispatcher({prefix: application})
    wsgi.Server((address.hostname, address.port), routes, numthreads=THREADS).start()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
