"""Who may act on a question: the door of its pages and resources."""

from __future__ import annotations

from registry.accounts.access import person
from registry.catalog import service as catalog
from registry.catalog.voices import questions
from registry.catalog.voices.models import Question
from registry.tenants.access import enter_programme

MODERATION = "app.publish"


def asked(app: str, question_id: int) -> Question:
    """For who asked, and the admins of that city. Raises SignInNeededError, NotFoundError, ForbiddenError."""
    person()
    return questions.own_question(catalog.get_app(app), question_id)


def answered(app: str, question_id: int) -> Question:
    """For maintainers. Raises SignInNeededError, ForbiddenError, NotFoundError."""
    enter_programme(MODERATION)
    return questions.find_question(catalog.get_app(app), question_id)
