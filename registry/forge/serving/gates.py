"""What a push may change in a fork, as its city's admins decided, and who pushed last."""

from __future__ import annotations

from sqlalchemy import select

from registry.core import audit
from registry.core.clock import now
from registry.core.db import db
from registry.forge.models import Fork
from registry.forge.serving.models import Gate
from registry.forge.serving.rules import Policy
from registry.tenants.models import City


def find_gate(fork: Fork) -> Gate | None:
    """None for a fork nobody pushed to or decided about."""
    return db.session.scalar(select(Gate).where(Gate.tenant_id == fork.tenant_id, Gate.fork_id == fork.id))


def policy_of(fork: Fork) -> Policy:
    gate = find_gate(fork)
    return Policy(gate.rewrite_main, gate.move_release_tags) if gate else Policy()


def decide(city: City, fork: Fork, wanted: Policy) -> None:
    """The city's new rules of a push to this fork."""
    gate, before = _gate(fork), policy_of(fork)
    if wanted == before:
        return
    gate.rewrite_main, gate.move_release_tags = wanted.rewrite_main, wanted.move_release_tags
    told = {"rewrite_main": wanted.rewrite_main, "move_release_tags": wanted.move_release_tags}
    audit.record("fork.protection", f"{city.slug}/{fork.app.slug}", tenant_id=city.id, **told)


def note_push(fork: Fork, who: str) -> None:
    """Say on the fork's page who changed it last, and when."""
    gate = _gate(fork)
    gate.pushed_by, gate.pushed_at = who, now()


def _gate(fork: Fork) -> Gate:
    gate = find_gate(fork)
    if gate is None:
        gate = Gate(tenant_id=fork.tenant_id, fork_id=fork.id, rewrite_main=False, move_release_tags=False)
        gate.pushed_by = ""
        db.session.add(gate)
    return gate
