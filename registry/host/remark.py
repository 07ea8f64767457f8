"""What an admin reads about a plugin that is not simply well."""

from __future__ import annotations

from registry.host.logs import PluginLog
from registry.host.reactor import Alarm, Call, Reactor

REMARK_SECONDS = 600.0
"""How long a console shows why a plugin ended that went on afterwards."""


class Remark:
    """``text`` is shown; `say` shows and logs a sentence for a while, `keep` shows one until `clear`; ``standing`` is
    shown while there is nothing else.
    """

    def __init__(self, reactor: Reactor, log: PluginLog, changed: Call) -> None:
        self.standing = ""
        self._said = ""
        self._log = log
        self._changed = changed
        self._fade = Alarm(reactor, self._faded)

    @property
    def text(self) -> str:
        return self._said or self.standing

    @property
    def said(self) -> str:
        """Without what stands."""
        return self._said

    def say(self, text: str) -> None:
        self._said = text
        self._log.note(text)
        self._fade.set(REMARK_SECONDS)

    def keep(self, text: str) -> None:
        self._fade.cancel()
        self._said = text

    def clear(self) -> None:
        self.keep("")

    def _faded(self) -> None:
        self.clear()
        self._changed()
