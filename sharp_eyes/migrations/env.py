"""Alembic's entry: runs the steps on the connection that `sharp_eyes.migrate` hands over. There is no alembic.ini."""

from alembic import context
from sqlalchemy import Connection

from registry.catalogue.text_index import is_ours
from sharp_eyes.migrate import all_tables

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=all_tables(), compare_type=True, include_name=is_ours)
with context.begin_transaction():
    context.run_migrations()
