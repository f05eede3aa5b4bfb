"""The catalog's tables, as the newest migration leaves them."""

from sqlalchemy import Column, DateTime, ForeignKey, MetaData, String, Table, Text, UniqueConstraint, func

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

PROJECTS = Table(
    "projects",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("week_start", String(16), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

# A key's secret is nowhere: only its SHA-256 is kept.
KEYS = Table(
    "keys",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("project_id", String(64), ForeignKey(PROJECTS.c.id), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("secret_sha256", String(64), nullable=False, unique=True),
    Column("access", String(64), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("revoked_at", DateTime(timezone=True)),
)

AUDIENCES = Table(
    "audiences",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("project_id", String(64), ForeignKey(PROJECTS.c.id), nullable=False),
    # Compared by code point, so that pages have the same order in every database.
    Column("name", String(200).with_variant(String(200, collation="C"), "postgresql"), nullable=False),
    Column("description", String(1_000), nullable=False),
    # The tree of the audience, as proto3 JSON.
    Column("tree", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("project_id", "name", name="uq_audiences_project_id_name"),
)
