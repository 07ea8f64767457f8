"""The host's one thread: descriptors that became readable, timers that fell due, calls from other threads."""

from __future__ import annotations

import heapq
import itertools
import os
import selectors
import time
from collections import deque
from collections.abc import Callable

import structlog

Call = Callable[[], None]


logger = structlog.get_logger("lumbung.host")


class Timer:
    """A call in the future; `cancel` forgets it."""

    def __init__(self, call: Call) -> None:
        self.call: Call | None = call

    def cancel(self) -> None:
        self.call = None


class Alarm:
    """One call in the future that can be put off; `is_set` until it was called or cancelled."""

    def __init__(self, reactor: Reactor, call: Call) -> None:
        self._reactor = reactor
        self._call = call
        self._timer: Timer | None = None

    @property
    def is_set(self) -> bool:
        return self._timer is not None

    def set(self, seconds: float) -> None:
        self.cancel()
        self._timer = self._reactor.later(seconds, self._ring)

    def cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _ring(self) -> None:
        self._timer = None
        self._call()


class Reactor:
    """`soon` and `wake` may be used from any thread, everything else only from the one that runs it."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = itertools.count()
        self._calls: deque[Call] = deque()
        self._woken, self.waker = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._selector.register(self._woken, selectors.EVENT_READ, self._hear)
        self._running = True

    def watch(self, descriptor: int, call: Call) -> None:
        """Call whenever ``descriptor`` is readable, until `unwatch`."""
        self._selector.register(descriptor, selectors.EVENT_READ, call)

    def unwatch(self, descriptor: int) -> None:
        """Forget a descriptor; one that is not watched is no error."""
        if descriptor in self._selector.get_map():
            self._selector.unregister(descriptor)

    def later(self, seconds: float, call: Call) -> Timer:
        timer = Timer(call)
        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._order), timer))
        return timer

    def soon(self, call: Call) -> None:
        """Run in the reactor's thread at its next turn."""
        self._calls.append(call)
        self.wake()

    def wake(self) -> None:
        try:
            os.write(self.waker, b"w")
        except BlockingIOError:
            return

    def stop(self) -> None:
        self._running = False
        self.wake()

    def turn(self, longest: float = 60.0) -> None:
        """Wait for the next event and handle what is due."""
        wait = max(min(self._timers[0][0] - time.monotonic(), longest), 0) if self._timers else longest
        for key, _ in self._selector.select(0 if self._calls else wait):
            if key.fd in self._selector.get_map():
                _safely(key.data)
        while self._calls:
            _safely(self._calls.popleft())
        now = time.monotonic()
        while self._timers and self._timers[0][0] <= now:
            call = heapq.heappop(self._timers)[2].call
            if call is not None:
                _safely(call)

    def run(self) -> None:
        while self._running:
            self.turn()

    def _hear(self) -> None:
        while True:
            try:
                if not os.read(self._woken, 4096):
                    return
            except BlockingIOError:
                return


def _safely(call: Call) -> None:
    """One plugin's fault must not end the others: what goes wrong in a call is logged, the loop goes on."""
    try:
        call()
    except Exception:
        logger.exception("a call of the host failed")
