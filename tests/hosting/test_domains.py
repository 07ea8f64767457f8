"""A city's own addresses: nobody is routed without proof, nobody keeps a name whose proof is gone."""

from datetime import UTC, datetime, timedelta

import pytest
from flask_babel import force_locale

from registry.core import scope
from registry.core.errors import ConflictError, InvalidError
from registry.core.uow import unit_of_work
from registry.hosting import domains, hostnames
from registry.hosting.dns import DnsSilentError
from tests.hosting.conftest import find
from tests.hosting.serving import plugin

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
HOST = "lapor.kotabontang.go.id"


class Records:
    """DNS as a test writes it; ``silent``: no server answers."""

    def __init__(self, **texts):
        self.held, self.silent = texts, False

    def texts(self, name):
        if self.silent:
            raise DnsSilentError("timed out")
        return self.held.get(name, [])

    def addresses(self, name):
        return {"203.0.113.7"}


@pytest.fixture
def papan(world, app):
    with app.app_context(), force_locale("en"):
        scope.enter_programme()
        yield plugin(find("bontang"))


def add(papan, text=HOST):
    with unit_of_work():
        return domains.add(find("bontang"), papan, text)


def check(domain, dns, at=NOW):
    seen = domains.look(domain.hostname, domain.token, dns)
    with unit_of_work():
        domains.judge(domain, seen, at)


def proof(domain) -> Records:
    return Records(**{hostnames.proof_name(domain.hostname): ["v=spf1", domain.token]})


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Lapor.KotaBontang.go.id.", HOST),
        ("  lapor.kotabontang.go.id ", HOST),
        ("bücher.example.org", "xn--bcher-kva.example.org"),
    ],
)
def test_a_name_is_kept_as_dns_writes_it(papan, text, name):
    assert add(papan, text).hostname == name


@pytest.mark.parametrize(
    "text",
    [
        *("", "localhost", "lapor.localhost", "papan.bontang.localhost", "203.0.113.7", "[::1]", "http://a.go.id/"),
        *("a..go.id", "*.go.id", "a.go.id/../x", "-a.go.id", "a b.go.id", "a.test", "_dmarc.kota.go.id", "a.go.id\0"),
        *("a" * 64 + ".go.id", ".".join(["a" * 60] * 5), "lapor.kota.go.id:8000"),
    ],
)
def test_what_is_no_name_of_a_city_is_refused(papan, text):
    with pytest.raises(InvalidError):
        add(papan, text)


def test_without_its_record_a_name_is_not_routed(papan):
    domain = add(papan)
    check(domain, Records())
    assert domain.verified_at is None and "_lumbung." in domain.message and not domains.is_ours(HOST)


def test_another_names_token_proves_nothing(papan):
    domain, other = add(papan), add(papan, "antri.kotabontang.go.id")
    check(domain, Records(**{hostnames.proof_name(HOST): [other.token]}))
    assert domain.verified_at is None


def test_a_proved_name_is_ours_until_it_is_removed(papan):
    domain = add(papan)
    check(domain, proof(domain))
    assert domain.verified_at == NOW and domains.is_ours(HOST) and domains.is_ours(HOST.upper() + ".")
    with unit_of_work():
        domains.remove(find("bontang"), papan, HOST)
    assert not domains.is_ours(HOST)


def test_who_proves_first_has_the_name(papan):
    domain = add(papan)
    check(domain, proof(domain))
    with unit_of_work() as session:
        rival = domains.Domain(
            tenant_id=papan.tenant_id, deployment_id=twin(papan).id, hostname=HOST, token="lumbung=x"
        )
        session.add(rival)
    check(rival, proof(rival))
    assert rival.verified_at is None and "Another plugin" in rival.message and domain.verified_at == NOW


def twin(papan):
    """Another plugin, without a revision."""
    columns = {key: getattr(papan, key) for key in ("tenant_id", "fork_id", "secret_key_sealed")}
    other = type(papan)(name="papan-dua", state="off", **columns)
    domains.db.session.add(other)
    domains.db.session.flush()
    return other


def test_a_silent_dns_changes_nothing(papan):
    domain = add(papan)
    dns = proof(domain)
    check(domain, dns)
    dns.silent = True
    for day in range(20):
        check(domain, dns, NOW + timedelta(days=day))
    assert domain.verified_at == NOW and domain.misses == 0


def test_a_name_whose_proof_is_gone_for_a_week_is_let_go(papan):
    domain = add(papan)
    check(domain, proof(domain))
    for day in range(domains.MISSES - 1):
        check(domain, Records(), NOW + timedelta(days=day))
    assert domain.verified_at is not None and "Put it back" in domain.message
    check(domain, Records(), NOW + timedelta(days=7))
    assert domain.verified_at is None and domain.state == "lost"


def test_looked_up_again_are_the_new_ones_often_and_the_proved_ones_daily(papan):
    domain = add(papan)
    late = domain.created_at + timedelta(minutes=11)
    assert domains.due(late) == [domain] and domains.due(domain.created_at + timedelta(minutes=1)) == []
    check(domain, proof(domain), late)
    assert domains.due(late + timedelta(hours=1)) == [] and domains.due(late + timedelta(hours=25)) == [domain]


def test_a_plugin_has_few_names_each_once(papan):
    add(papan)
    with pytest.raises(ConflictError, match="already"):
        add(papan, HOST.upper())
    for number in range(domains.MAX_DOMAINS - 1):
        add(papan, f"a{number}.kotabontang.go.id")
    with pytest.raises(ConflictError, match="at most"):
        add(papan, "zuviel.kotabontang.go.id")


@pytest.mark.parametrize(
    ("name", "status"),
    [("localhost", 200), ("bontang.localhost", 200), ("papan.bontang.localhost", 200), ("lapor.bontang.localhost", 404),
     ("atlantis.localhost", 404), ("a.papan.bontang.localhost", 404), ("evil.example", 404), ("", 404),
     ("a" * 5000, 404), ("\0", 404)],
)  # fmt: skip
def test_the_edge_may_have_certificates_for_our_names_only(papan, app, name, status):
    assert app.test_client().get("/_lumbung/tls-ask", query_string={"domain": name}).status_code == status
