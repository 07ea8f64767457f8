"""The catalog with 320, 10,000 and 100,000 plausible entries: one visitor, page after page, no question asked twice.

The peer is the very page as bytes out of memory, sent by the same web server through the same code before and after
every answer: what is above 1 is searching, counting facets and drawing. The first load's weight is what a browser
fetches to see the front page, compressed as the edge does. The server reads the catalog before it forks its workers:
a worker's private memory is what it does not share with that process, after its first look and after all others.
"""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
from sqlalchemy import select

from bench.aside import held
from bench.harness import Row, ratio, rounds, spread
from bench.house import House
from bench.memory import MEGABYTE
from bench.stack import StackError
from bench.visits import Shop
from registry.app import create_app
from registry.catalog import plausible
from registry.config import REPOSITORY
from registry.core.uow import unit_of_work
from registry.operate import announce, database
from registry.operate.parts import embedded, local_settings
from registry.tenants.models import City

SIZES = (320, 10_000, 100_000)
JUDGED = 10_000
"""Entries up to which a page keeps the bound; beyond it the figures only inform."""

BOUND = 3.0
ROUNDS = 5
PAGES = ("the front page", "a search", "a search with facets")
WEIGHT = 100
"""kB of the first load."""

START = 120.0
LINKED = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@dataclass(frozen=True)
class Server:
    """``took`` seconds to be ready."""

    process: subprocess.Popen[bytes]
    took: float


def run(house: House) -> list[Row]:
    folder = house.folder / "shop"
    folder.mkdir()
    shop, rows = Shop(folder), []
    with _database(shop):
        kept: dict[tuple[str, int], list[float]] = {}
        for size in SIZES:
            _fill(shop, size)
            with _open(shop) as server:
                rows += [*_start(shop, server, size), *_pages(shop, size, kept), *_memory(server, size, "at the end")]
                if size == JUDGED:
                    rows.append(_weight(shop))
    for what in PAGES:
        for size in SIZES[1:]:
            grown = ratio(kept[what, size], kept[what, SIZES[0]])
            rows.append(Row("catalog", f"{what}, p95: {size:,} entries", f"{SIZES[0]} entries", grown))
    return rows


def _start(shop: Shop, server: Server, size: int) -> list[Row]:
    """Until it is ready, and the first page of all."""
    began = time.perf_counter()
    shop.page.write_bytes(shop.get("/"))
    first = (time.perf_counter() - began) * 1000
    return [
        Row(
            "catalog", f"start of a server of {size:,} entries, until it is ready", "", spread([server.took]), unit="s"
        ),
        Row("catalog", f"first look after a start, {size:,} entries", "", spread([first]), unit="ms"),
        *_memory(server, size, "after its first look"),
    ]


def _pages(shop: Shop, size: int, kept: dict[tuple[str, int], list[float]]) -> list[Row]:
    paths = dict(zip(PAGES, (lambda: "/", shop.question, shop.narrowed), strict=True))
    ways = {
        "static": shop.slowest(lambda: "/bench-bytes"),
        **{what: shop.slowest(path) for what, path in paths.items()},
    }
    for warm in ways.values():
        warm()
    found, rows = rounds(ROUNDS, **ways), []
    for what in PAGES:
        kept[what, size] = found[what]
        bound = BOUND if size <= JUDGED else None
        label = f"{what} of {size:,} entries, p95"
        rows.append(Row("catalog", label, "its bytes out of memory", ratio(found[what], found["static"]), bound))
        rows.append(Row("catalog", label, "", spread(found[what]), unit="ms"))
    return rows


def _memory(server: Server, size: int, when: str) -> list[Row]:
    """Of the process that forks, and of its worker."""
    first = psutil.Process(server.process.pid)
    private = [held([worker.pid]).private / MEGABYTE for worker in first.children()]
    own = held([first.pid]).shared / MEGABYTE
    return [
        Row("catalog", f"private memory of a web process {when}, {size:,} entries", "", spread(private), unit="MB"),
        Row(
            "catalog", f"fair share of the process that forks it {when}, {size:,} entries", "", spread([own]), unit="MB"
        ),
    ]


@contextmanager
def _database(shop: Shop) -> Iterator[None]:
    cluster = embedded(local_settings(shop.folder))
    cluster.prepare()
    try:
        database.upgrade(local_settings(shop.folder))
        yield
    finally:
        cluster.stop()


@contextmanager
def _open(shop: Shop) -> Iterator[Server]:
    """Gunicorn as in production, with one worker; gone at the end."""
    command = [
        sys.executable, "-m", "gunicorn", "bench.shop:app", "-c", f"python:{announce.__name__}", "--bind",
        f"unix:{shop.address}", "--workers", "1", "--worker-class", "gthread", "--threads", "8", "--preload",
        "--log-level", "warning", "--no-control-socket",
    ]  # fmt: skip
    shop.page.write_text("")
    shop.ready.unlink(missing_ok=True)
    told = {"BENCH_DATA": str(shop.folder), "BENCH_PAGE": str(shop.page)}
    env = os.environ | told | {announce.READY: str(shop.ready), announce.PROCESS: "web"}
    with (shop.folder / "shop.log").open("wb") as log:
        began = time.perf_counter()
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log, cwd=REPOSITORY)
    try:
        _until_ready(shop, process)
        yield Server(process, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait(30)


def _until_ready(shop: Shop, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START
    while time.monotonic() < end and server.poll() is None:
        if shop.ready.exists():
            return
        time.sleep(0.02)
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
