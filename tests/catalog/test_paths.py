"""Which files a bundle may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.catalog.inspection.bundle import SUBMODULE, SYMLINK, BundleLimits
from registry.catalog.inspection.paths import list_files, path_problem, printable
from tests.catalog.conftest import MemoryTree


def refusals(tree, **limits):
    return [(finding.path, finding.message) for finding in list_files(tree, BundleLimits(**limits)).findings]


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd", "../up", "a/../b", "a//b", "a/./b", "", "a\\b", "a\nb", "a\x00b", "a\u202eb", "a\u200db",
        "bad\udcff", "x" * 101, "/".join(["folder"] * 40), ".git/config", "a/.GIT/hooks", "a/.git./x", "a/GIT~1/x",
    ],
)  # fmt: skip
def test_a_path_that_could_escape_deceive_or_break_is_refused(path):
    assert path_problem(path)


@pytest.mark.parametrize("path", ["app.py", "a/b/c.html", ".gitignore", "templates/é.html", "my file.txt", "..a"])
def test_an_ordinary_path_is_taken(path):
    assert path_problem(path) is None


@given(st.text(max_size=300))
def test_a_taken_path_stays_inside_and_prints_on_one_line(path):
    if path_problem(path) is None:
        assert not path.startswith("/") and ".." not in path.split("/")
        assert len(path.encode()) <= 240
    assert printable(path).isprintable()


def test_links_and_submodules_are_refused_each_with_what_to_do():
    tree = MemoryTree({"link": b"x", "module": b""}, {"link": SYMLINK, "module": SUBMODULE})
    (_, link), (_, module) = refusals(tree)
    assert "symbolic link" in link and "submodule" in module


@pytest.mark.parametrize("mode", [0o104755, 0o102755, 0o101644, 0o010644, 0o060644])
def test_set_id_bits_and_special_files_are_refused(mode):
    assert refusals(MemoryTree({"tool": b"x"}, {"tool": mode}))


@pytest.mark.parametrize(
    "first, second",
    [("README", "readme"), ("caf\u00e9.py", "cafe\u0301.py"), ("a/x.py", "A/y.py"), ("a", "a/b"), ("ﬁ.py", "fi.py")],
)
def test_names_some_systems_cannot_tell_apart_are_refused(first, second):
    assert len(refusals(MemoryTree({first: b"", second: b""}))) == 1


def test_the_listing_ends_at_the_limit_of_files():
    found = list_files(MemoryTree({f"f{n}": b"" for n in range(9)}), BundleLimits(files=5))
    assert not found.complete and len(found.files) == 5 and "5 files" in found.findings[0].message


def test_the_listing_ends_at_the_limit_of_bytes():
    found = list_files(MemoryTree({f"f{n}": b"x" * 2**20 for n in range(9)}), BundleLimits(size=3 * 2**20))
    assert not found.complete and "3 MB" in found.findings[0].message


def test_one_large_file_is_refused_by_name():
    assert refusals(MemoryTree({"dump.sql": b"x" * 2**20 * 2}), file=2**20)[0][0] == "dump.sql"
