"""What the shim does with its words: serve the plugin, run its migration, a task or its tests, check its data."""

from __future__ import annotations

import json
import os
import socket
import sys
import traceback
from pathlib import Path
from typing import Any

from . import checking, forward, gate, loading, proving, server

ETC = Path("/etc/lumbung")
APP = "/app"
LISTENER = 3
EXIT_BROKEN = 3


def main(verb: str, call: str = "") -> int:
    """``serve``, ``migrate``, ``task`` (``call`` is ``module:function``), ``check`` or ``prove``; returns an exit code.

    Settings are in ``/etc/lumbung/shim.json``, written by the host for this start.
    """
    settings = json.loads((ETC / "shim.json").read_text())
    os.environ.pop("PWD", None)
    listener = _adopt() if verb == "serve" else None
    sys.path.insert(0, APP)
    os.chdir(APP)
    sys.argv = [settings["entrypoint"]]
    try:
        if settings["egress"] and verb in ("serve", "task"):
            forward.start()
        if listener is not None:
            return _serve(listener, settings)
        if verb == "check":
            return checking.check()
        if verb == "prove":
            return proving.prove()
        loading.function(call if verb == "task" else settings["migrate"])()
        return 0
    except Exception:
        traceback.print_exc()
        return EXIT_BROKEN


def _adopt() -> socket.socket:
    """The listening socket arrives as standard input and becomes descriptor 3, for plugins that look there."""
    os.dup2(0, LISTENER)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return socket.socket(fileno=LISTENER)


def _serve(listener: socket.socket, settings: dict[str, Any]) -> int:
    plugin = loading.application(settings["entrypoint"])
    guarded = gate.build(plugin, settings, (ETC / "public.pem").read_bytes())
    bounds = settings["max_body"], settings["idle_seconds"], settings["request"], settings["answer"]
    return server.serve(listener, guarded, *bounds)
