"""Both sides hear of a request to publish a variant: maintainers that a city asks, the city what was decided."""

from __future__ import annotations

from flask_babel import gettext as _

from registry.accounts.notices.rules import Notice, quoted
from registry.accounts.notices.service import tell
from registry.forge.proposals import rules
from registry.forge.proposals.models import VariantRequest
from registry.tenants.answering import deciding, tell_city

KIND = "proposal.said"


def tell_asked(asked: VariantRequest) -> None:
    """In the open unit of work, as all of these."""

    def make() -> Notice:
        opening = _("%(city)s asks to publish its fork of %(app)s as %(name)s.", city=asked.city.name,
                    app=asked.app.name, name=asked.name)  # fmt: skip
        return Notice(
            KIND, _("Variant: %(name)s", name=asked.name), [opening, quoted(asked.why)], "/programme/variants",
            _("Look at the request"), thread=f"variant-{asked.id}",
        )  # fmt: skip

    tell(deciding("app.publish"), make)


def tell_decided(asked: VariantRequest) -> None:
    """What was decided, to who answers for the city."""
    approved = asked.state == rules.APPROVED

    def make() -> Notice:
        told = {"name": asked.name, "version": asked.version}
        if approved:
            text = _("%(name)s %(version)s is published: it stands in the catalog.", **told)
        else:
            text = _("%(name)s %(version)s is not published.", **told)
        place = f"/apps/{asked.slug}" if approved else f"/console/{asked.city.slug}/forks/{asked.app.slug}/variant"
        return Notice(
            KIND, _("Variant: %(name)s", name=asked.name), [text, *([quoted(asked.reason)] if asked.reason else [])],
            place, _("Open it"), tenant_id=asked.city_id,
        )  # fmt: skip

    tell_city(asked.city, make)
