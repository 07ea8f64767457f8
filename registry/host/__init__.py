"""The plugin host: owns the deployments' sockets, runs their sandboxes, switches their revisions.

`run` is the process. What survives what, honestly:

* A plugin's death: its socket stays, connections wait, the next one starts it again; five failures in a row without
  an answered request switch it off.
* SIGTERM to the host: sockets are closed, running requests are finished, every sandbox leaves, then the host.
* SIGHUP: the host becomes the program now on disk and takes over what runs; no request is cut, none refused.
* kill -9 of the host: the kernel ends every sandbox with it. The next host sweeps what is left, binds the sockets anew,
  reverts a switch that was under way (or begins it again when nothing had changed) and does open errands again.
"""

from __future__ import annotations

from registry.host.start import run

__all__ = ["run"]
