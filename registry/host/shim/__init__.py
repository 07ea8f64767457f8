"""The serving shim: trusted code that runs inside the sandbox, before and around the plugin.

It imports nothing of the registry: only the standard library, cheroot and joserfc of the runtime's
environment. Inside the sandbox this folder is ``/lumbung``.
"""

SIGN = "\x1elumbung: "
"""Begins a line on stderr that is for the host: ``ready``, ``served`` (once), ``leaving`` (on purpose), ``stats``,
``stuck``."""

STUCK = 4
"""Exit code of a shim whose threads were all held by requests that took too long."""
