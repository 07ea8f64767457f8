"""The host's pure rules: exits, open switches, the sandbox's arguments, the filter, words, the log."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from registry.host import limits, sandbox, seccomp, words
from registry.host.logs import LINES_PER_SECOND, MAX_FILE, PluginLog
from registry.host.rules import Course, Exit, Verdict, after_exit, course
from registry.hosting.plain import Limits, Manifest, SwitchStep

CRASH = Exit(code=1, announced=False, served=False, asked=False, seconds=5)


def test_waits_double_from_one_second_and_the_fifth_failure_is_the_last() -> None:
    failures, waits = 0, []
    for _ in range(5):
        verdict = after_exit(failures, CRASH)
        failures = verdict.failures
        waits.append(verdict.wait)
    assert waits == [1, 2, 4, 8, 16]
    assert verdict.give_up


def test_a_served_request_starts_the_count_anew() -> None:
    assert after_exit(4, Exit(139, False, True, False, 5)) == Verdict(1, 1.0)


@pytest.mark.parametrize("ended", [Exit(0, True, False, False, 300), Exit(143, False, False, True, 0.1)])
def test_leaving_on_purpose_is_no_failure(ended: Exit) -> None:
    assert after_exit(2, ended) == Verdict(2)


@pytest.mark.parametrize("ended", [Exit(0, False, False, False, 9), Exit(0, True, False, False, 0.2)])
def test_an_exit_code_of_zero_alone_excuses_nothing(ended: Exit) -> None:
    assert after_exit(0, ended).failures == 1


@pytest.mark.parametrize(
    ("step", "found"),
    [("pending", Course.BEGIN), ("draining", Course.BEGIN), ("snapshot", Course.REVERT_STEP),
     ("migrating", Course.REVERT_DATA), ("probing", Course.REVERT_DATA), ("committed", Course.NOTHING),
     ("reverted", Course.NOTHING), ("failed", Course.NOTHING)],
)  # fmt: skip
def test_how_an_open_switch_goes_on(step: str, found: Course) -> None:
    assert course(SwitchStep(step)) is found


def _arguments() -> list[str]:
    mounts = sandbox.Mounts(Path("/s"), Path("/e"), Path("/c"), Path("/d"), links={"lib": "usr/lib"})
    root = sandbox.steps(mounts, ["/etc/passwd"])
    return sandbox.arguments(root, {"SECRET_KEY": "x\0y"}, {"/etc/passwd": 9}, 8)


@pytest.mark.parametrize(
    "word",
    ["--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session", "--as-pid-1",
     "--clearenv", "--seccomp"],
)  # fmt: skip
def test_the_sandbox_has_every_wall(word: str) -> None:
    assert word in _arguments()


def test_the_data_folder_is_the_only_writable_mount() -> None:
    words_ = _arguments()
    assert [words_[i + 2] for i, word in enumerate(words_) if word == "--bind"] == ["/data"]
    assert words_.index("--remount-ro") > words_.index("--bind")


def test_values_cannot_smuggle_arguments() -> None:
    assert all("\0" not in word for word in _arguments())


def test_processes_are_limited_per_user_only_when_it_is_the_deployment_s_own() -> None:
    assert "--nproc=34" in sandbox.limited(["x"], sandbox.resources(Limits(), own_user=True, grouped=False))
    assert "NPROC" not in sandbox.resources(Limits(), own_user=False, grouped=True)


def test_where_groups_bound_each_sandbox_those_beside_it_have_room() -> None:
    assert sandbox.resources(Limits(), own_user=True, grouped=True)["NPROC"] == 34 * sandbox.SIDE_BY_SIDE


def test_interpreter_outside_usr_is_followed_hop_by_hop(tmp_path: Path) -> None:
    base = tmp_path / "python-3.11.9" / "bin"
    base.mkdir(parents=True)
    (base / "python3.11").touch()
    (tmp_path / "python-3.11").symlink_to("python-3.11.9")
    env = tmp_path / "env" / "bin"
    env.mkdir(parents=True)
    (env / "python").symlink_to(tmp_path / "python-3.11" / "bin" / "python3.11")
    (env / "python3").symlink_to("python")
    found = sandbox.interpreter_prefixes(tmp_path / "env", lambda path: path.resolve())
    assert found == {tmp_path / "python-3.11": tmp_path / "python-3.11.9"}


def _run(program: bytes, arch: int, number: int, *arguments: int) -> int:
    """A classic BPF machine, as small as the filter needs it."""
    seen = struct.pack("=IIQ6Q", number, arch, 0, *(*arguments, *[0] * (6 - len(arguments))))
    steps = list(struct.iter_unpack("=HBBI", program))
    at, accumulator = 0, 0
    while True:
        code, yes, no, k = steps[at]
        at += 1
        if code == seccomp.RETURN:
            return k
        if code == seccomp.LOAD:
            accumulator = struct.unpack_from("=I", seen, k)[0]
            continue
        tests = {
            seccomp.JUMP_EQUAL: accumulator == k,
            seccomp.JUMP_GREATER_OR_EQUAL: accumulator >= k,
            seccomp.JUMP_SET: bool(accumulator & k),
        }
        at += yes if tests[code] else no


@pytest.mark.parametrize("name", seccomp.MACHINES)
def test_the_filter_denies_its_list_and_allows_the_rest(name: str) -> None:
    machine, program = seccomp.MACHINES[name], seccomp.program(name)
    for table, answer in ((seccomp.DENIED, seccomp.DENY), (seccomp.HIDDEN, seccomp.ABSENT)):
        for numbers in table.values():
            number = numbers[machine.column]
            assert number is None or _run(program, machine.audit, number) == answer
    assert _run(program, machine.audit, 0) == seccomp.ALLOW
    assert _run(program, 0x40000003, 0) == seccomp.KILL, "32-bit calls have other numbers"
    assert _run(program, machine.audit, 0x40000000) == seccomp.KILL, "so has x32"
    assert _run(program, machine.audit, machine.clone, 0x10000011) == seccomp.DENY
    assert _run(program, machine.audit, machine.clone, 0x11) == seccomp.ALLOW
    assert _run(program, machine.audit, machine.ioctl, 0, 0x5412) == seccomp.DENY
    assert _run(program, machine.audit, machine.ioctl, 0, 0xFF_0000_5412) == seccomp.DENY, "the kernel cuts it too"
    assert _run(program, machine.audit, machine.ioctl, 0, 0x5401) == seccomp.ALLOW
    assert _run(program, machine.audit, machine.socket, 1) == seccomp.ALLOW
    assert _run(program, machine.audit, machine.socket, 16) == seccomp.NO_FAMILY


def test_without_cgroups_nothing_is_claimed(tmp_path: Path) -> None:
    own = tmp_path / "cgroup"
    own.write_text("0::/\n")
    groups = limits.open_cgroups("t", tmp_path, own)
    assert not any(groups.holds(name) for name in limits.CONTROLLERS)
    assert groups.make(1, Limits()) == limits.NO_GROUP


def test_every_sentence_exists_in_both_languages() -> None:
    for key in words._WORDS:
        assert words.say(key, "id", "7") != words.say(key, "en", "7")


def test_a_manifest_survives_the_database() -> None:
    manifest = Manifest("a:b", staff=("/kerja",), provides={"kpi.read": "/_kpi"}, limits=Limits(cpu=0.25))
    assert Manifest.from_json(manifest.to_json()) == manifest


def test_control_characters_in_the_log_are_written_out(tmp_path: Path) -> None:
    log = PluginLog(tmp_path / "log" / "plugin.log")
    log.feed("\x1b[31mmerah\u202e \xe9\n".encode() + b"\xff\n")
    text = (tmp_path / "log" / "plugin.log").read_text()
    assert "\\x1b[31mmerah\\u202e \xe9" in text
    assert "\\xff" in text


def test_a_flood_is_counted_instead_of_kept(tmp_path: Path) -> None:
    log = PluginLog(tmp_path / "plugin.log")
    log.feed(b"x\n" * (LINES_PER_SECOND * 50))
    log.close()
    lines = (tmp_path / "plugin.log").read_text().splitlines()
    assert len(lines) <= 2 * LINES_PER_SECOND + 3
    assert "lines dropped" in lines[-1]


def test_the_log_keeps_two_files(tmp_path: Path) -> None:
    place = tmp_path / "plugin.log"
    place.write_text("x" * MAX_FILE)
    PluginLog(place).note("new")
    assert (tmp_path / "plugin.log.1").stat().st_size == MAX_FILE
    assert place.stat().st_size < 100


def test_lines_for_the_host_are_not_the_plugin_s(tmp_path: Path) -> None:
    heard: list[str] = []
    log = PluginLog(tmp_path / "plugin.log", heard.append)
    log.feed(b"\x1elumb")
    log.feed(b"ung: ready\n")
    assert heard == ["ready"]
    assert not (tmp_path / "plugin.log").exists()
