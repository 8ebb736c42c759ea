"""Run by Alembic; works on the live connection that ``migrate`` hands over."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    render_as_batch=True,
    transaction_per_migration=True,  # within the one transaction that ``migrate`` began
)
with context.begin_transaction():
    context.run_migrations()
