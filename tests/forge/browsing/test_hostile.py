"""Repositories that somebody made to hurt: names, sizes, contents and questions. Nothing breaks, nothing runs."""

from __future__ import annotations

import os
import time
from pathlib import Path

import psutil
import pytest
from flask import render_template_string
from git import Git

from registry.core.errors import InvalidError, NotFoundError, RefusalError, TooLargeError, UnavailableError
from registry.forge import git
from registry.forge.browsing import blame, diffs, history, raws, reading, refs, searching
from registry.forge.browsing.reading import Folder, SourceFile
from registry.forge.browsing.searching import Query
from registry.forge.browsing.texts import read
from registry.forge.browsing.visible import name, visible
from tests.forge.browsing.conftest import blob, put, put_tree
from tests.forge.conftest import World
from tests.forge.test_pages import signed_in

pytestmark = pytest.mark.usefixtures("english")
BAD_REFS = ("-x", "--output=/tmp/made-by-a-ref", "main~1", "main^{tree}", "@{-1}", "HEAD", ":/x", "main:a", "a..b", "",
            "refs/heads/main", "x\nmain", "x\0", "main.lock", "a" * 300, "heads/", "*", "nothing")  # fmt: skip


def folder(repository: Path, commit: str, path: str = "", **more: int) -> Folder:
    found = reading.at(repository, commit, path, **more)
    assert isinstance(found, Folder)
    return found


def file(repository: Path, commit: str, path: str) -> SourceFile:
    found = reading.at(repository, commit, path)
    assert isinstance(found, SourceFile)
    return found


@pytest.mark.parametrize("asked", BAD_REFS)
def test_only_names_of_branches_tags_and_whole_commits_are_looked_up(repository: Path, asked: str) -> None:
    put(repository, {"a": "x"})
    with pytest.raises(NotFoundError):
        refs.resolve(repository, asked)
    assert not Path("/tmp/made-by-a-ref").exists()


@pytest.mark.parametrize("odd", ["-x", "--output=x", "usulan#1", "perbaikan/jalan-é", "a&b", "100%", "<b>"])
def test_a_branch_of_any_name_git_allows_is_shown(repository: Path, odd: str) -> None:
    made = put(repository, {"a": "x"}, ref=f"refs/heads/{odd}")
    assert refs.resolve(repository, odd).commit.id == made
    assert [ref.handle for ref in refs.branches(repository)] == [f"heads/{odd}"]


def test_a_short_commit_id_is_no_name(repository: Path) -> None:
    made = put(repository, {"a": "x"})
    assert refs.resolve(repository, made).commit.id == made
    with pytest.raises(NotFoundError):
        refs.resolve(repository, made[:12])


def test_of_a_branch_and_a_tag_of_one_name_the_tag_is_meant_and_the_page_says_so(repository: Path) -> None:
    first = put(repository, {"a": "1"})
    second = put(repository, {"a": "2"}, ref="refs/heads/v1", parent=first)
    git.run(repository, "update-ref", "refs/tags/v1", first)
    shown = refs.resolve(repository, "v1")
    assert (shown.kind, shown.commit.id, shown.twin) == ("tag", first, True)
    assert refs.resolve(repository, "heads/v1").commit.id == second


def test_a_commit_no_branch_leads_to_is_not_shown(repository: Path) -> None:
    first = put(repository, {"a": "secret"})
    put(repository, {"a": "clean"})
    with pytest.raises(NotFoundError):
        refs.resolve(repository, first)


def test_a_tag_of_a_blob_is_no_version(repository: Path) -> None:
    put(repository, {"a": "1"})
    git.run(repository, "update-ref", "refs/tags/odd", blob(repository, b"x"))
    assert refs.tags(repository) == []
    with pytest.raises(NotFoundError):
        refs.resolve(repository, "odd")


@pytest.mark.parametrize("when", ["99999999999999 +0700", "1700000000 +9999", "0 -1200"])
def test_a_commit_of_no_day_is_shown(repository: Path, when: str) -> None:
    tree = git.line(repository, "rev-parse", f"{put(repository, {'a': 'x'})}^{{tree}}")
    raw = f"tree {tree}\nauthor \x1b[31m <x> {when}\ncommitter \u202ey <x> {when}\n\n<script>\u202e\n"
    made = git.line(repository, "hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=raw.encode())
    git.run(repository, "update-ref", "refs/heads/main", made)
    shown = history.show(repository, refs.resolve(repository, "main").commit.id)
    assert shown.message == "<script>\u202e" and history.page(repository, made, 5)[0][0].id == made
    page = render_template_string("{{ shown.committed|moment }}{{ shown.title|visible }}", shown=shown)
    assert "<script>" not in page and "\u202e" not in page


@pytest.mark.parametrize(
    "path",
    ["../a", "/a", "a//b", "./a", ".git/config", "a\\b", "a\nb", ":(glob)**", ":/", "a" * 1_001, "d/" * 30 + "a"],
)  # fmt: skip
def test_a_path_is_only_a_path(repository: Path, path: str) -> None:
    made = put(repository, {"a": "x"})
    with pytest.raises(NotFoundError):
        reading.at(repository, made, path)
    try:
        assert history.page(repository, made, 5, path=path)[0] == []
    except NotFoundError:
        pass


@pytest.mark.parametrize("odd", [b"a\nb", b"caf\xe9", b"\x1b[31m", b"<script>"])
def test_names_no_page_can_open_are_listed(repository: Path, odd: bytes) -> None:
    made = put_tree(repository, b"100644 blob " + blob(repository, b"x").encode() + b"\t" + odd + b"\0")
    row = folder(repository, made).rows[0]
    assert os.fsencode(row.name) == odd and row.opens == (odd == b"<script>")
    shown = str(name(row.name))
    shown.encode()
    assert "<script" not in shown and "\n" not in shown and "\x1b" not in shown


def test_a_folder_of_a_hundred_thousand_names_comes_in_pages(repository: Path) -> None:
    one = blob(repository, b"x").encode()
    listing = b"".join(b"100644 blob %s\tf%06d\0" % (one, number) for number in range(100_000))
    made = put_tree(repository, listing)
    page = folder(repository, made, start=99_990, count=500)
    assert (page.total, len(page.rows), page.next) == (100_000, 10, None)
    assert folder(repository, made, count=500).next == 500


def test_a_folder_whose_list_is_too_long_is_not_read(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_TREE", 20)
    made = put(repository, {"a": "x", "b": "y"})
    with pytest.raises(TooLargeError):
        reading.at(repository, made, "")


def test_a_large_file_is_named_and_not_read(repository: Path) -> None:
    made = put(repository, {"large.txt": b"a" * (reading.MAX_SHOWN + 1)})
    shown = file(repository, made, "large.txt")
    assert shown.text is None and shown.size == reading.MAX_SHOWN + 1
    with pytest.raises(TooLargeError):
        blame.blame(repository, made, "large.txt")


def test_a_file_larger_than_memory_ends_no_page(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = put(repository, {"a": "hit\n", "z": b"x" * 150_000_000})
    for module in (diffs, searching):
        monkeypatch.setattr(module, "MEMORY", 100_000_000)
    changed = diffs.diff(repository, None, made)
    assert [file.path for file in changed.files] == ["a", "z"] and changed.cut
    found = searching.search(repository, made, Query("hit"))
    assert found.cut and [hit.path for hit in found.hits] == ["a"]


def test_one_endless_line_is_cut_and_not_coloured() -> None:
    text = read(b"var a=1;" * 40_000, "min.js")
    assert text is not None and text.cut and len(text.lines) == 1 and len(text.lines[0]) < 20_000
    many = read(b"\n" * 200_000, "a.py")
    assert many is not None and many.cut and len(many.lines) == 5_000


def test_text_of_another_encoding_reads_and_says_so() -> None:
    text = read(b"Kal\xe9 \x93kutip\x94\r\n", "a.txt")
    assert text is not None and (text.encoding, text.ends) == ("windows-1252", "crlf")
    assert "Kalé" in text.plain and read(b"a\0b", "a.txt") is None


def test_a_folder_too_deep_for_pages_is_listed(repository: Path) -> None:
    made = put(repository, {"d/" * 25 + "a": "x"})
    rows = folder(repository, made, "/".join(["d"] * 20)).rows
    assert [row.opens for row in rows] == [False]


def test_links_and_submodules_are_shown_and_not_followed(repository: Path) -> None:
    link = blob(repository, b"/etc/passwd")
    made = put_tree(repository, f"120000 blob {link}\tlink\x00160000 commit {'1' * 40}\tsub\x00".encode())
    assert {row.name: (row.kind, row.opens) for row in folder(repository, made).rows} == {
        "link": ("symlink", True), "sub": ("submodule", False),
    }  # fmt: skip
    assert file(repository, made, "link").target == "/etc/passwd"
    assert file(repository, made, "sub").submodule
    for inside in ("link/x", "sub/x"):
        with pytest.raises(NotFoundError):
            reading.at(repository, made, inside)


def test_what_is_hidden_is_made_visible() -> None:
    shown = str(visible("a\u202eb\u200b<\x1b\udcff\t\n"))
    assert shown.count("hidden-char") == 4 and "&lt;" in shown and "\u202e" not in shown
    assert "[U+202E]" in shown and "[\\xFF]" in shown and shown.endswith("\t\n")


def test_gitpython_leaves_no_process_behind(repository: Path) -> None:
    """Thirty repositories read once each left 61 children, each until it was collected (facts of GitPython 3.2.1)."""
    made = put(repository, {"a": "x"})
    for _round in range(10):
        reading.at(repository, made, "")
    living = [child for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE]
    assert [child for child in living if "cat-file" in " ".join(child.cmdline())] == []


@pytest.mark.parametrize("text", ["--open-files-in-pager=touch /tmp/by-grep", "-e", "-O", "--", "$(id)", "[", "("])
def test_words_are_words(repository: Path, text: str) -> None:
    made = put(repository, {"a": f"one\nhas {text} here\n"})
    assert [hit.line for hit in searching.search(repository, made, Query(text)).hits] == [2]
    assert not Path("/tmp/by-grep").exists()


@pytest.mark.parametrize(
    "query",
    [Query(""), Query(" "), Query("x" * 201), Query("a\nb"), Query("(a)\\1", True), Query("a{1,101}", True),
     Query("((a{2,9}){2,9}){2,9}", True), Query("(", True), Query("[", True), Query("x", path=":(attr:x)"),
     Query("x", path="[a-z]*"), Query("x", path="a\0")],
)  # fmt: skip
def test_what_is_not_searched_for_is_said(repository: Path, query: Query) -> None:
    made = put(repository, {"a": "x\n"})
    with pytest.raises(InvalidError):
        searching.search(repository, made, query)


def test_a_search_keeps_to_its_folder_and_case(repository: Path) -> None:
    made = put(repository, {"docs/a.md": "Lapor\n", "src/a.py": "lapor\n", "src/b.md": "lapor\n"})

    def paths(*given: object, **more: object) -> list[str]:
        return [hit.path for hit in searching.search(repository, made, Query(*given, **more)).hits]  # type: ignore[arg-type]

    assert paths("LAPOR") == ["docs/a.md", "src/a.py", "src/b.md"]
    assert paths("Lapor", exact_case=True) == ["docs/a.md"]
    assert paths("lapor", path="src") == ["src/a.py", "src/b.md"]
    assert paths("lapor", path="*.md", exact_case=True) == ["src/b.md"]
    assert paths("^(x|l)apor$", pattern=True, exact_case=True) == ["src/a.py", "src/b.md"]


def test_hits_are_marked_and_escaped(repository: Path) -> None:
    made = put(repository, {"a": "<script>lapor\x1b[1m</script> \u202e\n", "b.bin": b"lapor\0"})
    found = searching.search(repository, made, Query("lapor"))
    assert len(found.hits) == 1 and "<mark>lapor</mark>" in found.hits[0].html
    assert "<script" not in found.hits[0].html and "\u202e" not in found.hits[0].html


def test_a_search_stops_and_says_that_there_is_more(repository: Path) -> None:
    made = put(repository, {f"f{number:03}": "hit\n" * 30 for number in range(30)})
    found = searching.search(repository, made, Query("hit"))
    assert found.cut and len(found.hits) == searching.MAX_HITS
    few = put(repository, {"long": "x" * 9_000 + "hit", "a": "hit\n"}, ref="refs/heads/few")
    assert {hit.path: len(hit.text) <= 300 for hit in searching.search(repository, few, Query("hit")).hits} == {
        "a": True, "long": True,
    }  # fmt: skip


def test_time_is_bounded_everywhere(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A git that never ends is killed, and the page says so."""
    made = put(repository, {"a": "x\n"})
    sleeper = repository.parent / "git"
    sleeper.write_text("#!/bin/sh\nexec sleep 60\n")
    sleeper.chmod(0o755)
    content = reading.at(repository, made, "a")
    monkeypatch.setattr(reading, "at", lambda *_given, **_more: content)
    monkeypatch.setattr(git, "BINARY", str(sleeper))
    for module in (searching, history, blame, refs):
        monkeypatch.setattr(module, "SECONDS", 0.3)
    began = time.monotonic()
    assert searching.search(repository, made, Query("x")).slow
    for ask in (lambda: history.page(repository, made, 5), lambda: blame.blame(repository, made, "a"),
                lambda: refs.resolve(repository, made)):  # fmt: skip
        with pytest.raises((UnavailableError, NotFoundError)):
            ask()
    assert time.monotonic() - began < 20


def test_gitpythons_processes_have_a_limit_too(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """GitPython has none of its own (``kill_after_timeout`` is asked for, and not for ``cat-file --batch``)."""
    made = put(repository, {"a": "x\n"})
    sleeper = repository.parent / "git"
    sleeper.write_text("#!/bin/sh\nexec sleep 60\n")
    sleeper.chmod(0o755)
    monkeypatch.setattr(Git, "GIT_PYTHON_GIT_EXECUTABLE", str(sleeper))
    monkeypatch.setattr(reading, "SECONDS", 0.3)
    began = time.monotonic()
    with pytest.raises(UnavailableError):
        reading.at(repository, made, "a")
    assert time.monotonic() - began < 20


def test_who_wrote_a_line_is_told_some_lines_at_a_time(repository: Path) -> None:
    first = put(repository, {"a": "".join(f"{number}\n" for number in range(450))}, "first")
    rest = "".join(f"{number}\n" for number in range(1, 450))
    second = put(repository, {"a": f"new\n{rest}"}, "second", parent=first)
    found = blame.blame(repository, second, "a")
    assert [(block.origin.subject, block.start, len(block.lines)) for block in found.blocks] == [
        ("second", 1, 1), ("first", 2, 199),
    ]  # fmt: skip
    assert found.next == 201 and blame.blame(repository, second, "a", 401).next is None
    assert found.blocks[0].origin.previous == (first, "a")
    assert blame.blame(repository, second, "a", 10**9).blocks == ()


@pytest.mark.parametrize("content", [b"a\0b", b""])
def test_what_has_no_lines_has_no_writers(repository: Path, content: bytes) -> None:
    made = put(repository, {"a": content})
    try:
        assert blame.blame(repository, made, "a").blocks == ()
    except RefusalError:
        assert content


def test_a_page_of_history_stays_where_it_began(repository: Path) -> None:
    made = ""
    for number in range(7):
        made = put(repository, {"a": str(number)}, f"c{number}", parent=made)
    found, more = history.page(repository, made, 3)
    cursor = history.after(made, 3)
    put(repository, {"a": "later"}, "later", parent=made)
    start, skip = history.begin(repository, cursor, lambda: "")
    rest, _more = history.page(repository, start, 3, skip)
    assert more and [one.subject for one in found + rest] == ["c6", "c5", "c4", "c3", "c2", "c1"]
    with pytest.raises(NotFoundError):
        history.page(repository, made, 3, 10**9)
    with pytest.raises(NotFoundError):
        history.begin(repository, history.after("--output=x", 3), lambda: "")


RAW = {
    "page.html": b"<script>alert(1)</script>", "x.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "data.bin": b"\0<script>", "a.xml": b"<?xml version='1.0'?><x/>",
}  # fmt: skip


@pytest.mark.parametrize("path", RAW)
def test_raw_bytes_are_nobodys_page(world: World, path: str) -> None:
    repository = world.storage.fork("bontang", "lapor")
    put(repository, RAW, parent=git.line(repository, "rev-parse", "refs/heads/main"))
    admin = signed_in(world, "b")
    answer = admin.get(f"/console/bontang/forks/lapor/raw/{path}")
    told = answer.headers
    assert answer.data == RAW[path] and told["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in told["Content-Security-Policy"] and "default-src 'none'" in told["Content-Security-Policy"]
    kind = told["Content-Type"].partition(";")[0]
    assert kind == "text/plain" or (kind == "application/octet-stream" and "attachment" in told["Content-Disposition"])
    known = admin.get(f"/console/bontang/forks/lapor/raw/{path}", headers={"If-None-Match": told["ETag"]})
    assert known.status_code == 304
    assert admin.get(f"/console/bontang/forks/lapor/picture/{path}").status_code == 404


def test_a_file_of_any_size_is_streamed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = world.storage.fork("bontang", "lapor")
    put(repository, {"large": b"x" * 3_000_000}, parent=git.line(repository, "rev-parse", "refs/heads/main"))
    admin = signed_in(world, "b")
    answer = admin.get("/console/bontang/forks/lapor/raw/large", buffered=False)
    sizes = [len(chunk) for chunk in answer.response]
    assert sum(sizes) == 3_000_000 and max(sizes) <= 64 * 1024
    assert admin.get("/console/bontang/forks/lapor/source/large").status_code == 200
    monkeypatch.setattr(raws, "MAX_RAW", 10)
    assert admin.get("/console/bontang/forks/lapor/raw/large").status_code == 413


def test_every_page_bears_hostile_names_and_contents(world: World) -> None:
    repository = world.storage.fork("bontang", "lapor")
    main = git.line(repository, "rev-parse", "refs/heads/main")
    one = blob(repository, b"<script>alert(1)</script>\n" * 3).encode()
    names = (b"<script>alert(1)</script>", b"a\nb", b"\xff", b"\xe2\x80\xaetxt.exe", b"-x", b"--output=x", b'"><img>')
    listing = git.run(repository, "ls-tree", "-z", main)
    listing += b"".join(b"100644 blob " + one + b"\t" + name + b"\0" for name in names if b"/" not in name)
    put_tree(repository, listing, parent=main)
    put(repository, {"a": "x"}, ref='refs/heads/"><script>alert(1)</script>', parent=main)
    admin, base = signed_in(world, "b"), "/console/bontang/forks/lapor"
    for page in ("source/", "source/--output=x", "source/-x", 'source/"><img>', "blame/-x", "history?path=-x",
                 "history", "search?q=alert", "compare?from=v1.0.0&to=main", "branches", "commits/main",
                 "raw/--output=x"):  # fmt: skip
        answer = admin.get(f"{base}/{page}")
        assert answer.status_code == 200, page
        assert "<script>alert" not in answer.text or page.startswith("raw/"), page
        assert '"><img>' not in answer.text and "\u202e" not in answer.text


def test_no_command_of_gitpython_is_called() -> None:
    """``repo.git.log("--output=…")`` writes a file whatever the library guards: it is used to read objects alone."""
    used = [line for path in Path(reading.__file__).parent.glob("*.py") for line in path.read_text().splitlines()]
    assert [line.strip() for line in used if "repo.git." in line] == ["repo.git.clear_cache()"]
