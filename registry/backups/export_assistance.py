"""A city's requests for assistance for its archive: what both sides wrote, the files, the words they agreed to keep.

Notes of those who helped are theirs and stay; an import elsewhere leaves the threads in the archive.
"""

from __future__ import annotations

from typing import Any

from flask import current_app

from registry.backups.export_packing import Packer
from registry.catalog.assistance import attachments, knowledge, reading
from registry.catalog.assistance.models import AssistanceFile, AssistanceRequest
from registry.core.db import db
from registry.tenants.documents import files
from registry.tenants.models import City

FACTS = ("number", "app", "helper", "title", "tried", "plugin", "app_version", "urgency", "phase", "promised",
         "covered", "state", "opened_at", "answered_at", "solved_at", "closed_at")  # fmt: skip
MESSAGES = ("request", "side", "act", "author", "text", "at", "files")
WORDS = (
    "request",
    "version",
    "question",
    "answer",
    "named",
    "agreed_city",
    "agreed_helper",
    "agreed_at",
    "withdrawn_at",
)
ENDINGS = {**files.ENDINGS, attachments.TEXT: ".txt"}


def pack(packer: Packer, city: City) -> None:
    """Whoever calls has entered the city's scope. A file that is not there any more is left out."""
    found = list(db.session.scalars(reading.wanted("city", city, reading.Wanted()).order_by(None)).unique())
    found.sort(key=lambda one: one.id)
    packer.table("assistance", [facts(one) for one in found], FACTS)
    packer.table("assistance_messages", [row for one in found for row in messages(packer, one)], MESSAGES)
    packer.table("assistance_answers", [row for one in found for row in words(one)], WORDS)


def facts(one: AssistanceRequest) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in FACTS[3:]}
    return {"number": one.id, "app": one.app.slug, "helper": one.helper.slug, **told}


def messages(packer: Packer, one: AssistanceRequest) -> list[dict[str, Any]]:
    """Each with the paths of its files in the archive, which are packed."""
    held = attachments.of_request(one)
    rows = []
    for said in reading.messages(one):
        told = {name: getattr(said, name) for name in MESSAGES[1:-1]}
        paths = [_file(packer, one, file) for file in held.get(said.id, [])]
        rows.append({"request": one.id, **told, "files": [{"name": name, "path": path} for name, path in paths]})
    return rows


def words(one: AssistanceRequest) -> list[dict[str, Any]]:
    """Every version both sides agreed to, oldest first."""
    found = reversed(knowledge.versions_of(one))
    return [{"request": one.id, **{name: getattr(kept, name) for name in WORDS[1:]}} for kept in found]


def _file(packer: Packer, one: AssistanceRequest, file: AssistanceFile) -> tuple[str, str]:
    path = f"assistance/{one.id}/{file.digest[:12]}{ENDINGS.get(file.media, '')}"
    if any(held.path == path for held in packer.files):
        return file.name, path
    try:
        packer.file(path, files.path_of(current_app.extensions["lumbung"].data, one.tenant_id, file.digest))
    except FileNotFoundError:
        packer.left_out.append(f"{path}: its file is not there any more")
    return file.name, path
