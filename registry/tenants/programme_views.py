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


@blueprint.get(HOME)
def programme_city(city: str) -> Page:
    access.enter_programme("programme.see")
    return city_page(find_city(city))


def city_page(city: City, form: AgreementForm | None = None) -> str:
    door = Door(city, rules.PUBLISHER)
    return render_template(
        "tenants/programme_city.html", **agreed_views.told(door), **agreed_views.cards(door),
        step=service.next_step(city), members=people.members(city),
        form=form or AgreementForm(formdata=None, kind=agreed_views.wanted_kind(city)), kind_name=agreed.kind_name,
        role_name=words.role_name, step_text=agreed.step_text,
    )  # fmt: skip
