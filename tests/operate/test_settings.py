"""What an installation is told by its environment, and what it refuses to be told."""

from __future__ import annotations

import pytest

from registry.config import Settings, from_environment


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ({}, "http://localhost:8000"),
        ({"LUMBUNG_PORT": "80"}, "http://localhost"),
        ({"LUMBUNG_SCHEME": "https"}, "https://localhost"),
        ({"LUMBUNG_SCHEME": "https", "LUMBUNG_PORT": "8443"}, "https://localhost:8443"),
        ({"LUMBUNG_SCHEME": "https", "LUMBUNG_EDGE": "behind"}, "https://localhost"),
        ({"LUMBUNG_HOST": "lumbung.example", "LUMBUNG_PORT": "8123"}, "http://lumbung.example:8123"),
    ],
)
def test_the_address_people_use(given, origin):
    assert from_environment(given).origin == origin


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("LUMBUNG_SCHEME", "ftp"), ("LUMBUNG_EDGE", "beside"), ("LUMBUNG_TLS", "none"), ("LUMBUNG_PORT", "http"),
        ("LUMBUNG_HOST", "lumbung.example:8000"), ("LUMBUNG_HOST", "Lumbung.example"), ("LUMBUNG_HOST", "a" * 300),
        ("LUMBUNG_PLUGIN_DOMAIN", "apps.example {"), ("LUMBUNG_ACME_MAIL", "root } admin"),
        ("LUMBUNG_TRUSTED_PROXIES", "10.0.0.1/8"), ("LUMBUNG_TRUSTED_PROXIES", "proxy.example"),
    ],
)  # fmt: skip
def test_a_setting_that_is_none_is_refused_by_its_name(name, text):
    with pytest.raises(ValueError, match=name):
        from_environment({name: text})


def test_a_citys_host_name_is_never_longer_than_a_sockets_address(tmp_path):
    settings = Settings(data=tmp_path)
    longest = "a" * settings.longest_domain
    assert len(str(settings.domain_socket(longest))) == 107
