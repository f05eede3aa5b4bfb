"""Audiences."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    by_code_point = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
    op.create_table(
        "audiences",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("project_id", sa.String(64), nullable=False),
        sa.Column("name", by_code_point, nullable=False),
        sa.Column("description", sa.String(1_000), nullable=False),
        sa.Column("tree", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_audiences_project_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audiences"),
        sa.UniqueConstraint("project_id", "name", name="uq_audiences_project_id_name"),
    )
