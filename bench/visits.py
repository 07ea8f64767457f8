"""A visitor of the catalog's own web server, who never asks the same question twice."""

from __future__ import annotations

import random
import socket
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import count
from pathlib import Path

from bench.harness import Way
from bench.stack import StackError
from registry.catalog import plausible

ASKED = 60


class UnixConnection(HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=60)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(60)
        self.sock.connect(str(self._path))


@dataclass
class Shop:
    """A web server of its own with an installation of its own, filled step by step."""

    folder: Path
    held: int = 0
    _numbers: Iterator[int] = field(default_factory=count)

    @property
    def page(self) -> Path:
        return self.folder / "page.html"

    @property
    def address(self) -> Path:
        return self.folder / "shop.sock"

    @property
    def ready(self) -> Path:
        """Holds the server's process id when it has loaded all it needs."""
        return self.folder / "shop.ready"

    def get(self, path: str, connection: HTTPConnection | None = None) -> bytes:
        """Raises StackError unless the answer is 200."""
        connection = connection or UnixConnection(self.address)
        connection.request("GET", path, headers={"Host": "localhost", "Accept-Language": "id"})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise StackError(f"{path}: {answer.status}")
        return body

    def slowest(self, path: Callable[[], str]) -> Way:
        """Milliseconds of the slowest twentieth of some requests in a row, on one connection."""

        def measured() -> float:
            connection, took = UnixConnection(self.address), []
            for _ in range(ASKED):
                asked = path()
                began = time.perf_counter()
                self.get(asked, connection)
                took.append((time.perf_counter() - began) * 1000)
            connection.close()
            return statistics.quantiles(took, n=20)[-1]

        return measured

    def question(self) -> str:
        """Words of a field of the cities' work, in either language, one of two misspelt; never the same twice."""
        number = next(self._numbers)
        chance = random.Random(number)
        indonesian, english, *_rest = chance.choice(plausible.FIELDS).split("|")
        act = chance.choice(plausible.ACTS)[chance.randrange(2)].split()[0]
        words = f"{act} {chance.choice((indonesian, english))} {number}".split()
        if number % 2:
            words[0] = words[0][1] + words[0][0] + words[0][2:]
        return "/?q=" + "+".join(words)

    def narrowed(self) -> str:
        """A page with facets chosen and words."""
        chance = random.Random(next(self._numbers))
        dimension, place = (
            chance.choice(("living", "society", "economy", "environment")),
            chance.choice(plausible.PLACES),
        )
        return f"/?dimension={dimension}&needs=-postgresql&maturity=stable&q={place}+{next(self._numbers)}"
