"""The catalog with 320, 10,000 and 100,000 plausible entries: one visitor, page after page, no question asked twice.

The peer is the very page as bytes out of memory, sent by the same web server through the same code before and after
every answer: what is above 1 is searching, counting facets and drawing. The first load's weight is what a browser
fetches to see the front page, compressed as the edge does.
"""

from __future__ import annotations

import gzip
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import count
from pathlib import Path

from sqlalchemy import select

from bench.harness import Row, Way, ratio, rounds, spread
from bench.house import House
from bench.stack import StackError
from registry.app import create_app
from registry.catalog import plausible
from registry.config import REPOSITORY
from registry.core.uow import unit_of_work
from registry.operate import database
from registry.operate.parts import embedded, local_settings
from registry.tenants.models import City

SIZES = (320, 10_000, 100_000)
JUDGED = 10_000
"""Entries up to which a page keeps the bound; beyond it the figures only inform."""

BOUND = 3.0
ROUNDS, ASKED = 5, 60
WEIGHT = 100
"""kB of the first load."""

START = 60.0
LINKED = re.compile(r'(?:href|src)="(/static/[^"]+)"')


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


def run(house: House) -> list[Row]:
    folder = house.folder / "shop"
    folder.mkdir()
    shop, rows = Shop(folder), []
    with _open(shop):
        kept: dict[tuple[str, int], list[float]] = {}
        for size in SIZES:
            rows += _measure(shop, size, kept)
        for what in ("the front page", "a search", "a search with facets"):
            grown = ratio(kept[what, SIZES[-1]], kept[what, SIZES[0]])
            rows.append(Row("catalog", f"{what}, p95: {SIZES[-1]:,} entries", f"{SIZES[0]} entries", grown))
        rows.append(_weight(shop))
    return rows


def _measure(shop: Shop, size: int, kept: dict[tuple[str, int], list[float]]) -> list[Row]:
    _fill(shop, size)
    began = time.perf_counter()
    shop.page.write_bytes(shop.get("/"))  # reads the catalog into the server's memory
    first = time.perf_counter() - began
    paths = {"the front page": lambda: "/", "a search": shop.question, "a search with facets": shop.narrowed}
    for warm in (*paths.values(), lambda: "/bench-bytes"):
        shop.slowest(warm)()
    found = rounds(
        ROUNDS, static=shop.slowest(lambda: "/bench-bytes"), **{w: shop.slowest(p) for w, p in paths.items()}
    )
    rows = [Row("catalog", f"reading {size:,} entries into a server's memory", "", spread([first]), unit="s")]
    for what in paths:
        kept[what, size] = found[what]
        bound = BOUND if size <= JUDGED else None
        label = f"{what} of {size:,} entries, p95"
        rows.append(Row("catalog", label, "its bytes out of memory", ratio(found[what], found["static"]), bound))
        rows.append(Row("catalog", label, "", spread(found[what]), unit="ms"))
    return rows


@contextmanager
def _open(shop: Shop) -> Iterator[None]:
    """With a database and gunicorn as in production, one worker; both gone at the end."""
    settings = local_settings(shop.folder)
    cluster = embedded(settings)
    cluster.prepare()
    command = [
        sys.executable, "-m", "gunicorn", "bench.shop:app", "--bind", f"unix:{shop.address}", "--workers", "1",
        "--worker-class", "gthread", "--threads", "8", "--log-level", "warning", "--no-control-socket",
    ]  # fmt: skip
    try:
        settings = local_settings(shop.folder)
        database.upgrade(settings)
        shop.page.write_text("")
        env = os.environ | {"BENCH_DATA": str(shop.folder), "BENCH_PAGE": str(shop.page)}
        with (shop.folder / "shop.log").open("wb") as log:
            server = subprocess.Popen(command, env=env, stdout=log, stderr=log, cwd=REPOSITORY)
        try:
            _until_open(shop, server)
            yield
        finally:
            server.terminate()
            server.wait(30)
    finally:
        cluster.stop()


def _until_open(shop: Shop, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START
    while time.monotonic() < end and server.poll() is None:
        try:
            shop.get("/healthz")
            return
        except OSError:
            time.sleep(0.05)
    raise StackError(f"the catalog's server did not start: {(shop.folder / 'shop.log').read_text()[-2000:]}")


def _fill(shop: Shop, size: int) -> None:
    """Up to so many entries; those there were stay."""
    app = create_app(local_settings(shop.folder))
    with app.app_context(), unit_of_work() as session:
        city = session.scalars(select(City).where(City.slug == "bench")).first()
        if city is None:
            city = City(
                code="00.00", slug="bench", name="Kota Uji (demo)", province="", publisher=True, state="admitted"
            )
            session.add(city)
            session.flush()
        plausible.fill(session, city, size - shop.held, seed=size, first=shop.held)
    shop.held = size


def _weight(shop: Shop) -> Row:
    """The page and all it links to: styles, scripts, icon; there are no fonts to fetch and no other pictures."""
    page = shop.get("/")
    linked = dict.fromkeys(LINKED.findall(page.decode()))
    bodies = [page, *(shop.get(path.replace("&amp;", "&")) for path in linked)]
    size = sum(len(gzip.compress(body, 5)) for body in bodies) / 1000
    return Row("catalog", "the first load of the front page, compressed", "", spread([size]), WEIGHT, unit="kB")
