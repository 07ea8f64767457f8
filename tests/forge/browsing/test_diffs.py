"""Changes between two commits, as plain data, bounded whatever is in them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import render_template_string

from registry.forge.browsing.diffs import diff
from registry.forge.browsing.parsing import Reader, unquoted
from registry.forge.browsing.patches import Bounds, Diff
from tests.forge.browsing.conftest import blob, put, put_tree


def told(found: Diff, place: int = 0) -> list[tuple[str, int | None, int | None, str]]:
    return [(line.kind, line.old, line.new, line.text) for hunk in found.files[place].hunks for line in hunk.lines]


def test_a_changed_line_is_one_that_goes_and_one_that_comes(repository: Path) -> None:
    first = put(repository, {"a.txt": "one\ntwo\nthree\n"})
    second = put(repository, {"a.txt": "one\n2\nthree\n"}, parent=first)
    found = diff(repository, first, second)
    assert told(found) == [
        ("same", 1, 1, "one"), ("removed", 2, None, "two"), ("added", None, 2, "2"), ("same", 3, 3, "three"),
    ]  # fmt: skip
    assert (found.count, found.added, found.removed, found.cut) == (1, 1, 1, False)


def test_the_first_commit_is_compared_with_nothing(repository: Path) -> None:
    found = diff(repository, None, put(repository, {"a.txt": "one\n"}))
    assert (found.files[0].status, told(found)) == ("added", [("added", None, 1, "one")])


def test_a_rename_keeps_both_names(repository: Path) -> None:
    text = "".join(f"line {number}\n" for number in range(20))
    first = put(repository, {"old.txt": text})
    second = put(repository, {"new.txt": text}, ref="refs/heads/other")
    found = diff(repository, first, second)
    assert [(one.status, one.old_path, one.new_path, one.too_large) for one in found.files] == [
        ("renamed", "old.txt", "new.txt", False)
    ]


def test_binary_files_have_no_lines(repository: Path) -> None:
    found = diff(repository, None, put(repository, {"a.bin": b"\0\1\2"}))
    assert found.files[0].binary and not found.files[0].hunks and found.files[0].added is None


def test_links_and_submodules_are_named_as_such(repository: Path) -> None:
    target = blob(repository, b"/etc/passwd")
    listing = f"120000 blob {target}\tlink\x00160000 commit {'1' * 40}\tsub\x00".encode()
    found = {file.path: file for file in diff(repository, None, put_tree(repository, listing)).files}
    assert found["link"].symlink and found["sub"].submodule


def test_a_file_that_becomes_a_link_is_one_file(repository: Path) -> None:
    first = put(repository, {"a": "text\n", "b": "one\n"})
    link, other = blob(repository, b"/etc/passwd"), blob(repository, b"two\n")
    listing = f"120000 blob {link}\ta\x00100644 blob {other}\tb\x00".encode()
    found = diff(repository, first, put_tree(repository, listing))
    assert [(file.path, file.status) for file in found.files] == [("a", "type"), ("b", "changed")]
    assert told(found, 1) == [("removed", 1, None, "one"), ("added", None, 1, "two")]


@pytest.mark.parametrize("name", [b"a\nb", b'q"uo\\te\t', b"caf\xe9", "\u202etxt.exe".encode(), b"-x", b"--output=x"])
def test_names_are_what_they_are(repository: Path, name: bytes) -> None:
    listing = b"100644 blob " + blob(repository, b"x\n").encode() + b"\t" + name + b"\0"
    found = diff(repository, None, put_tree(repository, listing))
    assert found.files[0].new_path.encode("utf-8", "surrogateescape") == name


def test_what_turns_the_order_of_text_is_noticed(repository: Path) -> None:
    plain = diff(repository, None, put(repository, {"a.py": "x = 1\n"}))
    hidden = diff(repository, None, put(repository, {"a.py": "x = '\u202e' # \u2066\n"}))
    assert (plain.turns, hidden.turns) == (False, True)


def test_lines_that_look_like_a_patch_are_lines(repository: Path) -> None:
    first = put(repository, {"a": "-- a/x\n@@ -1 +1 @@\ndiff --git a/x b/x\n"})
    second = put(repository, {"a": "other\n"}, parent=first)
    assert [line[3] for line in told(diff(repository, first, second))] == [
        "-- a/x", "@@ -1 +1 @@", "diff --git a/x b/x", "other",
    ]  # fmt: skip


def test_a_long_line_is_cut(repository: Path) -> None:
    found = diff(repository, None, put(repository, {"min.js": "x" * 3_000_000 + "\nend\n"}))
    lines = found.files[0].hunks[0].lines
    assert (len(lines[0].text), lines[0].cut, lines[1].text) == (1_000, True, "end")


def test_a_long_file_says_that_it_is_cut_and_the_next_is_there(repository: Path) -> None:
    made = put(repository, {"a": "x\n" * 5_000, "b": "short\n"})
    found = diff(repository, None, made)
    assert found.cut and found.files[0].too_large and not found.files[1].too_large
    assert (len(told(found)), found.files[0].added, told(found, 1)[0][3]) == (1_000, 5_000, "short")


def test_a_commit_of_ten_thousand_files_names_a_thousand(repository: Path) -> None:
    made = put(repository, {f"f{number:05}": f"{number}\n" for number in range(10_000)})
    found = diff(repository, None, made)
    assert (found.cut, found.count, len(found.files)) == (True, 10_000, 1_000)
    assert sum(1 for file in found.files if file.hunks) == Bounds().shown


def test_a_diff_stops_at_its_bytes(repository: Path) -> None:
    made = put(repository, {"a": "y" * 999 + "\n", "b": ("z" * 999 + "\n") * 40})
    found = diff(repository, None, made, bounds=Bounds(size=20_000))
    assert found.cut and found.files[1].too_large


def test_one_file_alone(repository: Path) -> None:
    made = put(repository, {"a[1].txt": "x\n", "a1.txt": "y\n"})
    assert [file.path for file in diff(repository, None, made, path="a[1].txt").files] == ["a[1].txt"]


@pytest.mark.parametrize("given", ["main", "--output=/tmp/x", "-x", "a" * 39, "HEAD~1"])
def test_only_ids_are_taken(repository: Path, given: str) -> None:
    with pytest.raises(ValueError, match="full object ids"):
        diff(repository, None, given)


def test_objects_may_lie_elsewhere(tmp_path: Path, repository: Path) -> None:
    other = repository.parent / "other.git"
    repository.rename(other)
    mine = repository
    (mine / "objects").mkdir(parents=True)
    (mine / "refs").mkdir()
    (mine / "HEAD").write_text("ref: refs/heads/main\n")
    made = put(other, {"a": "x\n"})
    found = diff(mine, None, made, {"GIT_ALTERNATE_OBJECT_DIRECTORIES": str(other / "objects")})
    assert found.count == 1


def test_the_page_escapes_marks_and_leaves_room_for_notes(repository: Path, english: None) -> None:
    made = put(repository, {"a.bin": b"\0", "a<b>.py": "<script>alert(1)</script>\nx = '\u202e'\n"})
    page = render_template_string(
        """{% from "forge/browsing/_diff.html" import diff_of %}
        {% call(file, line) diff_of(diff) %}{% if line.new == 2 %}<b>note on {{ file.path }}</b>{% endif %}{% endcall %}
        {{ diff_of(diff) }}""",
        diff=diff(repository, None, made),
    )
    assert "<script>" not in page and "a<b>.py" not in page and "[U+202E]" in page and "\u202e" not in page
    assert page.count("<b>note on a&lt;b&gt;.py</b>") == 1 and page.count('class="diff-under"') == 1


def test_quoted_paths_are_read_back() -> None:
    assert unquoted(b'"n\\nl\\t\\"q\\303\\251"') == b'n\nl\t"q\xc3\xa9'
    assert unquoted(b'"') == b'"'


def test_rubbish_is_no_diff() -> None:
    reader = Reader(Bounds())
    assert reader.read(io.BytesIO(b"\n\0\xff\n@@ x\ndiff --git \n+x\n")) and reader.result().files == ()


def test_a_path_of_any_length_is_whole(repository: Path) -> None:
    long = "/".join(["é" * 120] * 25)
    found = diff(repository, None, put(repository, {long: "x\n", "z": "y\n"}))
    assert [file.path for file in found.files] == ["z", long] and told(found, 1)[0][3] == "x"
