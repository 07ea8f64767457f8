"""Stable codes of the rules in words a person reads, in the language of the request."""

from __future__ import annotations

from flask_babel import gettext as _


def problem_text(problem: str) -> str:
    """What is wrong with an input and how to put it right."""
    return {
        "bps": _("This looks like a BPS code. Write Kemendagri's, with its dot: 64.74. The two differ."),
        "format": _("Write it as in the example."),
        "no-province": _("No province has these first two digits. Look the code up in Kemendagri's list."),
        "not-a-label": _("Use small letters, digits and single hyphens, beginning with a letter; at most 40."),
        "reserved": _("This name is reserved. Choose another."),
        "too-light": _("Too light: white text on it could not be read. Choose a darker colour."),
        "zone": _("Choose one of Indonesia's three time zones."),
        "name": _("Write the name in 3 to 80 characters."),
        "missing": _("Say when it starts and when it ends."),
        "backwards": _("It must end after it starts."),
        "too-long": _("A term of at most ten years can be agreed."),
        "no-number": _("Give the number of the document."),
        "not-draft": _("This has been proposed already."),
        "not-proposed": _("This can be signed only while it is proposed."),
        "signed-already": _("Your side has signed this already."),
        "memorandum-first": _("The memorandum between the two mayors has to be in force before a PKS is signed."),
        "in-future": _("The date of the signature lies in the future."),
        "after-end": _("The date of the signature lies after the end of the term."),
        "signatory": _("Name the office that signs, for example Kepala Diskominfo (3 to 120 characters)."),
        "reason": _("Give the reason in 3 to 500 characters."),
        "last-admin": _("A city keeps at least one admin. Appoint another first."),
        "plugin-needed": _("Name the plugin this role is for."),
        "plugin-not-wanted": _("This role is for the whole city: leave the plugin empty."),
    }.get(problem, problem)


def role_name(role: str) -> str:
    return {
        "maintainer": _("Maintainer of the programme"),
        "admin": _("City admin"),
        "auditor": _("Auditor"),
        "administrator": _("Plugin administrator"),
        "operator": _("Plugin operator"),
    }.get(role, role)


def detail_text(detail: dict[str, object]) -> str:
    """What an act's entry keeps besides its subject, in one line; what no person reads is left out."""
    keys = {
        "side": _("side"),
        "signatory": _("signed by"),
        "file": _("file"),
        "reason": _("reason"),
        "role": _("role"),
        "plugin": _("plugin"),
        "code": _("code"),
        "before": _("before"),
        "heir": _("taken over by"),
        "below": _("part of"),
        "plugins": _("plugins"),
        "wish": _("wish"),
        "version": _("version"),
        "commit": _("commit"),
        "keys": _("settings"),
        "to": _("revision"),
        "with_data": _("data"),
        "refs": _("branches and tags"),
    }
    values = {"partner": _("the city"), "publisher": _("the publisher")}
    told = []
    for key, value in detail.items():
        if key not in keys or value in ("", None, [], {}):
            continue
        text = role_name(str(value)) if key == "role" else values.get(str(value)) or _value_text(key, value)
        told.append(f"{keys[key]}: {text}")
    return " · ".join(told)


def _value_text(key: str, value: object) -> str:
    if isinstance(value, bool):
        return _("put back too") if value else _("left as it is")
    if isinstance(value, list):
        return ", ".join(str(one["ref"]).split("/", 2)[-1] if isinstance(one, dict) else str(one) for one in value)
    return str(value)[:10] if key == "commit" else str(value)
