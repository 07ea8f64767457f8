"""Percentiles, and when somebody must be told."""

from __future__ import annotations

import pytest

from registry.host.shim import stats
from registry.hosting.plain import Limits
from registry.monitor import rules
from registry.monitor.rules import Disk, Facts, Load

LIMITS = Limits(memory=100, disk=1000, files=100, processes=10, request=60)


def histogram(**buckets: int) -> list[int]:
    counts = [0] * (len(rules.BUCKETS) + 1)
    for name, count in buckets.items():
        counts[int(name[1:])] = count
    return counts


def test_the_buckets_are_those_the_shim_counts() -> None:
    assert rules.BUCKETS == stats.BUCKETS


def test_nothing_has_no_percentile() -> None:
    assert rules.percentile(histogram(), 95) is None


def test_a_percentile_lies_within_its_bucket() -> None:
    found = rules.percentile(histogram(b4=95, b8=5), 95)
    assert found == pytest.approx(0.1)
    half = rules.percentile(histogram(b4=100), 50)
    assert half == pytest.approx(0.075)


def test_the_open_bucket_is_taken_for_a_minute() -> None:
    assert rules.percentile(histogram(b12=1), 100) == rules.LONGEST


def kinds(state: str = "running", disk: Disk | None = None, **load: object) -> set[str]:
    return set(rules.judge(Facts(state, LIMITS, Load(**load), disk)))  # type: ignore[arg-type]


def test_a_healthy_plugin_asks_for_nobody() -> None:
    assert kinds(requests=100, errors=5, histogram=histogram(b3=100), disk=Disk(899, 89, False), processes=9) == set()


@pytest.mark.parametrize(
    ("kind", "facts"),
    {
        "crashed": {"state": "crashed"},
        "memory": {"killed": 1},
        "stuck": {"stuck": 2},
        "processes": {"processes": 10},
        "disk_nearly": {"disk": Disk(900, 1, False)},
        "disk_full": {"disk": Disk(5, 100, False)},
        "errors": {"requests": 100, "errors": 6},
        "slow": {"requests": 20, "histogram": histogram(b3=18, b9=2)},
    }.items(),
)
def test_each_kind_has_its_reason(kind: str, facts: dict[str, object]) -> None:
    assert kinds(**facts) == {kind}  # type: ignore[arg-type]


def test_data_that_is_read_only_counts_as_full_whatever_its_size() -> None:
    assert kinds(disk=Disk(940, 1, True)) == {"disk_full"}


def test_few_requests_prove_nothing() -> None:
    assert kinds(requests=19, errors=19, histogram=histogram(b9=19)) == set()
