"""The catalog's tables, step by step; run by Alembic."""
