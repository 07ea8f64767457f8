"""One sandbox from its start to its end, as far as the host saw it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from registry.host import rules
from registry.host.handover import KeptLife
from registry.host.limits import Group
from registry.host.order import Child
from registry.host.spawn import Sandbox

FLAGS = ("stays", "ready", "served", "announced", "asked")


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

    def keep(self) -> KeptLife:
        box = self.sandbox
        return KeptLife(
            pid=box.process.pid,
            first=box.first,
            output=box.output,
            ends=box.process_fd,
            gate=box.gate,
            groups=[str(folder) for folder in box.group.folders],
            started=box.started,
            cpu=box.cpu,
            flags={name: getattr(self, name) for name in FLAGS},
        )

    @classmethod
    def of(cls, kept: KeptLife) -> Life:
        """Of a sandbox that a predecessor of this process started."""
        group = Group(tuple(Path(folder) for folder in kept.groups))
        child = Child(kept.pid, kept.ends)
        box = Sandbox(child, kept.first, kept.output, group, kept.ends, kept.started, kept.cpu, kept.gate)
        return cls(box, **kept.flags)

    def exit(self, code: int) -> rules.Exit:
        announced = self.announced and not self.stays
        return rules.Exit(code, announced, self.served, self.asked, time.monotonic() - self.sandbox.started)
