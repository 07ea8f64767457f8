"""A partner in the maintainers' pages: what is between it and the publisher."""

from __future__ import annotations

from flask import render_template

from registry.tenants import access, words
from registry.tenants.agreements import rules, service
from registry.tenants.agreements import views as agreed_views
from registry.tenants.agreements import words as agreed
from registry.tenants.agreements.doors import Door
from registry.tenants.agreements.forms import AgreementForm
from registry.tenants.models import City
from registry.tenants.people import service as people
from registry.tenants.service import find_city
from registry.tenants.views import Page, blueprint

HOME = "/programme/cities/<city>"


def _states(city: City) -> tuple[str, str, str]:
    """Memorandum, PKS and next step of a partner."""
    memorandum, pks = service.standing(city.id, rules.MEMORANDUM), service.standing(city.id, rules.PKS)
    found = [service.effective_state(one) if one else "none" for one in (memorandum, pks)]
    return found[0], found[1], service.next_step(city)


@blueprint.get(HOME)
def programme_city(city: str) -> Page:
    access.enter_programme("programme.see")
    return city_page(find_city(city))


def city_page(
    city: City, form: AgreementForm | None = None
) -> str:  # fmt: skip
    door, memorandum = Door(city, rules.PUBLISHER), _states(city)[0]
    kind = rules.PKS if memorandum == rules.ACTIVE else rules.MEMORANDUM
    return render_template(
        "tenants/programme_city.html", **agreed_views.told(door), **agreed_views.cards(door),
        step=service.next_step(city), members=people.members(city),
        form=form or AgreementForm(formdata=None, kind=kind), **_words(),
    )  # fmt: skip


def _words() -> dict[str, object]:
    return {"kind_name": agreed.kind_name, "role_name": words.role_name, "step_text": agreed.step_text}
