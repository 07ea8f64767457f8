"""A mail that brings a link to an address, whether there is an account or not: text and HTML, in one language."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app
from flask_babel import force_locale

from registry.core import mail


def write(
    email: str, language: str, subject: str, paragraphs: Sequence[str], address: str, action: str, ending: str = "",
    tenant_id: int | None = None,
) -> None:  # fmt: skip
    """Enqueue it in the open unit of work. ``address`` is what `service.make` answered, ``action`` what one does there,
    ``ending`` what to do when it was not meant. The words come in the language that is named.

    Raises InvalidError for an address that takes no mail.
    """
    facts = {"language": language, "subject": subject, "paragraphs": paragraphs, "address": address, "action": action,
             "ending": ending, "origin": current_app.extensions["lumbung"].origin}  # fmt: skip
    with force_locale(language):
        text = "\n\n".join([*paragraphs, address, *([ending] if ending else [])]) + "\n"
        html = current_app.jinja_env.get_template("accounts/links/mail.html").render(facts)
        mail.send([email], subject, text, html=html, tenant_id=tenant_id)
