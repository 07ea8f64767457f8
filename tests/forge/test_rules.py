"""What names, paths and addresses are accepted: tables."""

from __future__ import annotations

import pytest

from registry.core.addresses import is_public
from registry.forge import rules

BAD_URLS = {
    "http://example.org/a.git": "scheme",
    "ext::sh -c id": "malformed",
    "ext::sh": "scheme",
    "file:///etc": "scheme",
    "git@example.org:a.git": "scheme",
    "ssh://-oProxyCommand=id/a": "scheme",
    "--upload-pack=id": "scheme",
    "https://user@example.org/a": "userinfo",
    "https://user:pass@example.org/a": "userinfo",
    "https://example.org@127.0.0.1/a": "userinfo",
    "https://-example.org/a": "malformed",
    "https://example.org/a\nb": "malformed",
    "https://example.org/a b": "malformed",
    "https://example.org\\@127.0.0.1/": "malformed",
    "https://example.org:8443/a": "port",
    "https://example.org:99999/a": "malformed",
    "https://[::1]/a": "malformed",
    "https://example.org/a?b": "malformed",
    "https:///a": "malformed",
    "": "malformed",
    "https://" + "a" * 600: "malformed",
}


@pytest.mark.parametrize(("url", "problem"), BAD_URLS.items())
def test_addresses_not_imported(url: str, problem: str) -> None:
    assert rules.url_problem(url) == problem


@pytest.mark.parametrize("url", ["https://example.org/a.git", "https://git.example.org:443/x/y", "https://10.0.0.1/a"])
def test_addresses_fit_by_their_text(url: str) -> None:
    assert rules.url_problem(url) is None


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
     "::1", "::", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "2002:7f00:1::",
     "192.0.0.192", "192.88.99.1", "168.63.129.16", "64:ff9b:1::a00:1", "3fff::1", "2606:4700::5efe:a00:1",
     "2606:4700::200:5efe:a00:1"],
)  # fmt: skip
def test_private_addresses(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("path", ["a", "a/b.txt", "dokumen/ringkas – 1.md", ".github/x", "a/..b"])
def test_paths_of_a_bundle(path: str) -> None:
    assert rules.is_safe_path(path)


@pytest.mark.parametrize(
    "path",
    ["", "/etc/passwd", "../a", "a/../b", "a//b", "./a", "a/.git/config", ".GIT/hooks", "a\\b", "a\nb", "a\x00b",
     "\udcff", "x/" * 30 + "a", "n" * 300],
)  # fmt: skip
def test_paths_that_are_refused(path: str) -> None:
    assert not rules.is_safe_path(path)


@pytest.mark.parametrize("ref", ["main", "v1.0.0", "refs/heads/main", "a" * 40, "feature/x-1"])
def test_refs_people_give(ref: str) -> None:
    assert rules.is_ref_name(ref)


@pytest.mark.parametrize("ref", ["", "-x", "--output=/tmp/x", "a..b", "a^", "a~1", "@{u}", "a:b", "a b", "x" * 300])
def test_refs_that_are_refused(ref: str) -> None:
    assert not rules.is_ref_name(ref)


def test_the_first_usable_name_is_the_slug() -> None:
    assert rules.app_slug(("Lapor.git", "x")) == "lapor"
    assert rules.app_slug(("admin", "Layanan Aduan")) == "layanan-aduan"
    assert rules.app_slug(("", "---", "a" * 60)) is None


@pytest.mark.parametrize(("header", "good"), [("version=2", True), ("version=2:x=1", True), ("a;b", False)])
def test_git_protocol_header(header: str, good: bool) -> None:
    assert bool(rules.GIT_PROTOCOL.fullmatch(header)) is good
