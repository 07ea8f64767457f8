"""Whoever reads the audit log reads words, not codes."""

import re

from registry.config import REPOSITORY
from registry.forge.proposals import rules as proposals
from registry.tenants.acts import ACTS

RECORDED = re.compile(r'audit\.record\(\s*"([a-z._-]+)"')


def test_every_act_the_code_records_has_words():
    sources = (REPOSITORY / "registry").rglob("*.py")
    recorded = {action for source in sources for action in RECORDED.findall(source.read_text())}
    assert len(recorded) > 60
    assert sorted(recorded - ACTS.keys()) == []


def test_every_step_of_a_proposal_has_words():
    steps = {f"proposal.{step}" for step in (*proposals.ACTS, *proposals.REVIEWS)}
    assert sorted(steps - ACTS.keys()) == []
