import pytest

from registry.accounts.sessions import rules


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0", ("Firefox", "Windows")),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36", ("Chrome", "Linux")),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0", ("Edge", "Windows")),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/142.0 Mobile Safari/537.36", ("Chrome", "Android")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1", ("Safari", "iOS")),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_1) Version/18.1 Safari/605.1.15", ("Safari", "macOS")),
        ("<script>alert(1)</script>", ("", "")),
        ("", ("", "")),
        ("x" * 100_000 + "Firefox/1", ("", "")),
    ],
)
def test_a_browser_is_kept_as_two_names_from_a_short_list(agent, told):
    assert rules.family(agent) == told


@pytest.mark.parametrize(
    ("address", "kept"),
    [("203.0.113.77", "203.0.113.0/24"), ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
     ("::ffff:203.0.113.77", "203.0.113.0/24"), ("", ""), ("unix:", ""), ("<script>", "")],
)  # fmt: skip
def test_of_an_address_only_the_network_is_kept(address, kept):
    assert rules.shortened(address) == kept
