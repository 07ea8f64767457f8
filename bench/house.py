"""What subjects share: a temporary folder, and a stack that is started when the first of them asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bench.stack import CITY, Stack
from registry.core.uow import unit_of_work
from registry.forge import publishing
from registry.tenants.service import find_city

HELLO = Path(__file__).parent / "hello"
PUBLISHER = "bandung"


@dataclass
class House:
    folder: Path

    @cached_property
    def stack(self) -> Stack:
        """With the app `bench` (one word) published; Bontang has forked nothing yet."""
        stack = Stack.start(self.folder)
        with stack.app.test_request_context(), unit_of_work():
            publishing.publish_folder(find_city(PUBLISHER), HELLO, user_id=None)
        return stack

    def plugin(self, app: str) -> str:
        """Bontang's plugin of that app, forked and deployed at the first asking; returns its name."""
        forks = self.stack.api("GET", f"/forks?city={CITY}")["items"]
        if app not in {one["app"] for one in forks}:
            self.stack.fork(app)
        if app not in {one["name"] for one in self.stack.api("GET", f"/deployments?city={CITY}")["items"]}:
            self.stack.deploy(app, app)
        return app

    def close(self) -> None:
        if "stack" in self.__dict__:
            self.stack.stop()
