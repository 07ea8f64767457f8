"""What a bundle may ask of the world outside, and that it is said before adoption."""

import json

import pytest

from registry.hosting.plain import Manifest

PLUGIN = '[plugin]\nentrypoint = "antrian:create_app"\n[connect]\n'


def manifest(bundle, line):
    return bundle(**{"lumbung.toml": f"{PLUGIN}{line}\n".encode()})


def test_hosts_and_mail_reach_the_manifest_and_come_back_from_the_database(bundle):
    inspection = manifest(bundle, 'egress = ["api.bmkg.go.id:443", "api.bmkg.go.id:443"]\nmail = true')
    assert inspection.ok and inspection.manifest.egress == ("api.bmkg.go.id:443",) and inspection.manifest.mail
    assert Manifest.from_json(json.loads(json.dumps(inspection.manifest.to_json()))) == inspection.manifest


def test_each_wish_is_told_to_who_looks_at_the_app(bundle):
    inspection = manifest(bundle, 'egress = ["api.bmkg.go.id:443"]\nmail = true')
    told = [finding.message for finding in inspection.warnings if finding.path == "lumbung.toml#connect"]
    assert len(told) == 2 and "api.bmkg.go.id:443" in told[0] and "mail" in told[1]


def test_an_app_that_stays_inside_is_told_nothing(bundle):
    assert manifest(bundle, "mail = false").warnings == ()


@pytest.mark.parametrize(
    "wish",
    [
        "10.0.0.1:443", "169.254.169.254:80", "[::1]:443", "2130706433:80", "0x7f.1:80", "127.1:80", "localhost:443",
        "registry:8000", "db.internal:5432", "printer.local:80", "a.localhost:80", "api.bmkg.go.id", "api.bmkg.go.id:",
        "api.bmkg.go.id:0", "api.bmkg.go.id:65536", "api.bmkg.go.id:044", "https://api.bmkg.go.id:443", "API.go.id:443",
        "api.go.id.:443", "-a.go.id:443", "a..id:443", "*.go.id:443", "user@api.go.id:443", "api.go.id:443/x",
        "x" * 260, "api.go.id:443\\nX: y", "mail.kota.go.id:25", "api.go.id:٤٤٣",
    ],
)  # fmt: skip
def test_only_one_host_of_the_public_internet_and_its_port_may_be_asked_for(bundle, wish):
    errors = manifest(bundle, f'egress = ["{wish}"]').errors
    assert [finding.path for finding in errors] == ["lumbung.toml#connect.egress"]


@pytest.mark.parametrize("line", ['mail = "true"', "mail = 1", 'egress = "a.go.id:443"', "egress = [1]",
                                  "egress = [" + '"a.go.id:443",' * 21 + "]"])  # fmt: skip
def test_a_wish_of_another_shape_is_refused(bundle, line):
    assert not manifest(bundle, line).ok
