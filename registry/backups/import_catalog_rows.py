"""The rows of an archive about the catalog, checked: what people may not write here no archive brings in either."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from registry.backups.export_format import FormatError
from registry.backups.import_records import read
from registry.catalog.choosing import rules as choosing
from registry.catalog.open_data.events import EVENTS
from registry.catalog.open_data.webhooks.service import MAX_NOTE
from registry.catalog.voices import rules as voices
from registry.core.clock import today

MAX_NAME = 200
MAX_ADDRESS = 2_000


def _text(most: int, least: int = 0, **more: Any) -> fields.String:
    return fields.String(validate=[validate.Length(least, most), validate.ContainsNoneOf("\0")], **more)


def _said(most: int, least: int = 0) -> fields.String:
    return _text(most, least, required=True)


def _word(most: int = MAX_NAME) -> fields.String:
    return _text(most, load_default="")


def _maybe(most: int = MAX_NAME) -> fields.String:
    return _text(most, load_default=None, allow_none=True)


def _moment(required: bool = False) -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True) if required else fields.AwareDateTime(load_default=None, allow_none=True)


class RowSchema(Schema):
    class Meta:
        unknown = EXCLUDE


class VoteRowSchema(RowSchema):
    unit = _said(MAX_NAME, 1)
    choice = fields.String(required=True, validate=validate.OneOf(choosing.CHOICES))
    reason = _word(choosing.MAX_REASON)
    voter = _word()
    cast_at = _moment(required=True)


class NoteRowSchema(RowSchema):
    author = _word()
    email = _maybe()
    text = _said(choosing.MAX_NOTE, 1)
    created_at = _moment(required=True)
    edited_at = _moment()


class ShortlistRowSchema(RowSchema):
    app = _said(60, 1)
    why = _said(choosing.MAX_WHY, choosing.MIN_REASON)
    author = _word()
    created_at = _moment(required=True)
    decision = fields.String(load_default="", validate=validate.OneOf(["", *choosing.DECISIONS]))
    unit = _maybe()
    quarter = _word(7)
    reason = _word(choosing.MAX_REASON)
    decided_by = _word()
    decided_at = _moment()
    removed_at = _moment()
    removed_by = _word()
    votes = fields.List(fields.Nested(VoteRowSchema), load_default=list)
    notes = fields.List(
        fields.Nested(NoteRowSchema), load_default=list, validate=validate.Length(max=choosing.MAX_NOTES)
    )

    @validates_schema
    def whole(self, row: dict[str, Any], **_more: Any) -> None:
        """Only what is adopted has a unit and a quarter, and both."""
        adopted = bool(row["unit"]) and choosing.read_quarter(row["quarter"]) is not None
        if adopted != (row["decision"] == choosing.ADOPT) or (not adopted and (row["unit"] or row["quarter"])):
            raise ValidationError("unit and quarter belong to what is adopted")


class HiddenRowSchema(RowSchema):
    hidden_at = _moment()
    hidden_reason = _word(voices.REASON[1])


class DeclarationRowSchema(HiddenRowSchema):
    app = _said(60, 1)
    use_case = _said(voices.USE_CASE[1], voices.USE_CASE[0])
    instance_url = _word(voices.MAX_URL)
    experience = _word(voices.EXPERIENCE[1])
    since = fields.Date(load_default=None, allow_none=True)
    created_at = _moment(required=True)
    updated_at = _moment(required=True)

    @validates_schema
    def sayable(self, row: dict[str, Any], **_more: Any) -> None:
        since: date | None = row["since"]
        if voices.url_problem(row["instance_url"]) or voices.since_problem(since, today()):
            raise ValidationError("instance_url or since is not one")


class QuestionRowSchema(HiddenRowSchema):
    app = _said(60, 1)
    publisher = _word(60)
    email = _maybe()
    text = _said(voices.QUESTION[1], voices.QUESTION[0])
    created_at = _moment(required=True)
    edited_at = _moment()
    withdrawn_at = _moment()
    answer = _word(voices.ANSWER[1])
    answered_at = _moment()
    answer_edited_at = _moment()


class WebhookRowSchema(RowSchema):
    url = _said(MAX_ADDRESS, 1)
    note = _word(MAX_NOTE)
    events = fields.List(
        fields.String(validate=validate.OneOf(EVENTS)), required=True, validate=validate.Length(1, len(EVENTS))
    )
    secret = _word()


FILES: dict[str, type[RowSchema]] = {
    "shortlist": ShortlistRowSchema, "declarations": DeclarationRowSchema, "questions": QuestionRowSchema,
    "webhooks": WebhookRowSchema,
}  # fmt: skip


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    """Of one of `FILES`; none where the archive is older than these. Raises FormatError."""
    file = f"{name}.json"
    if not (folder / file).exists():
        return []
    try:
        found: list[dict[str, Any]] = FILES[name](many=True).load(read(folder, file, list))
    except ValidationError as error:
        raise FormatError(f"{file} is not what belongs there: {str(error.normalized_messages())[:300]}") from None
    return found


def check(folder: Path) -> None:
    """Raises FormatError when `rows` would."""
    for name in FILES:
        rows(folder, name)
