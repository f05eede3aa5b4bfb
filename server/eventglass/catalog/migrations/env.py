"""Run by Alembic, on the connection that `open_catalog` hands over."""

from alembic import context

from eventglass.catalog.schema import METADATA

# SQLite changes a column only by copying its table.
context.configure(
    connection=context.config.attributes["connection"], target_metadata=METADATA, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
