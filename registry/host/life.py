"""One sandbox from its start to its end, as far as the host saw it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from registry.host import rules
from registry.host.spawn import Sandbox


@dataclass
class Life:
    """``ready``, ``served`` and ``announced`` (it leaves on purpose) is what the shim said; ``asked``: the host told
    it to leave; ``stays``: it was started to stay, so leaving by itself is a failure.
    """

    sandbox: Sandbox
    stays: bool = False
    ready: bool = False
    served: bool = False
    announced: bool = False
    asked: bool = False

    def exit(self, code: int) -> rules.Exit:
        announced = self.announced and not self.stays
        return rules.Exit(code, announced, self.served, self.asked, time.monotonic() - self.sandbox.started)
