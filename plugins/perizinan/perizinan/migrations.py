"""The database, step by step. `upgrade` runs after the snapshot and before a new revision serves."""

from contextlib import closing

from lumbung_plugin import city, codes, connect, migrate, offices
from lumbung_plugin.storage import Step

from perizinan import demo, schema, seeds

STEPS: list[Step] = [offices.TABLE, codes.TABLE, schema.TABLES, seeds.first_types, schema.STEPS, schema.FROZEN]


def upgrade() -> None:
    """Bring the database to this release; on a demo host fill an empty one. Safe to run again and again."""
    with closing(connect()) as db:
        migrate(db, STEPS)
        if city().demo:
            demo.fill(db)
