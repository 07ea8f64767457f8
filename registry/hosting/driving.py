"""The worker's part of a wave: look what became of the upgrades, then begin, wait, go on, stop or end.

Each city is begun in a unit of work of its own, with its member row: a kill between two loses nothing and begins
nothing twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from flask_babel import gettext as _
from sqlalchemy import select

from registry.accounts.notices.service import Notice, tell
from registry.core import audit, jobs
from registry.core.audit import Actor
from registry.core.clock import now
from registry.core.db import db
from registry.core.errors import ConflictError, RefusalError
from registry.core.logs import logger
from registry.core.uow import unit_of_work
from registry.hosting import service, waves
from registry.hosting.models import Deployment
from registry.hosting.models_operations import DONE, FAILED, RUNNING, SKIPPED, STOPPED, WAITING, Wave, WaveMember
from registry.hosting.wave_rules import Course, course
from registry.tenants.answering import with_role
from registry.tenants.models import City
from registry.tenants.rules import ADMIN, MAINTAINER

Rows = Sequence[tuple[WaveMember, Deployment, City]]


def drive_all() -> None:
    """One look at every wave that is not over, or whose upgrades are not. Safe to repeat."""
    under_way = select(WaveMember.wave_id).where(WaveMember.state == RUNNING)
    wanted = select(Wave.id).where(Wave.finished_at.is_(None) | Wave.id.in_(under_way)).order_by(Wave.id)
    for wave_id in db.session.scalars(wanted).all():
        try:
            drive(wave_id)
        except Exception:
            db.session.rollback()
            logger.exception("wave not driven", wave=wave_id)


def drive(wave_id: int) -> None:
    with unit_of_work():
        _collect(waves.members(_locked(wave_id)))
    with unit_of_work():
        wave = _locked(wave_id)
        found = _course(wave, waves.members(wave))
    if found is Course.BEGIN:
        for member_id in _turn(wave_id):
            with unit_of_work():
                _begin(_locked(wave_id), db.session.get_one(WaveMember, member_id))


def _course(wave: Wave, rows: Rows) -> Course:
    """What to do now; going on, stopping and ending are done here."""
    if wave.state != RUNNING or wave.resume_at > now():
        return Course.WAIT
    states = [member.state for member, _deployment, _city in rows if member.step == wave.step]
    failures = sum(member.state == FAILED for member, _deployment, _city in rows) - wave.forgiven
    last = wave.step >= waves.last_step(rows)
    found = course(states, failures, wave.tolerated, last)
    if found is Course.NEXT:
        wave.step, wave.resume_at = wave.step + 1, now() + waves.pause_of(wave)
    elif found is Course.STOP:
        wave.state = STOPPED
        audit.record("wave.halt", wave.app.slug, None, count=failures)
        _tell_maintainers(wave)
    elif found is Course.END:
        wave.state, wave.finished_at = DONE, now()
        _tell_maintainers(wave)
    return found


def _turn(wave_id: int) -> list[int]:
    """Members of the step under way that wait."""
    wave = waves.get(wave_id)
    rows = waves.members(wave)
    return [member.id for member, _deployment, _city in rows if member.step == wave.step and member.state == WAITING]


def _begin(wave: Wave, member: WaveMember) -> None:
    """Begin one city's upgrade as the maintainer who started the wave, or say why it is left out."""
    if wave.state != RUNNING or member.state != WAITING:
        return
    deployment = db.session.get_one(Deployment, member.deployment_id)
    city = db.session.get_one(City, member.tenant_id)
    if reason := _why_not(city, deployment):
        _close(member, SKIPPED, reason)
        return
    before = audit.actor()
    audit.act_as(Actor(wave.created_by, wave.author))
    try:
        with db.session.begin_nested():
            member.job_id, member.state = service.upgrade(city, deployment).id, RUNNING
    except ConflictError as refusal:
        _close(member, SKIPPED, refusal.message)
    except RefusalError as refusal:
        _close(member, FAILED, refusal.message)
    finally:
        audit.act_as(before)


def _why_not(city: City, deployment: Deployment) -> str:
    if not deployment.follows or deployment.removed_at:
        return _("Its admin has taken it out of the programme's upgrades.")
    return "" if service.newer_commit(city, deployment) else _("Nothing newer in its fork.")


def _collect(rows: Rows) -> None:
    """Members whose upgrade has ended since."""
    for member, deployment, city in rows:
        job = db.session.get(jobs.Job, member.job_id) if member.state == RUNNING and member.job_id else None
        if job is not None and job.finished:
            _close(member, DONE if job.state == jobs.DONE else FAILED, job.message)
            tell(with_role(city, ADMIN), partial(_of_member, member, deployment, city))


def _close(member: WaveMember, state: str, message: str) -> None:
    member.state, member.message, member.finished_at = state, message[:2000], now()


def _locked(wave_id: int) -> Wave:
    wanted = select(Wave).where(Wave.id == wave_id).with_for_update(of=Wave)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


def _tell_maintainers(wave: Wave) -> None:
    publisher = db.session.scalar(select(City).where(City.publisher))
    if publisher:
        tell(with_role(publisher, MAINTAINER), lambda: _of_wave(wave))


def _of_wave(wave: Wave) -> Notice:
    numbers = waves.counts([wave])[wave.id]
    text = _("Upgraded: %(done)d. Put back as they were: %(failed)d. Left out: %(skipped)d. Waiting: %(waiting)d.",
             done=numbers.get(DONE, 0), failed=numbers.get(FAILED, 0), skipped=numbers.get(SKIPPED, 0),
             waiting=numbers.get(WAITING, 0))  # fmt: skip
    names = {STOPPED: _("The wave of %(app)s has stopped", app=wave.app.name),
             DONE: _("The wave of %(app)s is done", app=wave.app.name)}  # fmt: skip
    return Notice("wave.programme", names[wave.state], [text], f"/programme/waves/{wave.id}", _("Open the wave"))


def _of_member(member: WaveMember, deployment: Deployment, city: City) -> Notice:
    if member.state == DONE:
        subject = _("%(name)s was upgraded by the programme", name=deployment.name)
        text = _("It served version %(version)s before. If something is not right, roll back on its page.",
                 version=member.from_version)  # fmt: skip
    else:
        subject = _("%(name)s could not be upgraded and is as it was", name=deployment.name)
        text = _("Code and data are what they were before. The reason: %(reason)s", reason=member.message)
    place = f"/console/{city.slug}/plugins/{deployment.name}"
    return Notice("wave.city", subject, [text], place, _("Open the plugin"), city.id, f"wave-{city.id}")
