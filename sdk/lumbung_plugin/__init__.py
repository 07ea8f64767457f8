"""What a Lumbung plugin may import: the city it serves, the person at work, its settings, storage and theme.

`mail`, `kpi`, `siblings` and `tenant` ask Lumbung through the one socket it gives; without it they say so, so a plugin
that uses them runs anywhere Flask runs.
"""

from lumbung_plugin import kpi, mail, siblings
from lumbung_plugin.city import City, city
from lumbung_plugin.clock import local, now, today
from lumbung_plugin.config import settings
from lumbung_plugin.facts import Unit, tenant, units
from lumbung_plugin.forms import Form
from lumbung_plugin.outside import NotGranted, OutsideError, QuotaUsed, Refused, SiblingAway
from lumbung_plugin.people import Caller, Person, caller, person, require_role, staff
from lumbung_plugin.plugin import Plugin
from lumbung_plugin.storage import (
    NewerDatabaseError,
    connect,
    data_dir,
    database,
    migrate,
    transaction,
)
from lumbung_plugin.urls import public_url

__version__ = "0.2.0"

__all__ = [
    "Caller",
    "City",
    "Form",
    "NewerDatabaseError",
    "NotGranted",
    "OutsideError",
    "Person",
    "Plugin",
    "QuotaUsed",
    "Refused",
    "SiblingAway",
    "Unit",
    "caller",
    "city",
    "connect",
    "data_dir",
    "database",
    "kpi",
    "local",
    "mail",
    "migrate",
    "now",
    "person",
    "public_url",
    "require_role",
    "settings",
    "siblings",
    "staff",
    "tenant",
    "today",
    "transaction",
    "units",
]
