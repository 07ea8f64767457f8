"""The catalog with 300 generated apps: one visitor, answer after answer, through the edge.

A page that is drawn for its reader can never be as quick as a file the edge sends itself; the ratio tells what the web
and the database add. The bounds are on growth (the same pages with the few apps of the demo) and on the slow answers.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import delete, select

from bench.harness import Row, Way, ratio, rounds, spread
from bench.house import House
from bench.load import Target, loop
from bench.stack import Stack
from registry.catalog import rules
from registry.catalog.models import App
from registry.core.db import db
from registry.core.uow import unit_of_work

APPS = 300
ROUNDS = 7
SECONDS = 0.6
PAGES = {"the list": "/", "a search": "/?q=antrian+layanan", "an app's page": "/apps/antrian"}
FILE, NOTHING = "/static/lumbung.css", "/healthz"
WORDS = (
    "layanan izin warga pajak air jalan sampah sekolah kesehatan pasar parkir banjir taman lampu laporan surat"
    " penduduk usaha pegawai anggaran arsip peta data wisata transportasi pangan perikanan keluarga bantuan"
).split()


def run(house: House) -> list[Row]:
    stack = house.stack
    peers = {"file": stack.page(FILE), "nothing": stack.page(NOTHING)}
    worst: dict[str, list[float]] = {what: [] for what in PAGES}
    lone = {what: _p50(stack.page(path)) for what, path in PAGES.items()}
    ways = {what: _p50(stack.page(path), worst[what]) for what, path in PAGES.items()}
    ways |= {name: _p50(target) for name, target in peers.items()}
    few: dict[str, list[float]] = defaultdict(list)
    found: dict[str, list[float]] = defaultdict(list)
    for _ in range(ROUNDS):
        _clear(stack)
        _add(few, rounds(1, **lone))
        _fill(stack)
        _add(found, rounds(1, **ways))
    rows = []
    for what in PAGES:
        label, many = f"{what} of {APPS} apps, p50", found[what]
        rows += [
            Row("catalog", label, "a static file through the same edge", ratio(many, found["file"])),
            Row("catalog", label, "the web's answer without work", ratio(many, found["nothing"])),
            Row("catalog", label, "the same with three apps", ratio(many, few[what]), 2),
            Row("catalog", f"{what} of {APPS} apps, p95", "its p50", ratio(worst[what], many), 3),
            Row("catalog", f"{what} of {APPS} apps, p95", "", spread([one * 1000 for one in worst[what]]), unit="ms"),
        ]
    return rows


def _p50(target: Target, worst: list[float] | None = None) -> Way:
    """The middle answer of one connection in a row; the slowest twentieth goes to ``worst``."""

    def measured() -> float:
        load = loop(target, SECONDS, connections=1)
        if worst is not None:
            worst.append(load.percentile(95))
        return load.percentile(50)

    return measured


def _add(all_rounds: dict[str, list[float]], one: Mapping[str, list[float]]) -> None:
    for name, values in one.items():
        all_rounds[name] += values


def _clear(stack: Stack) -> None:
    with stack.app.app_context(), unit_of_work() as session:
        session.execute(delete(App).where(App.slug.like("bench-%")))


def _fill(stack: Stack) -> None:
    """Entries like that of antrian under other names and words, each marked as made for this."""
    chance = random.Random(300)  # the same catalog in every run
    with stack.app.app_context(), unit_of_work():
        model = db.session.scalars(select(App).where(App.slug == "antrian")).one()
        db.session.add_all(_generated(model, number, chance) for number in range(APPS))


def _generated(model: App, number: int, chance: random.Random) -> App:
    slug, words = f"bench-{number}", " ".join(chance.sample(WORDS, 8))
    described = {"shortDescription": f"Bench: {words}.", "longDescription": f"Bench. {words} " * 12}
    facts = {**model.facts, "name": f"Bench {words.split()[0]} {number}", "description": {"id": described}}
    summary, rest, near = rules.searchable(slug, facts)
    return App(
        slug=slug,
        name=str(facts["name"]),
        publisher_id=model.publisher_id,
        publiccode=model.publiccode,
        facts=facts,
        maturity=model.maturity,
        licence=model.licence,
        categories=model.categories,
        summary=summary,
        words=rest,
        near=near,
    )
