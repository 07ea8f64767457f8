"""``/metrics``: the newest figures of every plugin, from the tables, for a Prometheus of the platform's operator.

Counters count from midnight UTC on (a reset that `rate()` understands), gauges tell the newest minute of plugins that
were awake within `FRESH`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from flask import has_app_context
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import REGISTRY, Collector
from sqlalchemy import Connection, Row, text

from registry.core import clock, scope
from registry.core.db import db
from registry.monitor import rules

FRESH = timedelta(minutes=3)
LABELS = ["city", "plugin"]

_TODAY = """
    with whole as (select * from sample_hours where minute >= :midnight),
         since as (select coalesce(max(minute) + interval '1 hour', :midnight) as at from whole),
         figures as (
           select deployment_id, requests, errors, slow, cpu_seconds, wakes, killed from whole
           union all
           select deployment_id, requests, errors, slow, cpu_seconds, wakes, killed
             from samples, since where minute >= since.at)
    select c.slug as city, d.name as plugin, sum(requests) as requests, sum(errors) as errors, sum(slow) as slow,
           sum(cpu_seconds) as cpu_seconds, sum(wakes) as wakes, sum(killed) as killed
      from figures f join deployments d on d.id = f.deployment_id join cities c on c.id = d.tenant_id
     group by c.slug, d.name
"""
_NEWEST = """
    select distinct on (s.deployment_id) c.slug as city, d.name as plugin, s.memory_bytes, s.disk_bytes, s.files,
           s.processes, s.histogram
      from samples s join deployments d on d.id = s.deployment_id join cities c on c.id = d.tenant_id
     where s.minute >= :fresh order by s.deployment_id, s.minute desc
"""
_ALERTS = """
    select c.slug as city, coalesce(d.name, '') as plugin, a.kind
      from alerts a join cities c on c.id = a.tenant_id left join deployments d on d.id = a.deployment_id
     where a.until is null
"""
_COUNTERS = {
    "requests": "Requests a plugin answered",
    "errors": "Answers of 500 and above",
    "slow": "Requests longer than their limit",
    "cpu_seconds": "Processor time",
    "wakes": "Starts from sleep",
    "killed": "Processes ended by the memory limit",
}
_GAUGES = {
    "memory_bytes": "Memory at most in the newest minute",
    "disk_bytes": "Data on disk",
    "files": "Files of its data",
    "processes": "Processes and threads at most in the newest minute",
}


class PluginFigures(Collector):
    """Asks the tables when it is asked; tells nothing outside of an application."""

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        if not has_app_context():
            return
        with db.engine.connect() as connection:
            scope.tell(connection, scope.PROGRAMME)
            yield from _today(connection)
            yield from _newest(connection)
            yield _open_alerts(connection)


COLLECTOR = PluginFigures()


def init() -> None:
    """Once per process, however many applications it makes."""
    if COLLECTOR not in REGISTRY._collector_to_names:
        REGISTRY.register(COLLECTOR)


def _today(connection: Connection) -> Iterator[Metric]:
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    rows = connection.execute(text(_TODAY), {"midnight": midnight}).all()
    for name, help_text in _COUNTERS.items():
        family = CounterMetricFamily(f"lumbung_plugin_{name}", f"{help_text}, since midnight UTC", labels=LABELS)
        for row in rows:
            family.add_metric([row.city, row.plugin], float(getattr(row, name)))
        yield family


def _newest(connection: Connection) -> Iterator[Metric]:
    rows = connection.execute(text(_NEWEST), {"fresh": clock.now() - FRESH}).all()
    for name, help_text in _GAUGES.items():
        yield _gauge(name, help_text, [(row, float(getattr(row, name))) for row in rows])
    slowest = [(row, rules.percentile(row.histogram, 95)) for row in rows]
    yield _gauge("p95_seconds", "95% of the newest minute's requests were answered within", slowest)


def _gauge(name: str, help_text: str, values: Iterable[tuple[Row[tuple[object, ...]], float | None]]) -> Metric:
    family = GaugeMetricFamily(f"lumbung_plugin_{name}", help_text, labels=LABELS)
    for row, value in values:
        if value is not None:
            family.add_metric([row.city, row.plugin], value)
    return family


def _open_alerts(connection: Connection) -> Metric:
    family = GaugeMetricFamily("lumbung_alert_open", "1 while the alert is open", labels=[*LABELS, "kind"])
    for row in connection.execute(text(_ALERTS)):
        family.add_metric([row.city, row.plugin, row.kind], 1.0)
    return family
