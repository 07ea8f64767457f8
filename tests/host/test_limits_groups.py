"""cgroups on trees of files: which version is found, what is written into them, and what is read back."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.host.limits import LEAF, Cgroups, Group, Use, open_cgroups
from registry.hosting.plain import Limits

LIMITS = Limits(memory=64 * 2**20, cpu=0.25, processes=10)


def tree(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def membership(root: Path, text: str) -> Path:
    path = root / "self-cgroup"
    path.write_text(text)
    return path


@pytest.fixture
def second(tmp_path: Path) -> tuple[Path, Path]:
    """A service of a system with version 2, whose group is delegated."""
    root = tree(
        tmp_path / "cgroup",
        {
            "cgroup.procs": "",
            "system.slice/lumbung.service/cgroup.procs": "41\n",
            "system.slice/lumbung.service/cgroup.controllers": "cpuset cpu io memory pids\n",
            "system.slice/lumbung.service/cgroup.subtree_control": "",
            f"system.slice/lumbung.service/{LEAF}/cgroup.procs": "",
        },
    )
    return root, membership(tmp_path, "0::/system.slice/lumbung.service\n")


def test_version_2_divides_its_own_group_and_moves_into_a_leaf(second: tuple[Path, Path]) -> None:
    root, proc = second
    groups = open_cgroups("lumbung-x", root, proc)
    service = root / "system.slice/lumbung.service"
    assert groups.version == 2
    assert (service / LEAF / "cgroup.procs").read_text() == "41"
    assert (service / "cgroup.subtree_control").read_text() == "+memory +pids +cpu"


def test_a_host_that_is_already_in_the_leaf_makes_groups_beside_it(second: tuple[Path, Path]) -> None:
    root, proc = second
    proc.write_text(f"0::/system.slice/lumbung.service/{LEAF}\n")
    groups = open_cgroups("lumbung-x", root, proc)
    assert set(groups.parents.values()) == {root / "system.slice/lumbung.service"}


def test_version_2_counts_swap_as_memory_beyond_the_limit(second: tuple[Path, Path]) -> None:
    groups = open_cgroups("lumbung-x", *second)
    parent = second[0] / "system.slice/lumbung.service"
    (parent / "memory.swap.max").write_text("")
    [folder] = groups.make(7, LIMITS).folders
    assert (folder / "memory.max").read_text() == str(64 * 2**20)
    assert (folder / "pids.max").read_text() == "12"
    assert (folder / "cpu.max").read_text() == "25000 100000"


def test_a_group_that_may_not_be_divided_limits_nothing_and_says_so(tmp_path: Path) -> None:
    root = tree(tmp_path / "cgroup", {"cgroup.procs": "", "a/cgroup.procs": "", "a/cgroup.controllers": "memory pids"})
    (root / "a" / "cgroup.subtree_control").mkdir()
    groups = open_cgroups("lumbung-x", root, membership(tmp_path, "0::/a\n"))
    assert groups.version == 0
    assert not groups.holds("memory")


def test_version_1_uses_each_controller_where_it_is_mounted(tmp_path: Path) -> None:
    names = ("memory", "pids", "cpu")
    root = tree(tmp_path / "cgroup", {f"{name}/pod/cgroup.procs": "" for name in names})
    own = "".join(f"{number}:{name}:/pod\n" for number, name in enumerate(names, 1))
    groups = open_cgroups("lumbung-x", root, membership(tmp_path, own))
    made = {folder.parent.parent.name: folder for folder in groups.make(7, LIMITS).folders}
    assert groups.version == 1
    assert (made["memory"] / "memory.limit_in_bytes").read_text() == str(64 * 2**20)
    assert not (made["memory"] / "memory.memsw.limit_in_bytes").exists(), "a kernel without swap accounting"
    assert (made["cpu"] / "cpu.cfs_quota_us").read_text() == "25000"


V2 = {
    "memory.current": "50000\n", "memory.stat": "anon 30000\ninactive_file 15000\n",
    "memory.events": "low 0\nmax 9\noom 3\noom_kill 2\n", "pids.current": "4\n",
    "cpu.stat": "usage_usec 2500000\nuser_usec 1\n",
}  # fmt: skip
V1 = {
    "memory.usage_in_bytes": "50000\n", "memory.stat": "cache 1\ninactive_file 15000\ntotal_inactive_file 15000\n",
    "memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n", "pids.current": "4\n",
    "cpuacct.usage": "2500000000\n",
}  # fmt: skip


@pytest.mark.parametrize("files", [V2, V1], ids=["version 2", "version 1"])
def test_what_a_group_takes_is_read_from_either_version(tmp_path: Path, files: dict[str, str]) -> None:
    assert Group((tree(tmp_path, files),)).use() == Use(memory=35000, cpu=2.5, tasks=4, killed=2)


def test_without_a_count_of_the_kernel_processes_are_asked_for_their_time(tmp_path: Path) -> None:
    tree(tmp_path / "group", {"cgroup.procs": "12\n13\n"})
    after = " ".join(["S", *["0"] * 10, "100", "50", "30", "20", "0"])
    tree(tmp_path / "proc", {"12/stat": f"12 (a ) b) {after}"})
    assert Group((tmp_path / "group",)).use(tmp_path / "proc").cpu == pytest.approx(2.0)


def test_a_group_that_is_gone_takes_nothing(tmp_path: Path) -> None:
    assert Group((tmp_path / "gone",)).use() == Use()


@pytest.mark.parametrize(
    ("accounting", "swaps", "counted"),
    [(True, "head\n/swap\n", True), (False, "head\n", True), (False, "head\n/swap\n", False)],
)
def test_a_limit_that_swapping_could_pass_is_said(tmp_path: Path, accounting: bool, swaps: str, counted: bool) -> None:
    if accounting:
        tree(tmp_path, {"memory.memsw.limit_in_bytes": ""})
    groups = Cgroups(1, {"memory": tmp_path}, "x")
    assert groups.counts_swap(membership(tmp_path, swaps)) is counted
