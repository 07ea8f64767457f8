"""The antrian of Bontang when 200 citizens take a number within the same minute: each asks for the form, sends it and
reads the number's page, through the edge and into the sandbox.

They come at moments of their own, as a crowd does at eight in the morning, and choose among services, days and times;
whoever finds a time taken meanwhile chooses again. Afterwards every number is looked up once more: none may have been
given twice, none may be lost.
"""

from __future__ import annotations

import random
import re
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlencode

from bench.harness import Row, Spread
from bench.house import House
from bench.load import Target

TAKERS, MINUTE = 200, 60.0
TRIES = 5
BOUND = 2000.0
SERVICE = re.compile(r'href="(/ambil/\d+)"')
DAY = re.compile(r'class="day" href="([^"]+)"')
SLOT = re.compile(r'name="slot" value="(\d+)" required(?! disabled)')
HIDDEN = re.compile(r'<input[^>]*name="(csrf_token|nonce|day)"[^>]*value="([^"]*)"')
NUMBER = re.compile(r'ticket-number"><span class="sr">[^<]*</span>([A-Z]+-\d+)<')


class LostError(Exception):
    """A citizen ended without a number; the message tells where."""


@dataclass
class Citizen:
    """One browser. ``waits`` are the seconds of each form sent; ``ticket`` the address of the number."""

    target: Target
    chance: random.Random
    cookie: str = ""
    waits: list[float] = field(default_factory=list)
    ticket: str = ""
    number: tuple[str, str] = ("", "")

    def take(self, begin: float) -> None:
        """Come at a moment of the minute and leave with a number. Raises LostError."""
        time.sleep(max(0.0, begin + self.chance.random() * MINUTE - time.monotonic()))
        _, home, _ = self._ask("GET", "/")
        for _ in range(TRIES):
            address = self._choose(self.chance.choice(SERVICE.findall(home)))
            if address:
                self.ticket = address
                self.number = self.shown()
                return
        raise LostError(f"no number after {TRIES} forms")

    def shown(self) -> tuple[str, str]:
        """The number on its page, with the day its address belongs to. Raises LostError."""
        status, page, _ = self._ask("GET", self.ticket)
        found = NUMBER.search(page)
        if status != 200 or found is None:
            raise LostError(f"{self.ticket}: {status}")
        return found[1], self.number[1]

    def _choose(self, service: str) -> str:
        _, page, _ = self._ask("GET", service)
        days = DAY.findall(page)
        if not days:
            return ""
        _, form, _ = self._ask("GET", self.chance.choice(days).replace("&amp;", "&"))
        slots, hidden = SLOT.findall(form), dict(HIDDEN.findall(form))
        if not slots:
            return ""
        self.number = ("", hidden["day"])
        fields = {**hidden, "slot": self.chance.choice(slots), "need": "", "name": "", "phone": "", "website": ""}
        began = time.perf_counter()
        status, _, location = self._ask("POST", service, urlencode(fields))
        self.waits.append(time.perf_counter() - began)
        return location if status == 303 else ""

    def _ask(self, method: str, path: str, body: str = "") -> tuple[int, str, str]:
        connection = HTTPConnection("127.0.0.1", int(str(self.target.address)), timeout=60)
        headers = {"Host": self.target.host, "Cookie": self.cookie, "Origin": f"http://{self.target.host}"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            given = answer.getheader("Set-Cookie")
            self.cookie = given.partition(";")[0] if given else self.cookie
            return answer.status, answer.read().decode(), answer.getheader("Location") or ""
        finally:
            connection.close()


def run(house: House) -> list[Row]:
    target = house.stack.outside(house.plugin("antrian"))
    crowd = [Citizen(target, random.Random(number)) for number in range(TAKERS)]
    lost = _all(crowd)
    numbers = [citizen.number for citizen in crowd if citizen.ticket]
    waits = [wait for citizen in crowd for wait in citizen.waits]
    lost += sum(_is_lost(citizen) for citizen in crowd if citizen.ticket)
    what = f"{TAKERS} takers in one minute"
    return [
        Row("antrian", f"{what}: a number taken, p95", "", _flat(_p95(waits) * 1000), BOUND, unit="ms"),
        Row("antrian", f"{what}: numbers given twice", "", _flat(len(numbers) - len(set(numbers))), 0, unit=""),
        Row("antrian", f"{what}: numbers lost", "", _flat(lost), 0, unit=""),
    ]


def _all(crowd: Sequence[Citizen]) -> int:
    """Everybody takes a number; how many did not get one."""
    begin = time.monotonic()
    with ThreadPoolExecutor(TAKERS) as pool:
        coming = [pool.submit(citizen.take, begin) for citizen in crowd]
    return sum(one.exception() is not None for one in coming)


def _is_lost(citizen: Citizen) -> bool:
    try:
        return citizen.shown() != citizen.number
    except LostError:
        return True


def _p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


def _flat(value: float) -> Spread:
    return Spread(value, value, value)
