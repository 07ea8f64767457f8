"""What a Lumbung plugin may import: the city it serves, the person at work, its settings, storage and theme.

Nothing here calls back to the registry, so a plugin that uses it runs anywhere Flask runs.
"""

from lumbung_plugin.city import City, city
from lumbung_plugin.config import settings
from lumbung_plugin.forms import Form
from lumbung_plugin.people import Caller, Person, caller, person, require_role
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

__version__ = "0.1.0"

__all__ = [
    "Caller",
    "City",
    "Form",
    "NewerDatabaseError",
    "Person",
    "Plugin",
    "caller",
    "city",
    "connect",
    "data_dir",
    "database",
    "migrate",
    "person",
    "public_url",
    "require_role",
    "settings",
    "transaction",
]
