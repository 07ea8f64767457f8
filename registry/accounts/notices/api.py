"""``/api/v1/notifications``: what the caller was told, and how the caller wants to be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_smorest import Blueprint

from registry.accounts.access import person
from registry.accounts.notices import letters, places, reading, schemas, service
from registry.accounts.notices.models import Notification
from registry.accounts.notices.reading import Filter
from registry.core.paging import cursor, read_number
from registry.core.uow import unit_of_work

blueprint = Blueprint("api_notices", __name__, url_prefix="/api/v1", description="What people are told")


@blueprint.get("/notifications")
@blueprint.arguments(schemas.NotificationQuery, location="query")
@blueprint.response(200, schemas.NotificationPageSchema)
def list_notifications(query: dict[str, Any]) -> dict[str, Any]:
    """The caller's own, newest first."""
    chosen, limit = Filter(query["group"], query["city"], query["unread"]), query["limit"]
    found = reading.after(person(), chosen, read_number(query["after"]), limit)
    items = found[:limit]
    return {"items": _told(items), "next": cursor(str(items[-1].id)) if len(found) > limit else None}


@blueprint.patch("/notifications/<int:notification_id>")
@blueprint.arguments(schemas.NotificationChange)
@blueprint.response(200, schemas.NotificationSchema)
def change_notification(given: dict[str, bool], notification_id: int) -> dict[str, Any]:
    """Mark one of the caller's as read, or as unread."""
    user = person()
    with unit_of_work():
        found = reading.one_of(user, notification_id)
        reading.mark(found, given["read"])
        return _told([found])[0]


@blueprint.post("/notifications/read")
@blueprint.arguments(schemas.NotificationsRead)
@blueprint.response(200, schemas.NotificationsMarked)
def read_notifications(given: dict[str, str]) -> dict[str, int]:
    """Mark all of the caller's as read, or all of a group or a city."""
    user = person()
    with unit_of_work():
        return {"marked": reading.mark_all(user, Filter(given["group"], given["city"]))}


@blueprint.get("/account/notifications")
@blueprint.response(200, schemas.NoticePreferences)
def show_preferences() -> dict[str, Any]:
    """How the caller hears of each group."""
    return {"groups": service.choices(person())}


@blueprint.patch("/account/notifications")
@blueprint.arguments(schemas.NoticePreferences)
@blueprint.response(200, schemas.NoticePreferences)
def change_preferences(given: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Choose how to hear of some groups. What concerns security always comes in the app and by mail."""
    user = person()
    with unit_of_work():
        service.change(user, given["groups"])
        return {"groups": service.choices(user)}


def _told(found: Sequence[Notification]) -> list[dict[str, Any]]:
    slugs = places.slugs({one.city_id for one in found if one.city_id})
    return [
        {
            **{name: getattr(one, name) for name in ("id", "kind", "language", "subject", "paragraphs", "action")},
            "city": slugs.get(one.city_id or 0),
            "link": letters.origin() + one.link if one.link else "",
            "at": one.at,
            "read_at": one.read_at,
        }
        for one in found
    ]
