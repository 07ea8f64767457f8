"""What an admin decides about a plugin that runs: always awake or not, closed for maintenance, who may upgrade it.

Called inside a unit of work by somebody who entered the city's scope. None of it runs the plugin's code.
"""

from __future__ import annotations

from flask_babel import gettext as _

from registry.core import audit
from registry.core.errors import ConflictError, Finding, InvalidError
from registry.core.uow import wake_host
from registry.hosting.models import Deployment
from registry.hosting.reading import subject
from registry.tenants.agreements.suspending import refuse_while_suspended
from registry.tenants.models import City

LEAST_WORDS, MOST_WORDS = 10, 500


def set_pinned(city: City, deployment: Deployment, pinned: bool) -> None:
    """Keep it awake without visitors, or let it sleep again."""
    if deployment.pinned == pinned:
        return
    deployment.pinned = pinned
    audit.record("deployment.pin" if pinned else "deployment.unpin", subject(deployment, city), city.id)
    wake_host(deployment.id)


def set_maintenance(city: City, deployment: Deployment, words: str) -> None:
    """Close it for citizens, who read ``words`` meanwhile; empty words open it again. Raises InvalidError."""
    text = words.strip()
    if text == deployment.maintenance:
        return
    if text:
        _check(text)
    refuse_while_suspended(city, deployment.name)
    act = "deployment.maintenance" if text else "deployment.reopen"
    deployment.maintenance = text
    audit.record(act, subject(deployment, city), city.id, reason=text)
    wake_host(deployment.id)


def set_follows(city: City, deployment: Deployment, follows: bool) -> None:
    """Whether the programme's waves may upgrade it. Raises ConflictError for a copy made for trying."""
    if deployment.trial_of and follows:
        raise ConflictError(_("This is a copy for trying: the programme upgrades the plugin itself."))
    if deployment.follows == follows:
        return
    deployment.follows = follows
    audit.record("deployment.follow" if follows else "deployment.unfollow", subject(deployment, city), city.id)


def _check(text: str) -> None:
    if not LEAST_WORDS <= len(text) <= MOST_WORDS or not all(char.isprintable() or char in "\r\n" for char in text):
        message = _("Tell citizens in %(least)d to %(most)d characters why it is closed and when it is back.",
                    least=LEAST_WORDS, most=MOST_WORDS)  # fmt: skip
        raise InvalidError(message, [Finding("maintenance", message)])
