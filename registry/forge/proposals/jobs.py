"""The worker's part: publishing variants, what could not be told at once, decisions whose process was lost."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from registry.accounts.models import User
from registry.core import audit, jobs, scope
from registry.core.audit import Actor
from registry.core.db import db
from registry.core.jobs import every, task
from registry.core.uow import unit_of_work
from registry.forge.proposals import deciding, issuing, notices, rules, variants
from registry.forge.proposals.doors import Speaker
from registry.forge.proposals.models import Proposal
from registry.tenants.models import City


@task(variants.TASK)
def publish_variant(job_id: str, tenant_id: int, number: int, user_id: int) -> None:
    """All of it or nothing: of a worker that is killed the next one finds what to do again. The city's PKS is looked
    at, so it leaves the publisher's scope for the programme's.
    """
    db.session.remove()
    scope.enter_programme()
    user = db.session.get_one(User, user_id)
    audit.act_as(Actor(user.id, user.name))
    if variants.get(number).state == rules.APPROVED:
        jobs.finish(job_id, _("It is published."))
        return
    jobs.progress(job_id, "merging", 10, _("Bringing the fork over"))
    with unit_of_work():
        speaker = Speaker(rules.PUBLISHER, db.session.get_one(City, tenant_id), db.session.get_one(User, user_id))
        asked = variants.get(number)
        issuing.approve(asked, speaker)
        told = f"{asked.name} {asked.version}"
    jobs.finish(job_id, _("Published: %(release)s", release=told))


@every("forge.proposals", "*/10 * * * *")
def tell() -> None:
    """Proposal by proposal."""
    for number in db.session.scalars(select(Proposal.id).where(Proposal.state == rules.DECIDING)).all():
        deciding.reconcile(db.session.get_one(Proposal, number))
    for number, side in notices.waiting():
        with unit_of_work():
            notices.tell(db.session.get_one(Proposal, number), side)
